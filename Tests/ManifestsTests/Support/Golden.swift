import FoundationEssentials
import Testing

/// Golden files: an input, a line of dashes, the output expected of it.
enum Golden {
    static let rule = String(repeating: "-", count: 40)
    static let folder = String(#filePath.dropLast("Support/Golden.swift".count)) + "Golden/"

    static func names(in subfolder: String) -> [String] {
        let entries = try? FileManager.default.contentsOfDirectory(atPath: folder + subfolder)
        return (entries ?? []).filter { !$0.hasPrefix(".") }.sorted()
    }

    /// Holds what `render` makes of a file's input against its expected output; rewrites the file
    /// instead when UPDATE_GOLDENS is 1.
    static func check(_ name: String, render: (String) throws -> String) throws {
        let path = folder + name
        let text = try String(contentsOfFile: path, encoding: .utf8)
        let parts = text.split(separator: "\n" + rule + "\n", maxSplits: 1)
        let input = String(parts.first ?? "")
        let output = try render(input)
        if ProcessInfo.processInfo.environment["UPDATE_GOLDENS"] == "1" {
            try (input + "\n" + rule + "\n" + output)
                .write(toFile: path, atomically: true, encoding: .utf8)
            return
        }
        let expected = parts.count > 1 ? String(parts[1]) : ""
        #expect(output == expected, "\(name): UPDATE_GOLDENS=1 rewrites it")
    }
}
