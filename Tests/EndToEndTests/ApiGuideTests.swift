import Foundation
import TestSupport
import Testing

/// The guide to an API, done as it is written: its blocks in order, in one shell.
@Suite struct ApiGuideTests {
    private static let page =
        "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        + "/docs/guides/api-in-five-minutes.md"

    /// The shell blocks of the page; what builds things is left out.
    private static func script(_ text: String) -> String {
        var lines: [Substring] = []
        var isInside = false
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("```") {
                isInside = line == "```sh"
            } else if isInside, !line.hasPrefix("make "), !line.hasPrefix("export PATH") {
                lines.append(line)
            }
        }
        return lines.joined(separator: "\n")
    }

    @Test("every command of the guide does what it says, from a database to a signed-in request")
    func fiveMinutes() throws {
        let scratch = try Scratch()
        let port = try LoopbackListener().port
        let page = try String(contentsOfFile: Self.page, encoding: .utf8)
        let script = Self.script(page).replacing("8085", with: "\(port)")
        #expect(script.contains("stead gateway"))
        let result = try Tool.run(
            "/bin/bash",
            // A gateway that outlived a failure would keep the test waiting for its output's end.
            ["-euo", "pipefail", "-m", "-c", "trap 'kill %1 2>/dev/null || :' EXIT\n" + script],
            in: scratch.root,
            environment: [
                "PATH": SteadProcess.path.dropLast("/stead".count) + ":/usr/sbin:/usr/bin:/bin",
                "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_AUTHOR_NAME": "Ada",
                "GIT_AUTHOR_EMAIL": "ada@example.com", "GIT_COMMITTER_NAME": "Ada",
                "GIT_COMMITTER_EMAIL": "ada@example.com",
            ])
        #expect(result.status == 0, "\(result.everything)")
        let output = result.output
        #expect(output.contains("filter: owner"), "\(result.everything)")
        // An introspected schema plans to no change: only the app is new.
        #expect(output.contains("+ app/shop"), "\(result.everything)")
        #expect(output.contains("Plan: 1 to create"), "\(result.everything)")
        #expect(output.contains(#""title":"Call Charles""#), "\(result.everything)")
        #expect(output.contains(#""user":{"email":"ada@example.com"}"#), "\(result.everything)")
        #expect(output.contains(#"{"title":"Call Charles","done":false}"#), "\(result.everything)")
    }
}
