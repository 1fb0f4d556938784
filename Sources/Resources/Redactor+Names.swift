/// Secrets that are known by the name before them: `password: …`, `--token …`, `"apiKey": "…"`.
extension Redactor {
    /// The values in one line, and what the line leaves open in `block`.
    mutating func secretValues(in line: ArraySlice<UInt8>) -> [Range<Int>] {
        var ranges: [Range<Int>] = []
        var index = line.startIndex
        while index < line.endIndex, block != .continued {
            guard line[index].isNamePart else {
                index += 1
                continue
            }
            let name = index..<line.end(from: index, while: \.isNamePart)
            index = name.upperBound
            guard let telling = SecretName(line[name]),
                let sign = Sign(after: name, in: line, telling: telling)
            else { continue }
            let value = value(after: sign, in: line)
            ranges.append(value)
            index = max(index, value.upperBound)
        }
        return ranges
    }

    /// The values in one line that are bound to their names: `password=…`, `"password":"…"`.
    static func assignedSecrets(in line: ArraySlice<UInt8>) -> [Range<Int>] {
        var ranges: [Range<Int>] = []
        var index = line.startIndex
        while index < line.endIndex {
            guard line[index].isNamePart else {
                index += 1
                continue
            }
            let name = index..<line.end(from: index, while: \.isNamePart)
            index = name.upperBound
            guard let start = valueBound(to: name, in: line), SecretName(line[name]) != nil else {
                continue
            }
            let value = word(from: start, in: line)
            if !line[value].isHarmlessValue { ranges.append(value) }
            index = max(index, value.upperBound)
        }
        return ranges
    }

    /// Where the value of `name=value` or `"name": "value"` starts.
    private static func valueBound(to name: Range<Int>, in line: ArraySlice<UInt8>) -> Int? {
        let end = name.upperBound
        if line.holds("=", at: end) {
            let isValue =
                end + 1 < line.endIndex && !line[end + 1].isBlank && !line.holds("=", at: end + 1)
            return isValue ? end + 1 : nil
        }
        guard line.holds("\"", at: end), line.holds("\"", at: name.lowerBound - 1) else {
            return nil
        }
        let colon = line.end(from: end + 1, while: \.isBlank)
        guard line.holds(":", at: colon) else { return nil }
        let start = line.end(from: colon + 1, while: \.isBlank)
        return start < line.endIndex ? start : nil
    }

    /// A word, or what stands in quotes, without them.
    private static func word(from start: Int, in line: ArraySlice<UInt8>) -> Range<Int> {
        if line[start].isQuote {
            let quote = line[start]
            let end = line[(start + 1)...].firstIndex(of: quote) ?? line.endIndex
            return start + 1..<end
        }
        return
            start..<line.end(from: start) { !$0.isBlank && !$0.isQuote && $0 != 0x26 && $0 != 0x3B }
    }

    /// How far the value goes that starts at `sign.value`.
    private mutating func value(after sign: Sign, in line: ArraySlice<UInt8>) -> Range<Int> {
        let start = sign.value
        let rest = line[start...]
        if rest.opensBlock {
            if sign.isStrong, block == .none {
                let text = line.end(from: line.startIndex, while: \.isBlank)
                block = .indented(column: text - line.startIndex)
            }
            return start..<start
        }
        if rest.isHarmlessValue { return start..<start }
        if let quote = rest.first, quote.isQuote {
            return quoted(by: quote, from: start + 1, in: line)
        }
        if sign.isTag { return start..<(line.position(of: "<", from: start) ?? line.endIndex) }
        if line.last == UInt8(ascii: "\\"), block == .none { block = .continued }
        return start..<line.endIndex
    }

    private mutating func quoted(
        by quote: UInt8, from start: Int, in line: ArraySlice<UInt8>
    ) -> Range<Int> {
        var index = start
        while index < line.endIndex, line[index] != quote {
            index += line[index] == UInt8(ascii: "\\") ? 2 : 1
        }
        guard index < line.endIndex else {
            if block == .none { block = .quoted(quote) }
            return start..<line.endIndex
        }
        // In a shell `"secret"more` is one word, so only a quote before a separator ends it.
        let next = index + 1
        let isEnd = next == line.endIndex || line[next].isBlank || line[next].isSeparator
        return isEnd ? start..<index : start..<line.endIndex
    }
}

/// What stands between a telling name and its value.
private struct Sign {
    /// Where the value starts.
    var value: Int
    /// Whether a sign such as `:` or `=` stands there, and not only a space.
    var isStrong: Bool
    /// `<password>` of a markup.
    var isTag: Bool

