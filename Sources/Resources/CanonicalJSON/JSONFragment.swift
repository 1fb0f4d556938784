import FoundationEssentials

/// A JSON value that is to be written.
enum JSONFragment {
    case null
    case bool(Bool)
    case integer(Int64)
    case unsigned(UInt64)
    case real(Double)
    case string(String)
    case object(Members)
    case array(Elements)

    /// An object being filled.
    final class Members {
        var list: [(key: String, value: JSONFragment)] = []

        init() {
            list.reserveCapacity(8)
        }
    }

    /// An array being filled.
    final class Elements {
        var list: [JSONFragment] = []
    }

    /// - Throws: what the value throws while it is encoded.
    init(_ value: some Encodable) throws {
        if let scalar = Self.scalar(value) {
            self = scalar
            return
        }
        let encoder = FragmentEncoder()
        try value.encode(to: encoder)
        self = encoder.fragment ?? .object(Members())
    }

    /// Types are compared before anything is cast: a cast that fails costs more than all of these.
    private static func scalar<Value: Encodable>(_ value: Value) -> JSONFragment? {
        func cast<Scalar>(_ type: Scalar.Type) -> Scalar? {
            Value.self == type ? value as? Scalar : nil
        }
        if let value = cast(String.self) { return .string(value) }
        if let value = cast(Bool.self) { return .bool(value) }
        if let value = cast(Double.self) { return .real(value) }
        if let value = cast(Float.self) { return .real(Double(value)) }
        if let value = cast(Date.self) { return .string(value.formatted(.iso8601)) }
        if let value = cast(Int.self) { return .integer(Int64(value)) }
        if let value = cast(Int8.self) { return .integer(Int64(value)) }
        if let value = cast(Int16.self) { return .integer(Int64(value)) }
        if let value = cast(Int32.self) { return .integer(Int64(value)) }
        if let value = cast(Int64.self) { return .integer(value) }
        if let value = cast(UInt.self) { return .unsigned(UInt64(value)) }
        if let value = cast(UInt8.self) { return .unsigned(UInt64(value)) }
        if let value = cast(UInt16.self) { return .unsigned(UInt64(value)) }
        if let value = cast(UInt32.self) { return .unsigned(UInt64(value)) }
        if let value = cast(UInt64.self) { return .unsigned(value) }
        return nil
    }
}

extension JSONFragment {
    /// Appends the value's text: members in order of their keys, no white space.
    ///
    /// - Throws: `EncodingError` for a number that JSON has no text for.
    func write(to output: inout [UInt8]) throws {
        switch self {
        case .null: output += "null".utf8
        case .bool(let value): output += (value ? "true" : "false").utf8
        case .integer(let value): output += String(value).utf8
        case .unsigned(let value): output += String(value).utf8
        case .real(let value): try Self.write(value, to: &output)
        case .string(let value): Self.write(value, to: &output)
        case .array(let elements):
            output.append(UInt8(ascii: "["))
            for (index, value) in elements.list.enumerated() {
                if index > 0 { output.append(UInt8(ascii: ",")) }
                try value.write(to: &output)
            }
            output.append(UInt8(ascii: "]"))
        case .object(let members): try Self.write(members.list, to: &output)
        }
    }

    private static func write(
        _ members: [(key: String, value: JSONFragment)], to output: inout [UInt8]
    ) throws {
        output.append(UInt8(ascii: "{"))
        for (index, member) in members.sorted(by: { $0.key < $1.key }).enumerated() {
            if index > 0 { output.append(UInt8(ascii: ",")) }
            write(member.key, to: &output)
            output.append(UInt8(ascii: ":"))
            try member.value.write(to: &output)
        }
        output.append(UInt8(ascii: "}"))
    }

    /// A whole number has no fraction: `1`, not `1.0`.
    private static func write(_ number: Double, to output: inout [UInt8]) throws {
        guard number.isFinite else {
            throw EncodingError.invalidValue(
                number, .init(codingPath: [], debugDescription: "JSON has no \(number)"))
        }
        let text = number.description
        output += (text.hasSuffix(".0") ? text.dropLast(2) : text[...]).utf8
    }

    /// Escapes what RFC 8259 demands, in its short forms, and nothing else.
    private static func write(_ text: String, to output: inout [UInt8]) {
        output.append(UInt8(ascii: "\""))
        var text = text
        text.withUTF8 { bytes in
            guard bytes.contains(where: { $0 < 0x20 || $0 == 0x22 || $0 == 0x5C }) else {
                output += bytes
                return
            }
            for byte in bytes {
                switch byte {
                case 0x22, 0x5C: output += [0x5C, byte]
                case 0x08: output += #"\b"#.utf8
                case 0x09: output += #"\t"#.utf8
                case 0x0A: output += #"\n"#.utf8
                case 0x0C: output += #"\f"#.utf8
                case 0x0D: output += #"\r"#.utf8
                case ..<0x20:
                    output += (byte < 0x10 ? #"\u000"# : #"\u00"#).utf8
                    output += String(byte, radix: 16).utf8
                default: output.append(byte)
                }
            }
        }
        output.append(UInt8(ascii: "\""))
    }
}
