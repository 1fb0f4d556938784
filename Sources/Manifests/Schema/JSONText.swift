/// A JSON value whose members keep their order, so that its text is stable and reads well.
indirect enum JSONText: Equatable {
    struct Member: Equatable {
        var name: String
        var value: JSONText

        init(_ name: String, _ value: JSONText) {
            self.name = name
            self.value = value
        }
    }

    case object([Member])
    case array([JSONText])
    case string(String)
    case int(Int)
    case double(Double)
    case bool(Bool)
    case null

    /// The text, indented by two spaces a level, without a line break at its end.
    func render(indent: Int = 0) -> String {
        switch self {
        case .string(let text): Self.quote(text)
        case .int(let value): String(value)
        case .double(let value): value.isFinite ? String(value) : "null"
        case .bool(let value): String(value)
        case .null: "null"
        case .array(let values):
            Self.lines(values.map { $0.render(indent: indent + 2) }, "[", "]", indent)
        case .object(let members):
            Self.lines(
                members.map { "\(Self.quote($0.name)): \($0.value.render(indent: indent + 2))" },
                "{", "}", indent)
        }
    }

    private static func lines(
        _ items: [String], _ opening: String, _ closing: String, _ indent: Int
    ) -> String {
        guard !items.isEmpty else { return opening + closing }
        let margin = String(repeating: " ", count: indent)
        let body = items.map { "\(margin)  \($0)" }.joined(separator: ",\n")
        return "\(opening)\n\(body)\n\(margin)\(closing)"
    }

    /// Source: RFC 8259, section 7.
    private static func quote(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\t": result += "\\t"
            case _ where scalar.value < 0x20:
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
