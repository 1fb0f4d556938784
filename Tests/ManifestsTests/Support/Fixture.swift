import Diagnostics
import Kinds
import Manifests
import Resources

/// A tree in one text: each file begins with a line `=== PATH`.
struct Fixture {
    var files: [(path: String, text: String)] = []

    init(_ text: String) {
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("=== ") {
                files.append((String(line.dropFirst(4)), ""))
            } else if !files.isEmpty {
                files[files.count - 1].text += line + "\n"
            }
        }
        // The last file's own line break, counted as an empty line more.
        if let last = files.last?.text, last.hasSuffix("\n\n") {
            files[files.count - 1].text.removeLast()
        }
    }

    var tree: Tree {
        let sources = files.map { SourceText(file: $0.path, bytes: Array($0.text.utf8)) }
        let templates = sources.filter { $0.file.hasPrefix("templates/") }
        let names = templates.map { source in
            String(source.file.dropFirst("templates/".count).prefix { $0 != "." })
        }
        return Tree(
            revision: Revision(id: "folder:test"),
            documents: sources.filter { !$0.file.hasPrefix("templates/") },
            templates: Dictionary(zip(names, templates)) { first, _ in first })
    }

    func load() -> LoadedTree { Loader(catalog: Catalog.kinds).load(tree) }
}

/// A message that a fixture expects, or that loading gave.
struct Expectation: Hashable, Comparable, CustomStringConvertible {
    var file: String
    var line: Int
    var severity: String
    var summary: String

    var description: String { "\(file):\(line): \(severity): \(summary)" }

    static func < (left: Expectation, right: Expectation) -> Bool {
        (left.file, left.line, left.severity, left.summary)
            < (right.file, right.line, right.severity, right.summary)
    }

    /// What `# ERROR: summary` and `# WARNING: summary` say at the ends of lines.
    static func all(in fixture: Fixture) -> [Expectation] {
        fixture.files.flatMap { file in
            file.text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
                .flatMap { number, line in
                    line.split(separator: "# ", omittingEmptySubsequences: false).dropFirst()
                        .compactMap { part in
                            let words = part.split(separator: ": ", maxSplits: 1)
                            guard words.count == 2, ["ERROR", "WARNING"].contains(words[0]) else {
                                return nil
                            }
                            return Expectation(
                                file: file.path, line: number + 1, severity: words[0].lowercased(),
                                summary: words[1].trimmed)
                        }
                }
        }.sorted()
    }

    static func all(in diagnostics: [Diagnostic]) -> [Expectation] {
        diagnostics.map { diagnostic in
            Expectation(
                file: diagnostic.location?.file ?? "", line: diagnostic.location?.line ?? 0,
                severity: diagnostic.severity.rawValue, summary: diagnostic.summary)
        }.sorted()
    }
}

extension Substring {
    fileprivate var trimmed: String {
        String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
}
