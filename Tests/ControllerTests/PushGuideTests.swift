import TestSupport
import Testing

/// The guide to pushing, done as it is written: its blocks in order, in one shell.
@Suite struct PushGuideTests {
    @Test("every command of the guide does what it says, from an empty folder to a rejected push")
    func push() throws {
        let scratch = try Scratch()
        let guide = try Guide("push-to-deploy")
        // "export PATH" alone is left out of a guide's script.
        let result = try Guide.run(guide.script(), in: scratch.root)
        #expect(result.status == 0, "\(result.everything)")
        #expect(result.output.contains("takes pushes to main"), "\(result.everything)")
        #expect(result.errors.contains("+ file/motd"), "\(result.everything)")
        #expect(result.errors.contains("~ file/motd"), "\(result.everything)")
        #expect(result.errors.contains("remote: applied: "), "\(result.everything)")
        #expect(result.output.contains("\nThis machine is kept"), "\(result.everything)")
        #expect(result.output.contains("\nThis very machine is kept"), "\(result.everything)")
        #expect(result.errors.contains("desired/files/motd.yaml:3"), "\(result.everything)")
        #expect(result.errors.contains("first"), "\(result.everything)")
        #expect(result.output.contains("The push was rejected."), "\(result.everything)")
    }
}
