/// Reads JSON strictly: one value, no name twice, no lone surrogate, bounded in depth.
///
/// Source: RFC 8259; RFC 7493 (I-JSON) for names and strings.
struct JSONParser {
    /// What is wrong, and at which byte.
    struct Problem: Error, Equatable {
        var message: String
        var offset: Int
    }

    private let bytes: UnsafeBufferPointer<UInt8>
    private let depthLimit: Int
    private var position = 0
    private var depth = 0

    private init(_ bytes: UnsafeBufferPointer<UInt8>, depthLimit: Int) {
        self.bytes = bytes
        self.depthLimit = depthLimit
    }

    /// The value of a text.
    ///
    /// - Parameters:
    ///   - bytes: the whole text, in UTF-8.
    ///   - depthLimit: how deep arrays and objects may lie in each other.
    /// - Returns: the value.
    /// - Throws: the first problem.
    static func parse(_ bytes: [UInt8], depthLimit: Int = 64) throws(Problem) -> JSONValue {
        let result: Result<JSONValue, Problem> = bytes.withUnsafeBufferPointer { buffer in
            var parser = JSONParser(buffer, depthLimit: depthLimit)
            do throws(Problem) {
                return .success(try parser.whole())
            } catch {
                return .failure(error)
            }
        }
        return try result.get()
    }

    private mutating func whole() throws(Problem) -> JSONValue {
        let value = try value()
        skipBlanks()
        guard position == bytes.count else { throw problem("more text after the value") }
        return value
    }

    private func problem(_ message: String) -> Problem {
        Problem(message: message, offset: position)
    }

    private mutating func skipBlanks() {
        while position < bytes.count {
            switch bytes[position] {
            case 0x20, 0x09, 0x0A, 0x0D: position += 1
            default: return
            }
        }
    }

    private mutating func value() throws(Problem) -> JSONValue {
        skipBlanks()
        guard position < bytes.count else { throw problem("the text ends too early") }
        switch bytes[position] {
        case UInt8(ascii: "{"): return try nested { parser throws(Problem) in try parser.object() }
        case UInt8(ascii: "["): return try nested { parser throws(Problem) in try parser.array() }
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        case UInt8(ascii: "-"), 0x30...0x39: return .number(try number())
        default: throw problem("no value begins like this")
        }
    }

    private mutating func nested(
        _ body: (inout JSONParser) throws(Problem) -> JSONValue
    ) throws(Problem) -> JSONValue {
        guard depth < depthLimit else { throw problem("nested more than \(depthLimit) deep") }
        depth += 1
        position += 1
        let value = try body(&self)
        depth -= 1
        return value
    }

