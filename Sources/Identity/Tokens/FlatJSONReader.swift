/// Reads one flat JSON object, member by member, and nothing else (RFC 8259).
///
/// Refused: nesting, `null`, fractions and exponents, integers over 64 bits, text that is not
/// UTF-8, lone surrogates, NUL, and anything after the object. Duplicate names are the caller's to
/// tell, for it puts the members where they go.
struct FlatJSONReader {
    /// The text is not such an object.
    struct Refusal: Error {}

    private let bytes: [UInt8]
    private var index = 0
    private var isFirst = true

    init(_ bytes: [UInt8]) throws(Refusal) {
        self.bytes = bytes
        skipBlanks()
        try take("{")
    }

    /// The next member; nil after the last one.
    mutating func next() throws(Refusal) -> (name: String, value: ClaimValue)? {
        skipBlanks()
        if peek == UInt8(ascii: "}") {
            index += 1
            skipBlanks()
            guard index == bytes.count else { throw Refusal() }
            return nil
        }
        if !isFirst {
            try take(",")
            skipBlanks()
        }
        isFirst = false
        let name = try string()
        skipBlanks()
        try take(":")
        skipBlanks()
        return (name, try value())
    }

    /// The byte to read next; NUL, which stands nowhere in JSON, at the end.
    private var peek: UInt8 { index < bytes.count ? bytes[index] : 0 }

    private mutating func skipBlanks() {
        while [0x20, 0x0A, 0x0D, 0x09].contains(peek) { index += 1 }
    }

    private mutating func take(_ byte: Unicode.Scalar) throws(Refusal) {
        guard peek == UInt8(ascii: byte) else { throw Refusal() }
        index += 1
    }

    private mutating func value() throws(Refusal) -> ClaimValue {
        switch peek {
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"):
            try word("true")
            return .flag(true)
        case UInt8(ascii: "f"):
            try word("false")
            return .flag(false)
        default: return .integer(try integer())
        }
    }

    private mutating func word(_ word: StaticString) throws(Refusal) {
        let end = index + word.utf8CodeUnitCount
        let isThere = word.withUTF8Buffer {
            end <= bytes.count && bytes[index..<end].elementsEqual($0)
        }
        guard isThere else { throw Refusal() }
        index = end
    }

    /// What follows the digits is for `next` to refuse: a fraction, an exponent, another digit
    /// after a leading zero.
    private mutating func integer() throws(Refusal) -> Int {
        let isNegative = peek == UInt8(ascii: "-")
        if isNegative { index += 1 }
        let start = index
        var value = 0
        while (0x30...0x39).contains(peek), index == start || bytes[start] != 0x30 {
            let digit = Int(peek - 0x30)
            let (tens, isOver) = value.multipliedReportingOverflow(by: 10)
            let (sum, isOverNow) = tens.addingReportingOverflow(isNegative ? -digit : digit)
            guard !isOver, !isOverNow else { throw Refusal() }
            value = sum
            index += 1
        }
        guard index > start else { throw Refusal() }
        return value
    }

    private mutating func string() throws(Refusal) -> String {
        try take("\"")
        let start = index
        while index < bytes.count {
            switch bytes[index] {
            case UInt8(ascii: "\""):
                index += 1
                return try text(bytes[start..<(index - 1)])
            case UInt8(ascii: "\\"): return try escapedString(bytes[start..<index])
            case ..<0x20: throw Refusal()
            default: index += 1
            }
        }
        throw Refusal()
    }

    /// The rest of a string that holds escapes, after what came before the first of them.
    private mutating func escapedString(_ beginning: ArraySlice<UInt8>) throws(Refusal) -> String {
        var content = Array(beginning)
        while index < bytes.count {
            let byte = bytes[index]
            index += 1
            switch byte {
            case UInt8(ascii: "\""): return try text(content[...])
            case UInt8(ascii: "\\"): content += try escape()
            case ..<0x20: throw Refusal()
            default: content.append(byte)
            }
        }
        throw Refusal()
    }

    /// The UTF-8 of one escape, whose backslash has been read.
    private mutating func escape() throws(Refusal) -> [UInt8] {
        let byte = peek
        index += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return [byte]
        case UInt8(ascii: "b"): return [0x08]
        case UInt8(ascii: "f"): return [0x0C]
        case UInt8(ascii: "n"): return [0x0A]
        case UInt8(ascii: "r"): return [0x0D]
        case UInt8(ascii: "t"): return [0x09]
        case UInt8(ascii: "u"): return try codePoint()
        default: throw Refusal()
        }
    }

    /// The UTF-8 of `\uXXXX`, or of the two of them that make a surrogate pair.
    private mutating func codePoint() throws(Refusal) -> [UInt8] {
        let first = try codeUnit()
        var value = UInt32(first)
        if UTF16.isLeadSurrogate(first) {
            try take("\\")
            try take("u")
            let second = try codeUnit()
            guard UTF16.isTrailSurrogate(second) else { throw Refusal() }
            value = 0x10000 + (UInt32(first & 0x3FF) << 10 | UInt32(second & 0x3FF))
        }
        // A lone trail surrogate is no scalar.
        guard value != 0, let scalar = Unicode.Scalar(value) else { throw Refusal() }
        return Array(UTF8.encode(scalar) ?? .init())
    }

    private mutating func codeUnit() throws(Refusal) -> UInt16 {
        var unit: UInt16 = 0
        for _ in 0..<4 {
            let digit: UInt8
            switch peek {
            case 0x30...0x39: digit = peek - 0x30
            case 0x41...0x46: digit = peek - 0x37
            case 0x61...0x66: digit = peek - 0x57
            default: throw Refusal()
            }
            unit = unit << 4 | UInt16(digit)
            index += 1
        }
        return unit
    }

    private func text(_ bytes: ArraySlice<UInt8>) throws(Refusal) -> String {
        // ASCII is always valid; validating, which is not specialised, costs more than all else.
        if bytes.allSatisfy({ $0 < 0x80 }) { return String(decoding: bytes, as: UTF8.self) }
        guard let text = String(validating: bytes, as: UTF8.self) else { throw Refusal() }
        return text
    }
}
