/// A table or a view.
package struct Table: Sendable, Equatable, Codable {
    /// As the API calls it.
    package var name: String
    /// The database's own schema that the table lies in, PostgreSQL only; nil for the usual one.
    package var namespace: String?
    /// What it was called before.
    package var renamedFrom: String?
    /// A view can only be read, and is never made or changed.
    package var isView: Bool
    package var columns: [Column]
    /// Sets of columns whose values no two rows share, those of single columns included.
    package var uniques: [[String]]
    /// Those of `uniques` that hold among the rows which are not deleted; nil where none does.
    package var liveUniques: [[String]]?
    /// Columns that are indexed together, those of single columns included.
    package var indexes: [[String]]
    package var rules: TableRules

    package init(
        _ name: String, columns: [Column], uniques: [[String]] = [], indexes: [[String]] = [],
        isView: Bool = false, rules: TableRules = TableRules()
    ) {
        self.name = name
        self.columns = columns
        self.uniques = uniques
        self.indexes = indexes
        self.isView = isView
        self.rules = rules
    }

    /// The column of a name; nil when there is none.
    package subscript(column: String) -> Column? {
        columns.first { $0.name == column }
    }

    /// The primary key's columns, in order; empty for a view and a table without one.
    package var primaryKey: [Column] { columns.filter(\.isPrimary) }

    /// All that is to be indexed, but for the primary key.
    package var shapes: [IndexShape] {
        let key = primaryKey.map(\.name)
        return uniques.filter { $0 != key }
            .map { IndexShape($0, isUnique: true, isLive: liveUniques?.contains($0) == true) }
            + indexes.filter { $0 != key }.map { IndexShape($0, isUnique: false) }
    }

    /// The column that a soft delete sets.
    package static let deletionStamp = "deleted_at"

    /// What tells it from the other tables of its database.
    package var identity: TableIdentity { TableIdentity(namespace: namespace, name: name) }
}

/// A table's name with the database's schema that it lies in.
package struct TableIdentity: Sendable, Hashable, Codable {
    package var namespace: String?
    package var name: String

    package init(namespace: String? = nil, name: String) {
        self.namespace = namespace
        self.name = name
    }
}
