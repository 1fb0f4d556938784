/// JSON.
extension WireText {
    /// A number; what JSON has no word for is null.
    mutating func real(_ value: Double) {
        guard value.isFinite else { return raw("null") }
        if value == value.rounded(), abs(value) < 1e15 {
            // The same on every engine, whatever it says of 1 and 1.0.
            integer(Int(value))
        } else {
            raw(string: "\(value)")
        }
    }

    mutating func bool(_ value: Bool) {
        if value { raw("true") } else { raw("false") }
    }

    mutating func string(_ text: String) {
        var text = text
        text.withUTF8 { string(UnsafeRawBufferPointer($0)) }
    }

    mutating func string(_ text: Substring) {
        var text = text
        text.withUTF8 { string(UnsafeRawBufferPointer($0)) }
    }

    /// A string of UTF-8, in quotes; what is none stands as U+FFFD: a database may hold anything.
    mutating func string(_ text: UnsafeRawBufferPointer) {
        byte(UInt8(ascii: "\""))
        if Self.isPlain(text) {
            raw(text)
        } else if String(validating: text, as: UTF8.self) != nil {
            escaped(text)
        } else {
            var mended = String(decoding: text, as: UTF8.self)
            mended.withUTF8 { escaped(UnsafeRawBufferPointer($0)) }
        }
        byte(UInt8(ascii: "\""))
    }

    private mutating func escaped(_ text: UnsafeRawBufferPointer) {
        var start = 0
        while true {
            let end = Self.firstEscaped(in: text, from: start)
            raw(text[start..<end])
            guard end < text.count else { break }
            escape(text[end])
            start = end + 1
        }
    }

    /// Whether it is ASCII, and every byte stands for itself, as in most texts.
    private static func isPlain(_ text: UnsafeRawBufferPointer) -> Bool {
        var index = 0
        while index + 8 <= text.count {
            let word = text.loadUnaligned(fromByteOffset: index, as: UInt64.self)
            guard word & repeated(0x80) | marks(in: word) == 0 else { return false }
            index += 8
        }
        while index < text.count {
            guard text[index] < 0x80, !isEscaped(text[index]) else { return false }
            index += 1
        }
        return true
    }

    /// The next byte that doesn't stand for itself; the end when there is none.
    private static func firstEscaped(in text: UnsafeRawBufferPointer, from start: Int) -> Int {
        var index = start
        while index + 8 <= text.count {
            let word = text.loadUnaligned(fromByteOffset: index, as: UInt64.self)
            guard marks(in: word) == 0 else { break }
            index += 8
        }
        while index < text.count, !isEscaped(text[index]) { index += 1 }
        return index
    }

    private static func isEscaped(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte == 0x22 || byte == 0x5C
    }

    // Eight bytes at once: not 0 when one of them is so, and, at times, when one is only near it.
    //
    // Source: Warren, "Hacker's Delight", section 6-1.

    /// Bytes that are escaped.
    private static func marks(in word: UInt64) -> UInt64 {
        lowBytes(word, below: 0x20) | zeroBytes(word ^ repeated(0x22))
            | zeroBytes(word ^ repeated(0x5C))
    }

    private static func repeated(_ byte: UInt64) -> UInt64 { byte &* 0x0101_0101_0101_0101 }

    private static func lowBytes(_ word: UInt64, below limit: UInt64) -> UInt64 {
        (word &- repeated(limit)) & ~word & repeated(0x80)
    }

    private static func zeroBytes(_ word: UInt64) -> UInt64 { lowBytes(word, below: 1) }

    private mutating func escape(_ byte: UInt8) {
        switch byte {
        case 0x22: raw("\\\"")
        case 0x5C: raw("\\\\")
        case 0x0A: raw("\\n")
        case 0x0D: raw("\\r")
        case 0x09: raw("\\t")
        default:
            raw("\\u00")
            self.byte(Self.digit(byte >> 4))
            self.byte(Self.digit(byte & 15))
        }
    }

    /// An array of what is written, its elements.
    var inBrackets: ArraySlice<UInt8> {
        var array = WireText(capacity: count + 2)
        array.raw("[")
        array.raw(bytes)
        array.raw("]")
        return array.bytes
    }

    /// `"name":`, with a comma before it where one is due.
    mutating func name(_ name: String) {
        comma()
        string(name)
        byte(UInt8(ascii: ":"))
    }

    /// A comma, unless an object or array has just begun.
    mutating func comma() {
        switch last {
        case nil, UInt8(ascii: "{"), UInt8(ascii: "["), UInt8(ascii: ":"): break
        default: byte(UInt8(ascii: ","))
        }
    }

    /// A value, its objects' names sorted as PostgreSQL's `jsonb` sorts them, so that every engine
    /// gives back the same bytes.
    ///
    /// Source: postgresql.org/docs/15/datatype-json.html; `lengthCompareJsonbStringValue`.
    mutating func canonical(_ value: JSONValue) {
        switch value {
        case .null: raw("null")
        case .bool(let flag): bool(flag)
        case .number(let text): raw(string: PlainNumber.text(text))
        case .string(let text): string(text)
        case .array(let values):
            byte(UInt8(ascii: "["))
            for (index, value) in values.enumerated() {
                if index > 0 { byte(UInt8(ascii: ",")) }
                canonical(value)
            }
            byte(UInt8(ascii: "]"))
        case .object(let members):
            let sorted = members.sorted { left, right in
                let counts = (left.name.utf8.count, right.name.utf8.count)
                return counts.0 == counts.1
                    ? left.name.utf8.lexicographicallyPrecedes(right.name.utf8)
                    : counts.0 < counts.1
            }
            byte(UInt8(ascii: "{"))
            for (index, member) in sorted.enumerated() {
                if index > 0 { byte(UInt8(ascii: ",")) }
                string(member.name)
                byte(UInt8(ascii: ":"))
                canonical(member.value)
            }
            byte(UInt8(ascii: "}"))
        }
    }
}
