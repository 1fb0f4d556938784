/// Text as a scalar of YAML that reads back as exactly that text.
enum YAMLScalar {
    /// Plain where nothing can go wrong, otherwise in double quotes.
    ///
    /// Source: yaml.org/spec/1.2.2, sections 5.7 and 7.3.
    static func text(_ text: String) -> String {
        isPlain(text) || isNumber(text) ? text : quoted(text)
    }

    /// The same as a key of a mapping: a number is quoted too.
    static func key(_ text: String) -> String { isPlain(text) ? text : quoted(text) }

    /// A list on one line.
    static func list(_ texts: [String]) -> String {
        "[" + texts.map(text).joined(separator: ", ") + "]"
    }

    /// Words that some reader of YAML takes for something else than text.
    private static let reserved: Set = [
        "true", "false", "null", "yes", "no", "on", "off", "y", "n",
    ]

    private static func isPlain(_ text: String) -> Bool {
        guard let first = text.utf8.first, isLetter(first) else { return false }
        return text.utf8.allSatisfy { isLetter($0) || isDigit($0) }
            && !reserved.contains(text.lowercased())
    }

    private static func isNumber(_ text: String) -> Bool {
        let digits = text.hasPrefix("-") ? text.dropFirst() : text[...]
        let parts = digits.split(separator: ".", omittingEmptySubsequences: false)
        return (1...2).contains(parts.count)
            && parts.allSatisfy { !$0.isEmpty && $0.utf8.allSatisfy(isDigit) }
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte) || byte == 0x5F
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

    private static func quoted(_ text: String) -> String {
        var result = "\""
        for character in text.unicodeScalars {
            switch character.value {
            case 0x22: result += "\\\""
            case 0x5C: result += "\\\\"
            case 0x0A: result += "\\n"
            case 0x09: result += "\\t"
            case 0..<0x20, 0x7F..<0xA0, 0x2028, 0x2029, 0xFEFF, 0xFFFE, 0xFFFF:
                let digits = String(character.value, radix: 16, uppercase: true)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: result.unicodeScalars.append(character)
            }
        }
        return result + "\""
    }
}
