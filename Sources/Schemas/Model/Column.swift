/// A column of a table.
package struct Column: Sendable, Equatable, Codable {
    package var name: String
    package var renamedFrom: String?
    package var type: ColumnType
    package var isPrimary = false
    /// Numbered by the database; for a uuid, made up.
    package var isAuto = false
    /// Null is refused.
    package var isRequired = false
    package var defaultValue: DefaultValue?
    /// A condition on the value, in SQL.
    package var check: String?
    package var foreign: ForeignKey?
    /// An SQL expression that the database computes the value by: nobody writes it.
    package var generated: String?
    /// Set when the row is made, or each time it is written.
    package var stamp: Stamp?
    package var access = FieldAccess()

    /// When the gateway sets a column by the clock.
    package enum Stamp: String, Sendable, Codable {
        case created, updated
    }

    package init(_ name: String, _ type: ColumnType) {
        self.name = name
        self.type = type
    }

    /// Whether the database or the gateway makes the value, so that nobody need give it.
    package var isSelfMade: Bool {
        isAuto || generated != nil || stamp != nil || defaultValue != nil
    }
}

/// What a column holds when nobody says.
package enum DefaultValue: Sendable, Equatable, Codable {
    /// As text: `0`, `true`, `open`.
    case literal(String)
    /// The time of the insert.
    case now
    /// A new UUID.
    case uuid
    /// Anything else, in the engine's own SQL.
    case expression(String)
}

/// The column of another table that a value must be found in.
package struct ForeignKey: Sendable, Equatable, Codable {
    /// What happens to a row when the one it refers to is deleted.
    package enum Action: String, Sendable, Codable, CaseIterable {
        /// The delete is refused.
        case restrict
        case cascade
        case setNull = "set null"
        case setDefault = "set default"
    }

    package var table: String
    package var namespace: String?
    package var column: String
    package var onDelete: Action

    package init(
        table: String, namespace: String? = nil, column: String, onDelete: Action = .restrict
    ) {
        self.table = table
        self.namespace = namespace
        self.column = column
        self.onDelete = onDelete
    }

    /// The table it refers to.
    package var target: TableIdentity { TableIdentity(namespace: namespace, name: table) }
}

/// Who may read and write a field through the API.
package struct FieldAccess: Sendable, Equatable, Codable {
    /// Nil: everybody who may read the row.
    package var readers: [String]?
    /// Nil: everybody who may write the row.
    package var writers: [String]?

    package init(readers: [String]? = nil, writers: [String]? = nil) {
        self.readers = readers
        self.writers = writers
    }
}
