import Testing

/// Documentation that can't go stale: what is declared is documented, what is linked exists.
@Suite struct DocumentationTests {
    @Test("every package and public declaration says what it is")
    func declarations() {
        for file in Tree.files(under: "Sources/", ending: ".swift") {
            let lines = Tree.lines(file)
            for (index, line) in lines.enumerated() where Self.needsDocumentation(line) {
                let previous = lines[..<index].last { !Self.isAttribute($0) } ?? ""
                let isDocumented = previous.drop { $0 == " " }.hasPrefix("///")
                #expect(isDocumented || Self.isPlain(line), "\(file):\(index + 1): \(line)")
            }
        }
    }

    @Test("every path and link of every page exists")
    func links() {
        for page in Tree.files(under: "", ending: ".md") {
            let folder = page.split(separator: "/").dropLast().joined(separator: "/")
            for target in Self.linkTargets(in: Tree.text(page)) {
                let path = Self.resolved(target, in: folder)
                #expect(Tree.exists(path), "\(page) links to \(target)")
            }
        }
    }

    @Test("every message code has a section, and every section a code")
    func messages() {
        let source = Tree.text("Sources/Diagnostics/DiagnosticCode.swift")
        let codes = source.split(separator: "\"").map(String.init).filter(Self.isCode)
        #expect(Set(codes).count == codes.count, "a code is used twice")
        let sections = Tree.lines("docs/messages.md").filter { $0.hasPrefix("## ") }
            .compactMap { $0.dropFirst(3).split(separator: " ").first.map(String.init) }
        for code in codes { #expect(sections.contains(code), "docs/messages.md lacks \(code)") }
        for section in sections where Self.isCode(section) {
            #expect(codes.contains(section), "docs/messages.md explains \(section), which is gone")
        }
    }

    @Test("nothing is left open, forced, or tied to one machine")
    func leftovers() {
        // Written in two halves, so that this file does not hold them.
        let words = ["TO" + "DO", "FIX" + "ME", "try" + "!", " as" + "! ", "fatal" + "Error("]
        for file in Tree.files(under: "Sources/", ending: ".swift") {
            for word in words {
                #expect(!Tree.text(file).contains(word), "\(file) holds \(word)")
            }
        }
        let hosts = ["deb.debian" + ".org", "pypi" + ".org", "/work" + "/main"]
        for file in Tree.files where !file.hasPrefix("Tests/TidyTests") {
            for host in hosts { #expect(!Tree.text(file).contains(host), "\(file) names \(host)") }
        }
    }

    private static func isCode(_ word: String) -> Bool {
        word.count >= 6 && word.suffix(3).allSatisfy(\.isNumber)
            && word.dropLast(3).allSatisfy(\.isUppercase)
    }

    private static func needsDocumentation(_ line: Substring) -> Bool {
        let text = line.drop { $0 == " " }
        guard text.hasPrefix("package ") || text.hasPrefix("public ") else { return false }
        return !text.hasPrefix("package import") && !text.hasPrefix("public import")
    }

    private static func isAttribute(_ line: Substring) -> Bool {
        line.drop { $0 == " " }.hasPrefix("@")
    }

    /// Initializers, stored properties and conformances that their type's documentation covers:
    /// the rule asks for a sentence on types and functions.
    private static func isPlain(_ line: Substring) -> Bool {
        let text = line.drop { $0 == " " }
        let plain = [
            "package init", "package let ", "package var ", "package private(set) var ",
            "package func encode(to", "package static func ==", "package static func <",
            "package func hash(into", "package static let name", "package static let summary",
            "package static let example", "package static let fields", "package static var ",
        ]
        return plain.contains { text.hasPrefix($0) }
    }

    /// Targets of `[text](target)` that are files, and of `` `path/to/file` `` in the folders that
    /// hold some.
    private static func linkTargets(in text: String) -> [String] {
        var result: [String] = []
        for part in text.components(between: "](", and: ")") where !part.contains("://") {
            let path = part.prefix { $0 != "#" }
            if !path.isEmpty { result.append(String(path)) }
        }
        let folders = ["Sources/", "Tests/", "docs/", "scripts/", "Benchmarks/", "templates/"]
        for part in text.components(between: "`", and: "`")
        where folders.contains(where: part.hasPrefix)
            && part.allSatisfy({ $0.isLetter || $0.isNumber || "/._-+".contains($0) })
        {
            result.append("/" + part)
        }
        return result
    }

    private static func resolved(_ target: String, in folder: String) -> String {
        if target.hasPrefix("/") { return String(target.dropFirst()) }
        var parts = folder.split(separator: "/").map(String.init)
        for part in target.split(separator: "/") {
            if part == ".." {
                _ = parts.popLast()
            } else if part != "." {
                parts.append(String(part))
            }
        }
        return parts.joined(separator: "/")
    }
}

extension String {
    /// What stands between each `opening` and the next `closing` on the same line.
    func components(between opening: String, and closing: String) -> [String] {
        split(separator: "\n").flatMap { line in
            var result: [String] = []
            var rest = line[...]
            while let start = rest.firstRange(of: opening) {
                rest = rest[start.upperBound...]
                guard let end = rest.firstRange(of: closing) else { break }
                result.append(String(rest[..<end.lowerBound]))
                rest = rest[end.upperBound...]
            }
            return result
        }
    }
}
