/// What Stead keeps in an app's database of its own work there, in the table `_stead_schema`.
///
/// It lies with what it speaks of, so that a restored copy of the database brings its own along.
package struct SchemaRecord: Sendable, Equatable, Codable {
    /// A table or column that was put aside, and will be dropped.
    package struct Quarantined: Sendable, Equatable, Codable {
        package var namespace: String?
        /// The table's name; the new one, where the table itself was put aside.
        package var table: String
        /// Nil for a whole table.
        package var column: String?
        /// What it was called.
        package var original: String
        /// Seconds since 1970.
        package var since: Int

        package init(
            namespace: String?, table: String, column: String? = nil, original: String, since: Int
        ) {
            self.namespace = namespace
            self.table = table
            self.column = column
            self.original = original
            self.since = since
        }
    }

    /// The columns that Stead has brought about, by table.
    package var owned: [OwnedTable]
    package var quarantined: [Quarantined]

    /// A table that was as declared when Stead last changed the schema.
    package struct OwnedTable: Sendable, Equatable, Codable {
        package var table: TableIdentity
        package var columns: [String]
        /// As it was declared, without its rules.
        package var declared: Table

        init(_ table: Table) {
            declared = table
            declared.rules = TableRules()
            self.table = table.identity
            columns = table.columns.map(\.name)
        }
    }

    package init(owned: [OwnedTable] = [], quarantined: [Quarantined] = []) {
        self.owned = owned
        self.quarantined = quarantined
    }

    /// The name of the table that holds it.
    package static let table = "_stead_schema"
    /// What the names of everything put aside begin with.
    package static let prefix = "_stead_old_"

    /// Whether a table is none of the app's: Stead's record, or the gateway's sign-ins.
    package static func isHidden(_ name: String) -> Bool {
        name.hasPrefix("_stead_") && !name.hasPrefix(prefix)
    }

    /// Whether a column's name is one that Stead gives.
    package static func isReserved(column name: String) -> Bool { name == Dialect.liveMark }

    /// Whether a table is Stead's own, and nobody else's business.
    package static func isInternal(_ name: String) -> Bool {
        name.hasPrefix("_stead_")
    }
}
