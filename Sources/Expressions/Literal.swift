/// A value as an expression writes it.
package struct Literal: Sendable, Equatable {
    package let value: Value
    package let span: Span
    /// As it is printed.
    private let text: String

    /// A text: a bare word, or one in quotes.
    init(text: String, _ span: Span) {
        self.span = span
        value = .text(text)
        self.text = text.isBareText ? text : text.inQuotes
    }

    /// A bare word: null, a truth value, a number, or else a text.
    init(word: String, _ span: Span) {
        switch word {
        case "null": value = .null
        case "true": value = .bool(true)
        case "false": value = .bool(false)
        default: value = NumberText.value(of: word).map(Value.number) ?? .text(word)
        }
        self.span = span
        text = word
    }

    init(list: [Literal], _ span: Span) {
        self.span = span
        value = .list(list.map(\.value))
        text = "[\(list.map(\.text).joined(separator: ", "))]"
    }

    /// Where it stands makes no difference.
    package static func == (left: Literal, right: Literal) -> Bool {
        left.value == right.value && left.text == right.text
    }

    /// The texts that this is, or holds as a list.
    package var words: [String] {
        switch value {
        case .text(let text): [text]
        case .list(let values):
            values.compactMap { value in
                guard case .text(let text) = value else { return nil }
                return text
            }
        case .null, .bool, .number, .map: []
        }
    }
}

extension Literal: CustomStringConvertible {
    package var description: String { text }
}

extension String {
    /// Whether it can stand for itself as a text, without quotes.
    var isBareText: Bool {
        !isEmpty && unicodeScalars.allSatisfy(\.isOfWord)
            && !["null", "true", "false"].contains(self) && NumberText.value(of: self) == nil
    }

    /// Whether it can be a path's name without quotes.
    func isPlainSegment(isFirst: Bool) -> Bool {
        guard let first = unicodeScalars.first else { return false }
        return unicodeScalars.allSatisfy(\.isOfName) && (!isFirst || first.startsName)
    }

    /// In double quotes, with `\` before those and itself.
    var inQuotes: String {
        var text = "\""
        for scalar in unicodeScalars {
            if scalar == "\"" || scalar == "\\" { text.unicodeScalars.append("\\") }
            text.unicodeScalars.append(scalar)
        }
        return text + "\""
    }
}

extension Unicode.Scalar {
    private var isASCIILetter: Bool { ("a"..."z").contains(self) || ("A"..."Z").contains(self) }
    private var isASCIIDigit: Bool { ("0"..."9").contains(self) }

    /// Whether a path may begin with it.
    var startsName: Bool { isASCIILetter || self == "_" }
    /// Whether a name in a path may hold it.
    var isOfName: Bool { startsName || isASCIIDigit || self == "-" }
    /// Whether a word may hold it: letters of any script, digits, and signs that mean nothing else.
    var isOfWord: Bool {
        guard isASCII else { return properties.isAlphabetic }
        return isOfName || "./:@%+*~$^?#;".unicodeScalars.contains(self)
    }
    var isBlank: Bool { self == " " || self == "\t" || self == "\n" || self == "\r" }
    /// Whether it may be part of an operator made of signs.
    var isOfOperator: Bool { "=!<>~".unicodeScalars.contains(self) }
}
