import Foundation

/// A page of `docs/guides`, to be done as it is written.
package struct Guide {
    /// The page's text.
    package let text: String

    /// - Parameter name: the page's, without its ending.
    /// - Throws: when there is no such page.
    package init(_ name: String) throws {
        let root = "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        text = try String(contentsOfFile: "\(root)/docs/guides/\(name).md", encoding: .utf8)
    }

    /// The lines of the blocks in a language, one after the other.
    package func lines(of language: String) -> [String] {
        var lines: [String] = []
        var isInside = false
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("```") {
                isInside = line == "```\(language)"
            } else if isInside {
                lines.append(String(line))
            }
        }
        return lines
    }

    /// The shell blocks; what builds the program is left out, and so are lines that begin so.
    package func script(without prefixes: [String] = []) -> String {
        let left = ["make ", "export PATH"] + prefixes
        return lines(of: "sh").filter { line in !left.contains(where: line.hasPrefix) }
            .joined(separator: "\n")
    }

    /// Runs a script of the guide in one shell that ends at the first failure.
    package static func run(
        _ script: String, in folder: String, environment: [String: String] = [:]
    ) throws -> SteadProcess.Result {
        try Tool.run(
            "/bin/bash",
            // A program that outlived a failure would keep the test waiting for its output's end.
            ["-euo", "pipefail", "-m", "-c", "trap 'kill %1 2>/dev/null || :' EXIT\n" + script],
            in: folder,
            environment: [
                "PATH": SteadProcess.path.dropLast("/stead".count) + ":/usr/sbin:/usr/bin:/bin",
                "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_AUTHOR_NAME": "Ada",
                "GIT_AUTHOR_EMAIL": "ada@example.com", "GIT_COMMITTER_NAME": "Ada",
                "GIT_COMMITTER_EMAIL": "ada@example.com",
            ].merging(environment) { $1 })
    }
}