    private mutating func object() throws(Problem) -> JSONValue {
        var members: [JSONMember] = []
        var names: Set<ByteText> = []
        skipBlanks()
        if take(UInt8(ascii: "}")) { return .object([]) }
        repeat {
            skipBlanks()
            guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") else {
                throw problem("a member's name is missing")
            }
            let name = try string()
            guard names.insert(ByteText(name)).inserted else {
                throw problem("the name \"\(name)\" stands twice in one object")
            }
            skipBlanks()
            guard take(UInt8(ascii: ":")) else { throw problem("a colon is missing") }
            members.append(JSONMember(name: name, value: try value()))
            skipBlanks()
        } while take(UInt8(ascii: ","))
        guard take(UInt8(ascii: "}")) else { throw problem("a comma or } is missing") }
        return .object(members)
    }

    private mutating func array() throws(Problem) -> JSONValue {
        var values: [JSONValue] = []
        skipBlanks()
        if take(UInt8(ascii: "]")) { return .array([]) }
        repeat {
            values.append(try value())
            skipBlanks()
        } while take(UInt8(ascii: ","))
        guard take(UInt8(ascii: "]")) else { throw problem("a comma or ] is missing") }
        return .array(values)
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard position < bytes.count, bytes[position] == byte else { return false }
        position += 1
        return true
    }

    private mutating func word(_ text: StaticString, _ value: JSONValue) throws(Problem)
        -> JSONValue
    {
        let count = text.utf8CodeUnitCount
        guard position + count <= bytes.count,
            (0..<count).allSatisfy({ bytes[position + $0] == text.utf8Start[$0] })
        else { throw problem("no value begins like this") }
        position += count
        return value
    }

    // MARK: - Numbers

    private mutating func number() throws(Problem) -> String {
        let start = position
        _ = take(UInt8(ascii: "-"))
        let digits = position
        try takeDigits()
        if bytes[digits] == UInt8(ascii: "0"), position > digits + 1 {
            throw problem("a number begins with 0")
        }
        if take(UInt8(ascii: ".")) { try takeDigits() }
        if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
            if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
            try takeDigits()
        }
        guard position - start <= 100 else { throw problem("a number of more than 100 digits") }
        return String(decoding: bytes[start..<position], as: UTF8.self)
    }

    private mutating func takeDigits() throws(Problem) {
        let start = position
        while position < bytes.count, (0x30...0x39).contains(bytes[position]) { position += 1 }
        guard position > start else { throw problem("a digit is missing") }
    }

    // MARK: - Strings

    private mutating func string() throws(Problem) -> String {
        position += 1
        let start = position
        // Most strings hold nothing to replace.
        while position < bytes.count {
            let byte = bytes[position]
            if byte == UInt8(ascii: "\"") {
                let text = try checked(bytes[start..<position])
                position += 1
                return text
            }
            if byte == UInt8(ascii: "\\") { return try escapedString(from: start) }
            guard byte >= 0x20 else { throw problem("a control character in a string") }
            position += 1
        }
        throw problem("a string has no end")
    }

    private func checked(_ text: some Collection<UInt8>) throws(Problem) -> String {
        guard let string = String(validating: text, as: UTF8.self) else {
            throw problem("a string is not UTF-8")
        }
        return string
    }

    private mutating func escapedString(from start: Int) throws(Problem) -> String {
        var text = Array(bytes[start..<position])
        while position < bytes.count {
            let byte = bytes[position]
            position += 1
            switch byte {
            case UInt8(ascii: "\""): return try checked(text)
            case UInt8(ascii: "\\"): try appendEscape(to: &text)
            case ..<0x20: throw problem("a control character in a string")
            default: text.append(byte)
            }
        }
        throw problem("a string has no end")
    }

    private mutating func appendEscape(to text: inout [UInt8]) throws(Problem) {
        guard position < bytes.count else { throw problem("a string has no end") }
        let byte = bytes[position]
        position += 1
        switch byte {
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0C)
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
        case UInt8(ascii: "u"): text += Array(String(try unicodeEscape()).utf8)
        default: throw problem("an unknown escape in a string")
        }
    }

    private mutating func unicodeEscape() throws(Problem) -> Unicode.Scalar {
        let first = try hexadecimal()
        if let scalar = Unicode.Scalar(first) { return scalar }
        guard (0xD800...0xDBFF).contains(first), take(UInt8(ascii: "\\")), take(UInt8(ascii: "u"))
        else { throw problem("half of a surrogate pair") }
        let second = try hexadecimal()
        guard (0xDC00...0xDFFF).contains(second),
            let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
        else { throw problem("half of a surrogate pair") }
        return scalar
    }

    private mutating func hexadecimal() throws(Problem) -> UInt32 {
        guard position + 4 <= bytes.count else { throw problem("a string has no end") }
        let text = String(decoding: bytes[position..<position + 4], as: UTF8.self)
        guard !text.hasPrefix("+"), !text.hasPrefix("-"), let value = UInt32(text, radix: 16) else {
            throw problem("four hexadecimal digits are missing")
        }
        position += 4
        return value
    }
}
