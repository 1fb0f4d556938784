/// Writes documents for people to read and edit, which hold exactly what they are given.
///
/// Source: YAML 1.2.2; what libyaml reads otherwise (YAML 1.1's line breaks) is escaped.
package enum DocumentWriter {
    /// A mapping as a document, with comments before it.
    package static func document(
        comments: [String], _ fields: [(name: String, value: WrittenValue)]
    ) -> String {
        let head = comments.map { "# \(onOneLine($0))\n" }.joined()
        return head + fields.map { "\(scalar($0.name)): \(value($0.value))\n" }.joined()
    }

    /// A comment must not end before its time.
    private static func onOneLine(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            result += isPrintable(scalar) && scalar != "\n" ? String(scalar) : "?"
        }
        return result
    }

    private static func value(_ value: WrittenValue) -> String {
        switch value {
        case .text(let text): text.unicodeScalars.contains("\n") ? block(text) : scalar(text)
        case .plain(let text): text
        case .list, .map: flow(value)
        }
    }

    private static func flow(_ value: WrittenValue) -> String {
        switch value {
        case .text(let text): scalar(text)
        case .plain(let text): text
        case .list(let values): "[" + values.map(flow).joined(separator: ", ") + "]"
        case .map(let entries):
            "{" + entries.map { "\(scalar($0.name)): \(flow($0.value))" }.joined(separator: ", ")
                + "}"
        }
    }

    // MARK: - Scalars

    /// Several lines as they stand, two columns further in; quoted where that would change them.
    private static func block(_ text: String) -> String {
        let scalars = text.unicodeScalars
        let ends = scalars.reversed().prefix { $0 == "\n" }.count
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard scalars.allSatisfy(isBlockScalar), ends < scalars.count,
            let first = lines.first, !first.isEmpty,
            !lines.contains(where: { !$0.isEmpty && $0.allSatisfy { $0 == " " || $0 == "\t" } })
        else { return quoted(text) }
        let indentation = first.hasPrefix(" ") || first.hasPrefix("\t") ? "2" : ""
        let chomping = ends == 0 ? "-" : ends == 1 ? "" : "+"
        let written = lines.dropLast(ends == 0 ? 0 : 1).map { $0.isEmpty ? "" : "  \($0)" }
        return "|\(indentation)\(chomping)\n" + written.joined(separator: "\n")
    }

    /// One line, quoted where anything but this very text could be read from it.
    private static func scalar(_ text: String) -> String {
        isSafe(text) ? text : quoted(text)
    }

    /// Plain words, paths and names; numbers and the like are quoted.
    private static func isSafe(_ text: String) -> Bool {
        guard let first = text.unicodeScalars.first,
            isLetter(first) || first == "/",
            text.unicodeScalars.allSatisfy({
                isLetter($0) || ("0"..."9").contains($0) || "/._-+@".unicodeScalars.contains($0)
            })
        else { return false }
        let word = text.lowercased()
        return !["true", "false", "null", "yes", "no", "on", "off", "y", "n"].contains(word)
    }

    private static func isLetter(_ scalar: Unicode.Scalar) -> Bool {
        ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar)
    }

    private static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            default:
                result += isPrintable(scalar) ? String(scalar) : escaped(scalar)
            }
        }
        return result + "\""
    }

    private static func escaped(_ scalar: Unicode.Scalar) -> String {
        let digits = String(scalar.value, radix: 16)
        switch scalar.value {
        case ..<0x100: return "\\x" + padded(digits, to: 2)
        case ..<0x10000: return "\\u" + padded(digits, to: 4)
        default: return "\\U" + padded(digits, to: 8)
        }
    }

    private static func padded(_ digits: String, to length: Int) -> String {
        String(repeating: "0", count: max(0, length - digits.utf8.count)) + digits
    }

    private static func isBlockScalar(_ scalar: Unicode.Scalar) -> Bool {
        scalar == "\n" || scalar == "\t" || isPrintable(scalar)
    }

    /// What YAML calls so, without its line breaks, and without what nobody would see.
    private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x20...0x7E, 0xA0...0x2027, 0x202F...0x2065, 0x2070...0xD7FF, 0xE000...0xFDCF,
            0xFDF0...0xFEFE, 0xFF00...0xFFEF, 0x10000...0x1FFFD:
            true
        default: false
        }
    }
}
