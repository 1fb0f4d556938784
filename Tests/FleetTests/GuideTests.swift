import Foundation
import TestSupport
import Testing

/// The guide to the first host, done as it is written: its blocks in order, in one shell.
@Suite struct GuideTests {
    private static let page =
        "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        + "/docs/guides/first-host.md"

    /// The shell blocks of the page; what builds and starts things is left out.
    private static func script(_ text: String) -> String {
        var lines: [Substring] = []
        var isInside = false
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("```") {
                isInside = line == "```sh"
            } else if isInside, !line.hasPrefix("make "), !line.hasPrefix("export PATH"),
                !line.hasPrefix("FLEET=")
            {
                lines.append(line)
            }
        }
        return lines.joined(separator: "\n")
    }

    @Test("every command of the guide does what it says, on a real host")
    func firstHost() throws {
        let fleet = try Fleet.up()
        let host = try fleet.host("h4")
        let scratch = try Scratch()
        let made =
            "/etc/motd /etc/nginx/sites-available/hello.conf /etc/nginx/sites-enabled/hello.conf"
        try fleet.exec("h4", "sudo rm -f \(made)")
        defer { _ = try? fleet.exec("h4", "sudo rm -f \(made)") }
        let page = try String(contentsOfFile: Self.page, encoding: .utf8)
        let script = Self.script(page).replacing("^h1", with: "^h4")
            .replacing("10.77.0.11", with: host.address)
        #expect(script.contains("stead apply --yes"))
        let result = try Tool.run(
            "/bin/bash", ["-euo", "pipefail", "-c", "FLEET=\(fleet.folder)\n" + script],
            in: scratch.root,
            environment: [
                "PATH": SteadProcess.path.dropLast("/stead".count) + ":/usr/sbin:/usr/bin:/bin",
                "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_AUTHOR_NAME": "Ada",
                "GIT_AUTHOR_EMAIL": "ada@example.com", "GIT_COMMITTER_NAME": "Ada",
                "GIT_COMMITTER_EMAIL": "ada@example.com",
            ])
        #expect(result.status == 0, "\(result.everything)")
        #expect(result.output.contains("no host key is pinned"), "\(result.everything)")
        #expect(result.output.contains("+ file/motd"), "\(result.everything)")
        #expect(result.output.contains("Hello\n"), "\(result.everything)")
        #expect(result.output.contains("unbroken"), "\(result.everything)")
        #expect(!result.output.contains("state/stead.db"), "the state is not committed")
    }
}
