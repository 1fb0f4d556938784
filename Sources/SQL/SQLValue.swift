/// A value on its way into a statement.
package enum SQLValue: Sendable, Hashable {
    case null
    case integer(Int)
    case real(Double)
    case text(String)
    case blob([UInt8])

    /// The text, or null for nil.
    package init(_ text: String?) {
        self = text.map(SQLValue.text) ?? .null
    }

    /// The integer, or null for nil.
    package init(_ integer: Int?) {
        self = integer.map(SQLValue.integer) ?? .null
    }

    /// 1 or 0: SQLite has no type for truth.
    package init(_ flag: Bool) {
        self = .integer(flag ? 1 : 0)
    }
}

extension SQLValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral {
    package init(stringLiteral value: String) {
        self = .text(value)
    }

    package init(integerLiteral value: Int) {
        self = .integer(value)
    }
}