    init?(after name: Range<Int>, in line: ArraySlice<UInt8>, telling: SecretName) {
        let closed = line.end(from: name.upperBound) { $0.isQuote || $0.isClosingBracket }
        let first = line.end(from: closed, while: \.isBlank)
        var end = line.end(from: first, while: \.isAssignment)
        isTag = end - first == 1 && line[first] == UInt8(ascii: ">")
        isStrong = end > first
        if !isStrong, line.holds(",", at: first) {
            let item = line.end(from: first + 1, while: \.isBlank)
            guard item < line.endIndex, line[item].isQuote else { return nil }
            (value, isStrong) = (item, true)
            return
        }
        if !isStrong, line.holds("is ", at: first) {
            end = first + 3
            isStrong = true
        }
        value = line.end(from: end, while: \.isBlank)
        guard !isStrong else { return }
        guard value > name.upperBound, value < line.endIndex, !telling.needsSign,
            !line[value].isOperator, !Self.isMention(of: name, in: line)
        else { return nil }
        guard line[value...].startsWithFillWord else { return }
        // Prose: the secret, if any, stands after the next sign.
        guard let sign = line[value...].firstIndex(where: \.isAssignment) else { return nil }
        value = line.end(from: sign + 1, while: \.isBlank)
    }

    /// Whether the name only mentions a variable or the file of accounts.
    private static func isMention(of name: Range<Int>, in line: ArraySlice<UInt8>) -> Bool {
        if line.holds("/etc/passwd", at: name.lowerBound - 5) { return true }
        let before = line[..<name.lowerBound]
        let isVariable =
            before.last == UInt8(ascii: "$") || before.suffix(2) == Array("${".utf8)[...]
        let start = line.end(from: line.startIndex, while: \.isBlank)
        return isVariable && !line.holds("set ", at: start)
    }
}

extension UInt8 {
    fileprivate var isNamePart: Bool {
        isLetter || isDigit || self == UInt8(ascii: "_") || self == UInt8(ascii: "-")
    }

    fileprivate var isClosingBracket: Bool {
        self == UInt8(ascii: ")") || self == UInt8(ascii: "]") || self == UInt8(ascii: "}")
    }

    fileprivate var isAssignment: Bool {
        switch self {
        case UInt8(ascii: ":"), UInt8(ascii: "="), UInt8(ascii: "!"), UInt8(ascii: "~"),
            UInt8(ascii: ">"):
            true
        default: false
        }
    }

    /// What can't start a value that follows a space only: a pipe, a block, a comment.
    fileprivate var isOperator: Bool {
        switch self {
        case UInt8(ascii: "|"), UInt8(ascii: "&"), UInt8(ascii: ";"), UInt8(ascii: "<"),
            UInt8(ascii: "{"), UInt8(ascii: "}"), UInt8(ascii: "("), UInt8(ascii: ")"),
            UInt8(ascii: "#"), UInt8(ascii: ","), UInt8(ascii: "."):
            true
        default: false
        }
    }

    fileprivate var isSeparator: Bool { isClosingBracket || isOperator || isQuote }
}

extension ArraySlice<UInt8> {
    /// Nothing, or only what says that the value stands on the next lines.
    fileprivate var opensBlock: Bool {
        guard let first else { return true }
        switch first {
        case UInt8(ascii: "|"), UInt8(ascii: ">"):
            return dropFirst().allSatisfy {
                $0.isBlank || $0.isDigit || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "+")
            }
        case UInt8(ascii: "{"), UInt8(ascii: "["):
            return dropFirst().allSatisfy(\.isBlank)
        case UInt8(ascii: "#"):
            return dropFirst().first?.isBlank ?? true
        default:
            return false
        }
    }

    /// A switch, or a variable of nginx that carries what a client sent.
    fileprivate var isHarmlessValue: Bool {
        let end = lastIndex { !$0.isBlank && !$0.isSeparator }.map { $0 + 1 } ?? startIndex
        let word = String(decoding: self[startIndex..<end], as: UTF8.self)
        if ["$http_", "$arg_", "$cookie_"].contains(where: word.hasPrefix) {
            return word.utf8.dropFirst().allSatisfy { $0.isLetter || $0 == UInt8(ascii: "_") }
        }
        return [
            "on", "off", "true", "false", "yes", "no", "null", "none", "True", "False", "None",
        ].contains(word)
    }

    /// A word that follows a telling name in prose, where no secret would stand.
    fileprivate var startsWithFillWord: Bool {
        let word = prefix { $0.isLetter }
        let next = word.endIndex
        guard next == endIndex || self[next].isBlank else { return false }
        return [
            "a", "and", "are", "as", "at", "authentication", "be", "by", "can", "every", "for",
            "from", "has", "have", "if", "in", "into", "must", "not", "of", "once", "or",
            "protected", "required", "should", "so", "that", "the", "then", "to", "until", "was",
            "when", "which", "will", "with", "you", "your",
        ].contains(String(decoding: word, as: UTF8.self))
    }
}
