import Glibc
import Testing

/// A text file of an input, a line of dashes, and the expected output.
struct GoldenFile: CustomTestStringConvertible, Sendable {
    let path: String
    let input: String
    private let expected: String

    var testDescription: String { path.split(separator: "/").last.map(String.init) ?? path }

    static let folder = #filePath.split(separator: "/").dropLast(2).map { "/\($0)" }.joined()

    /// All golden files of a folder in `Golden/`.
    static func all(in name: String) -> [GoldenFile] {
        Folder.names(in: "\(folder)/Golden/\(name)").map {
            GoldenFile(path: "\(folder)/Golden/\(name)/\($0)")
        }
    }

    init(path: String) {
        self.path = path
        let text = String(decoding: Folder.read(path) ?? [], as: UTF8.self)
        let dashes = "\n" + String(repeating: "-", count: 40) + "\n"
        let parts = text.split(separator: dashes, maxSplits: 1, omittingEmptySubsequences: false)
        input = (parts.first.map(String.init) ?? "") + (parts.count == 2 ? "\n" : "")
        expected = parts.count == 2 ? String(parts[1]) : ""
    }

    /// Compares, or rewrites when `UPDATE_GOLDENS` is set.
    func expect(_ output: String) {
        guard getenv("UPDATE_GOLDENS") == nil else {
            let dashes = String(repeating: "-", count: 40) + "\n"
            Folder.write(Array((input + dashes + output).utf8), to: path)
            return
        }
        #expect(output == expected, "\(path): run with UPDATE_GOLDENS=1 if this is right")
    }

    /// The input's files: a line `== PATH` begins each but the first, whose path is `""`.
    var files: [String: String] {
        var files: [String: String] = [:]
        var current = ""
        for line in input.split(separator: "\n", omittingEmptySubsequences: false).dropLast() {
            if line.hasPrefix("== ") {
                current = String(line.dropFirst(3))
            } else {
                files[current, default: ""] += line + "\n"
            }
        }
        return files
    }
}
