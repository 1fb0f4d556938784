/// A value on its way into a statement.
package enum SQLValue: Sendable {
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

/// Texts are the same when their bytes are: to a database `ö` is not `o` with dots after it, which
/// Unicode calls equivalent.
extension SQLValue: Hashable {
    package static func == (left: SQLValue, right: SQLValue) -> Bool {
        switch (left, right) {
        case (.null, .null): true
        case (.integer(let left), .integer(let right)): left == right
        case (.real(let left), .real(let right)): left == right
        case (.text(let left), .text(let right)): left.utf8.elementsEqual(right.utf8)
        case (.blob(let left), .blob(let right)): left == right
        default: false
        }
    }

    package func hash(into hasher: inout Hasher) {
        switch self {
        case .null: hasher.combine(0)
        case .integer(let value): hasher.combine(value)
        case .real(let value): hasher.combine(value)
        case .text(let text): for byte in text.utf8 { hasher.combine(byte) }
        case .blob(let bytes): hasher.combine(bytes)
        }
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
