/// A Mustache tag found in a template's text: enough to check its names before it is rendered,
/// which Mustache itself never does (an unknown name prints nothing).
///
/// Source: mustache(5). Delimiter changes are followed.
struct TemplateTag: Equatable {
    enum Sort: Equatable {
        case variable, section, inverted, end, partial, other
        /// `{{<parent}}`: a partial whose blocks are replaced.
        case parent
        /// `{{$block}}`: what a parent's child may replace.
        case block

        /// Whether a tag of this sort is closed by another.
        var opens: Bool {
            switch self {
            case .section, .inverted, .parent, .block: true
            case .variable, .end, .partial, .other: false
            }
        }
    }

    var sort: Sort
    var name: String
    /// From 1.
    var line: Int
    var column: Int

    /// Whether the tag prints another template.
    var isInclusion: Bool { sort == .partial || sort == .parent }

    /// All tags of `text`, in order.
    static func scan(_ text: String) -> [TemplateTag] {
        var scanner = Scanner(text)
        var tags: [TemplateTag] = []
        while let tag = scanner.next() { tags.append(tag) }
        return tags
    }

    private struct Scanner {
        private let scalars: [Unicode.Scalar]
        private var index = 0
        private var line = 1
        private var column = 1
        private var opening = Array("{{".unicodeScalars)
        private var closing = Array("}}".unicodeScalars)

        init(_ text: String) {
            scalars = Array(text.unicodeScalars)
        }

        mutating func next() -> TemplateTag? {
            while index < scalars.count, !starts(with: opening) { advance() }
            guard index < scalars.count else { return nil }
            let (line, column) = (line, column)
            for _ in opening { advance() }
            var body = String.UnicodeScalarView()
            while index < scalars.count, !starts(with: closing) {
                body.append(scalars[index])
                advance()
            }
            for _ in closing where index < scalars.count { advance() }
            return tag(String(body), line: line, column: column)
        }

        private mutating func tag(_ body: String, line: Int, column: Int) -> TemplateTag {
            let sorts: [Character: Sort] = [
                "#": .section, "^": .inverted, "/": .end, ">": .partial, "!": .other,
                "=": .other, "%": .other, "$": .block, "<": .parent, "&": .variable,
                "{": .variable,
            ]
            let text = body.drop { $0.isWhitespace }
            let sort = text.first.flatMap { sorts[$0] }
            if text.first == "=" { changeDelimiters(text) }
            // A triple mustache's third brace stays outside the closing pair.
            if text.first == "{", index < scalars.count, scalars[index] == "}" { advance() }
            let name = (sort == nil ? text : text.dropFirst())
                .filter { !$0.isWhitespace && $0 != "}" }
            return TemplateTag(
                sort: sort ?? .variable, name: String(name), line: line, column: column)
        }

        private mutating func changeDelimiters(_ text: Substring) {
            let parts = text.dropFirst().dropLast().split(whereSeparator: \.isWhitespace)
            guard parts.count == 2 else { return }
            opening = Array(parts[0].unicodeScalars)
            closing = Array(parts[1].unicodeScalars)
        }

        private func starts(with delimiter: [Unicode.Scalar]) -> Bool {
            scalars[index...].starts(with: delimiter)
        }

        private mutating func advance() {
            if scalars[index] == "\n" {
                line += 1
                column = 1
            } else {
                column += 1
            }
            index += 1
        }
    }
}
