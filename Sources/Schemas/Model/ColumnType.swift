/// The type of a column, the same on every engine; `docs/schemas.md` has what each makes of it.
package struct ColumnType: Sendable, Equatable, Codable {
    /// The types that a schema may name.
    package enum Base: String, Sendable, Codable, CaseIterable {
        case int, string, text, float, decimal, bool, date, datetime, json, uuid, blob
        case enumeration = "enum"
    }

    package var base: Base
    /// A string's most characters.
    package var maximum: Int?
    /// A decimal's digits in all, and those after the point.
    package var precision: Int?
    package var scale: Int?
    /// An enum's values.
    package var values: [String]?

    package init(
        _ base: Base, maximum: Int? = nil, precision: Int? = nil, scale: Int? = nil,
        values: [String]? = nil
    ) {
        self.base = base
        self.maximum = maximum
        self.precision = precision
        self.scale = scale
        self.values = values
    }

    /// A whole number of 64 bits.
    package static let int = ColumnType(.int)
    /// Text of any length.
    package static let text = ColumnType(.text)

    /// Whether the same values are of both; the order of an enum's is not looked at.
    package func isSame(as other: ColumnType) -> Bool {
        guard base == .enumeration, other.base == .enumeration else { return self == other }
        return Set(values ?? []) == Set(other.values ?? [])
    }

    /// With what an engine takes where nothing is said.
    package func usual(on engine: DatabaseEngine) -> ColumnType {
        var type = self
        if base == .string { type.maximum = maximum ?? 255 }
        if base == .decimal, engine == .mariadb { type.precision = precision ?? 10 }
        if base == .decimal, type.precision != nil { type.scale = scale ?? 0 }
        return type
    }

    /// Whether the engine orders and compares it as text.
    package var isTextual: Bool {
        switch base {
        case .string, .text, .enumeration: true
        default: false
        }
    }
}

extension ColumnType: CustomStringConvertible {
    /// As people read it: `string(120)`, `decimal(10,2)`, `enum(open, done)`.
    package var description: String {
        if let maximum { return "\(base.rawValue)(\(maximum))" }
        if let precision { return "\(base.rawValue)(\(precision),\(scale ?? 0))" }
        if let values { return "\(base.rawValue)(\(values.joined(separator: ", ")))" }
        return base.rawValue
    }
}
