import Foundation
import TestSupport
import Testing

/// The guide to the first host, done as it is written: its blocks in order, in one shell.
@Suite struct GuideTests {
    @Test("every command of the guide does what it says, on a real host")
    func firstHost() throws {
        let fleet = try Fleet.up()
        let host = try fleet.host("h4")
        let scratch = try Scratch()
        let made =
            "/etc/motd /etc/nginx/sites-available/hello.conf /etc/nginx/sites-enabled/hello.conf"
        try fleet.exec("h4", "sudo rm -f \(made)")
        defer { _ = try? fleet.exec("h4", "sudo rm -f \(made)") }
        let script = try Guide("first-host").script(without: ["FLEET="])
            .replacing("^h1", with: "^h4").replacing("10.77.0.11", with: host.address)
        #expect(script.contains("stead apply --yes"))
        let result = try Guide.run("FLEET=\(fleet.folder)\n" + script, in: scratch.root)
        #expect(result.status == 0, "\(result.everything)")
        #expect(result.output.contains("no host key is pinned"), "\(result.everything)")
        #expect(result.output.contains("+ file/motd"), "\(result.everything)")
        #expect(result.output.contains("Hello\n"), "\(result.everything)")
        #expect(result.output.contains("unbroken"), "\(result.everything)")
        #expect(!result.output.contains("state/stead.db"), "the state is not committed")
    }
}
