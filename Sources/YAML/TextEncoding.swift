import Diagnostics

/// What a look at a text's bytes found, before libyaml sees them.
///
/// Source: YAML 1.2.2, sections 5.1 (the characters allowed) and 5.2 (encodings); of the latter
/// only UTF-8 is taken.
struct TextEncoding {
    /// Bytes of the byte order mark: 0 or 3.
    let markLength: Int
    /// Whether libyaml will count lines that no editor does: it takes a lone carriage return,
    /// U+0085, U+2028 and U+2029 for line breaks, as YAML 1.1 did.
    private(set) var hasUnusualBreaks = false

    /// - Throws: a problem with its place when the text is not UTF-8, or holds a character that
    ///   YAML does not allow.
    init(checking text: UnsafeBufferPointer<UInt8>) throws(Problem) {
        try Self.refuseOtherEncodings(text)
        markLength = text.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        var index = markLength
        var directiveCount = 0
        while index < text.count {
            let byte = text[index]
            if byte >= 0x20 && byte < 0x7F || byte == 0x09 {
                index += 1
            } else if byte == 0x0A {
                index += 1
                if index < text.count, text[index] == 0x25 { directiveCount += 1 }
            } else if byte == 0x0D {
                if index + 1 == text.count || text[index + 1] != 0x0A { hasUnusualBreaks = true }
                index += 1
            } else {
                index += try checkScalar(text, at: index)
            }
        }
        try limitDirectives(directiveCount)
    }

    /// libyaml compares every `%TAG` with all before it.
    private func limitDirectives(_ count: Int) throws(Problem) {
        guard count > 1000 else { return }
        throw Problem(
            .yamlTooLarge, at: Mark(line: 1, column: 1), "this text has \(count) lines of `%`")
    }

    private static func refuseOtherEncodings(
        _ text: UnsafeBufferPointer<UInt8>
    ) throws(Problem) {
        let isMarked = text.starts(with: [0xFE, 0xFF]) || text.starts(with: [0xFF, 0xFE])
        // The first character of a document is ASCII but for odd cases, so its other byte is 0.
        let isLikely = text.count >= 2 && (text[0] == 0) != (text[1] == 0)
        guard isMarked || isLikely || text.starts(with: [0, 0, 0xFE, 0xFF]) else { return }
        throw Problem(
            .yamlEncoding, at: Mark(line: 1, column: 1), "this text is not UTF-8",
            why: "it looks like UTF-16 or UTF-32", fix: "save the file as UTF-8")
    }

    /// Returns the length in bytes of the scalar at `index`.
    private mutating func checkScalar(
        _ text: UnsafeBufferPointer<UInt8>, at index: Int
    ) throws(Problem) -> Int {
        var iterator = text[index..<min(index + 4, text.count)].makeIterator()
        var decoder = UTF8()
        guard case .scalarValue(let scalar) = decoder.decode(&iterator) else {
            throw Problem(
                .yamlEncoding, at: Self.mark(of: index, in: text), "this text is not UTF-8",
                why: "the byte 0x\(String(text[index], radix: 16)) does not begin a character",
                fix: "save the file as UTF-8")
        }
        switch scalar.value {
        case 0x85, 0x2028, 0x2029: hasUnusualBreaks = true
        case 0xA0...0xFEFE, 0xFF00...0xFFFD, 0x10000...: break
        default: throw Self.forbidden(scalar, at: Self.mark(of: index, in: text))
        }
        return UTF8.width(scalar)
    }

    private static func forbidden(_ scalar: Unicode.Scalar, at mark: Mark) -> Problem {
        let digits = String(scalar.value, radix: 16, uppercase: true)
        let padded = String(repeating: "0", count: max(0, 4 - digits.count)) + digits
        return Problem(
            .yamlEncoding, at: mark, "the character U+\(padded) is not allowed here",
            fix: scalar.value == 0
                ? "remove it" : "remove it, or write \"\\u\(padded)\" in double quotes")
    }

    /// The line and column of a byte.
    static func mark(of offset: Int, in text: UnsafeBufferPointer<UInt8>) -> Mark {
        let before = text[..<offset]
        let start = before.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
        let isMarked = start == 0 && text.starts(with: [0xEF, 0xBB, 0xBF])
        let column = text[start..<offset].count { $0 & 0xC0 != 0x80 } + 1 - (isMarked ? 1 : 0)
        return Mark(line: before.count { $0 == 0x0A } + 1, column: column)
    }
}
