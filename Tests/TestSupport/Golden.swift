import Foundation
import Testing

/// Golden files of one test target: an input, a line of dashes, the output expected of it.
package struct Golden: Sendable {
    /// With its `/`.
    package let folder: String

    private static let rule = String(repeating: "-", count: 40)
    private static let tests = #filePath.split(separator: "/").dropLast(2).joined(separator: "/")

    /// The files in `Golden/` of a target, such as `YAMLTests`.
    package init(of target: String) {
        folder = "/\(Self.tests)/\(target)/Golden/"
    }

    /// The files of a subfolder, in order.
    package func names(in subfolder: String = "") -> [String] {
        let entries = try? FileManager.default.contentsOfDirectory(atPath: folder + subfolder)
        return (entries ?? []).filter { !$0.hasPrefix(".") }.sorted()
    }

    /// Holds what `render` makes of a file's input against its expected output; rewrites the file
    /// instead when UPDATE_GOLDENS is 1.
    package func check(_ name: String, render: (String) throws -> String) throws {
        let path = folder + name
        let text = try String(contentsOfFile: path, encoding: .utf8)
        let parts = text.split(separator: "\n" + Self.rule + "\n", maxSplits: 1)
        let input = String(parts.first ?? "")
        let output = try render(input)
        if ProcessInfo.processInfo.environment["UPDATE_GOLDENS"] == "1" {
            try (input + "\n" + Self.rule + "\n" + output)
                .write(toFile: path, atomically: true, encoding: .utf8)
            return
        }
        let expected = parts.count > 1 ? String(parts[1]) : ""
        #expect(output == expected, "\(name): UPDATE_GOLDENS=1 rewrites it")
    }
}
