/// JSON on its way out.
struct JSONText: Sendable {
    private(set) var bytes: [UInt8] = []

    init(capacity: Int = 256) {
        bytes.reserveCapacity(capacity)
    }

    /// Goes on behind a text.
    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    var count: Int { bytes.count }

    /// All of it as a string.
    var written: String { String(decoding: bytes, as: UTF8.self) }

    mutating func raw(_ text: StaticString) {
        text.withUTF8Buffer { bytes.append(contentsOf: $0) }
    }

    mutating func raw(_ text: some Collection<UInt8>) {
        bytes.append(contentsOf: text)
    }

    mutating func raw(_ text: Slice<UnsafeRawBufferPointer>) {
        bytes.append(contentsOf: UnsafeRawBufferPointer(rebasing: text))
    }

    mutating func raw(_ text: String) {
        bytes.append(contentsOf: text.utf8)
    }

    mutating func byte(_ byte: UInt8) {
        bytes.append(byte)
    }

    /// Takes the last byte back.
    mutating func dropLast() {
        bytes.removeLast()
    }

    mutating func integer(_ value: Int) {
        guard value >= 0 else {
            bytes.append(contentsOf: String(value).utf8)
            return
        }
        var digits: (UInt64, UInt64, UInt32) = (0, 0, 0)
        withUnsafeMutableBytes(of: &digits) { buffer in
            var position = buffer.count
            var rest = value
            repeat {
                position -= 1
                buffer[position] = UInt8(0x30 + rest % 10)
                rest /= 10
            } while rest > 0
            bytes.append(contentsOf: UnsafeRawBufferPointer(rebasing: buffer[position...]))
        }
    }

    /// Sixteen digits.
    mutating func hexadecimal(_ value: UInt64) {
        var digits: (UInt64, UInt64) = (0, 0)
        withUnsafeMutableBytes(of: &digits) { buffer in
            var rest = value
            for position in buffer.indices.reversed() {
                buffer[position] = Self.digit(UInt8(truncatingIfNeeded: rest & 15))
                rest >>= 4
            }
            bytes.append(contentsOf: UnsafeRawBufferPointer(buffer))
        }
    }

    /// A number of so many digits at least.
    mutating func padded(_ value: Int, _ width: Int) {
        var limit = 10
        for _ in 1..<width {
            if value < limit { bytes.append(UInt8(ascii: "0")) }
            limit *= 10
        }
        integer(value)
    }

    /// A number; what JSON has no word for is null.
    mutating func real(_ value: Double) {
        guard value.isFinite else { return raw("null") }
        if value == value.rounded(), abs(value) < 1e15 {
            // The same on every engine, whatever it says of 1 and 1.0.
            integer(Int(value))
        } else {
            bytes.append(contentsOf: "\(value)".utf8)
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
        if !Self.isASCII(text), String(validating: text, as: UTF8.self) == nil {
            return string(String(decoding: text, as: UTF8.self))
        }
        bytes.append(UInt8(ascii: "\""))
        var start = 0
        while true {
            let end = Self.firstEscaped(in: text, from: start)
            bytes.append(contentsOf: UnsafeRawBufferPointer(rebasing: text[start..<end]))
            guard end < text.count else { break }
            escape(text[end])
            start = end + 1
        }
        bytes.append(UInt8(ascii: "\""))
    }

    private static func isASCII(_ text: UnsafeRawBufferPointer) -> Bool {
        var index = 0
        while index + 8 <= text.count {
            let word = text.loadUnaligned(fromByteOffset: index, as: UInt64.self)
            guard word & repeated(0x80) == 0 else { return false }
            index += 8
        }
        return text[index...].allSatisfy { $0 < 0x80 }
    }

    /// The next byte that doesn't stand for itself; the end when there is none.
    private static func firstEscaped(in text: UnsafeRawBufferPointer, from start: Int) -> Int {
        var index = start
        while index + 8 <= text.count {
            let word = text.loadUnaligned(fromByteOffset: index, as: UInt64.self)
            let isPlain =
                (lowBytes(word, below: 0x20) | zeroBytes(word ^ repeated(0x22))
                    | zeroBytes(word ^ repeated(0x5C))) == 0
            guard isPlain else { break }
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
            bytes.append(Self.digit(byte >> 4))
            bytes.append(Self.digit(byte & 15))
        }
    }

    private static func digit(_ value: UInt8) -> UInt8 { value < 10 ? 0x30 + value : 0x57 + value }

    /// `"name":`, with a comma before it where one is due.
    mutating func name(_ name: String) {
        comma()
        string(name)
        bytes.append(UInt8(ascii: ":"))
    }

    /// A comma, unless an object or array has just begun.
    mutating func comma() {
        switch bytes.last {
        case nil, UInt8(ascii: "{"), UInt8(ascii: "["), UInt8(ascii: ":"): break
        default: bytes.append(UInt8(ascii: ","))
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
        case .number(let text): raw(PlainNumber.text(text))
        case .string(let text): string(text)
        case .array(let values):
            bytes.append(UInt8(ascii: "["))
            for (index, value) in values.enumerated() {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                canonical(value)
            }
            bytes.append(UInt8(ascii: "]"))
        case .object(let members):
            let sorted = members.sorted { left, right in
                let counts = (left.name.utf8.count, right.name.utf8.count)
                return counts.0 == counts.1
                    ? left.name.utf8.lexicographicallyPrecedes(right.name.utf8)
                    : counts.0 < counts.1
            }
            bytes.append(UInt8(ascii: "{"))
            for (index, member) in sorted.enumerated() {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                string(member.name)
                bytes.append(UInt8(ascii: ":"))
                canonical(member.value)
            }
            bytes.append(UInt8(ascii: "}"))
        }
    }
}
