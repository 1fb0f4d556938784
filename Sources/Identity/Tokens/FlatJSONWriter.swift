/// Writes one flat JSON object without blanks, members in the order they are given.
struct FlatJSONWriter {
    private var bytes = [UInt8(ascii: "{")]

    /// The whole object.
    var object: [UInt8] { bytes + [UInt8(ascii: "}")] }

    mutating func write(_ name: String, _ value: ClaimValue) {
        if bytes.count > 1 { bytes.append(UInt8(ascii: ",")) }
        write(name)
        bytes.append(UInt8(ascii: ":"))
        switch value {
        case .string(let text): write(text)
        case .integer(let integer): bytes += String(integer).utf8
        case .flag(let flag): bytes += (flag ? "true" : "false").utf8
        }
    }

    private mutating func write(_ text: String) {
        bytes.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes += [UInt8(ascii: "\\"), byte]
            case ..<0x20:
                bytes += (byte < 16 ? "\\u000" : "\\u00").utf8
                bytes += String(byte, radix: 16).utf8
            default: bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }
}
