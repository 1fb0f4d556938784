/// A JSON value as a request holds it: numbers as they are written, members in their order.
enum JSONValue: Sendable, Equatable {
    case null
    case bool(Bool)
    /// The number's own text, so that no digit is lost.
    case number(String)
    case string(String)
    case array([JSONValue])
    case object([JSONMember])

    /// The value of an object's member; nil for what has none.
    subscript(name: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.name.isSame(as: name) }?.value
    }

    /// Whether every engine can keep it: no character NUL, and no number of hundreds of digits.
    var isStorable: Bool {
        switch self {
        case .null, .bool: true
        case .number(let text): !PlainNumber.text(text).contains { $0 == "e" || $0 == "E" }
        case .string(let text): !text.utf8.contains(0)
        case .array(let values): values.allSatisfy(\.isStorable)
        case .object(let members):
            members.allSatisfy { !$0.name.utf8.contains(0) && $0.value.isStorable }
        }
    }

    /// The text of a string; nil for anything else.
    var string: String? {
        if case .string(let text) = self { text } else { nil }
    }
}

/// One member of an object.
struct JSONMember: Sendable, Equatable {
    var name: String
    var value: JSONValue
}
