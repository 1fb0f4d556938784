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
        return members.first { $0.name == name }?.value
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
