/// What a database turned out to hold.
package struct ObservedSchema: Sendable, Equatable, Codable {
    package var tables: [ObservedTable]
    /// What a schema can't express, a line each: triggers, partial indexes, unusual types.
    package var unexpressed: [String]
    /// What Stead wrote into the database when it last changed it; nil when it never did.
    package var record: SchemaRecord?

    package init(
        tables: [ObservedTable] = [], unexpressed: [String] = [], record: SchemaRecord? = nil
    ) {
        self.tables = tables
        self.unexpressed = unexpressed
        self.record = record
    }

    /// The table of an identity; nil when there is none.
    package subscript(identity: TableIdentity) -> ObservedTable? {
        tables.first { $0.table.identity == identity }
    }
}

/// A table as its database describes it.
package struct ObservedTable: Sendable, Equatable, Codable {
    /// The same as a schema would say it.
    ///
    /// Its `uniques` and `indexes` are empty: see `indexes` here.
    package var table: Table
    package var indexes: [ObservedIndex]
    package var checks: [ObservedCheck]
    /// The types of columns that a check makes an enum of, without it.
    package var plainTypes: [String: ColumnType]
    /// The names of foreign keys, by their column.
    package var foreignKeyNames: [String: String]
    /// Columns of a type that the API can read only as text.
    package var foreignTypes: [String: String]
    /// What a new definition of a column must keep: its type and collation, as written; not
    /// PostgreSQL's, which defines no column anew.
    package var declarations: [String: String]
    /// What else a definition of a column must keep: MariaDB's comment and what an update sets,
    /// and that SQLite computes it when it is read.
    package var options: [String: String]
    /// How SQLite columns refer to other tables, as written.
    package var references: [String: String]
    /// Constraints that a schema can't express, as written; SQLite only.
    package var otherConstraints: [String]
    /// A SQLite table that is its own key's index.
    package var isWithoutRowID = false
    /// A SQLite table that holds in each column only what its type says.
    package var isStrict = false
    /// A SQLite table whose numbers are never given twice: `AUTOINCREMENT`.
    package var isSequenced = false
    /// A MariaDB table with the hidden column by which uniques leave deleted rows out.
    package var hasLiveMark = false
    /// Definitions of triggers and other indexes, which go with a SQLite table that is rebuilt.
    package var dependents: [String]

    package init(_ table: Table) {
        self.table = table
        indexes = []
        checks = []
        plainTypes = [:]
        foreignKeyNames = [:]
        foreignTypes = [:]
        declarations = [:]
        options = [:]
        references = [:]
        otherConstraints = []
        dependents = []
    }
}

/// An index that a schema could have declared.
package struct ObservedIndex: Sendable, Equatable, Codable {
    package var name: String
    package var columns: [String]
    package var isUnique: Bool
    /// Whether only rows that are not deleted count.
    package var isLive: Bool
    /// Belongs to a constraint, and goes with it.
    package var isConstraint: Bool
    /// Whether it is whole: one that PostgreSQL was interrupted in making is not.
    package var isValid: Bool

    package init(
        name: String, columns: [String], isUnique: Bool, isLive: Bool = false,
        isConstraint: Bool, isValid: Bool = true
    ) {
        self.isLive = isLive
        self.isValid = isValid
        self.name = name
        self.columns = columns
        self.isUnique = isUnique
        self.isConstraint = isConstraint
    }

    /// Whether it is of a column, or leaves rows out by it.
    func uses(_ column: String) -> Bool {
        columns.contains(column) || isLive && column == Table.deletionStamp
    }

    /// What a schema would declare it as.
    var shape: IndexShape { IndexShape(columns, isUnique: isUnique, isLive: isLive) }
}

/// A check constraint.
package struct ObservedCheck: Sendable, Equatable, Codable {
    package var name: String
    /// The engine's own words for the condition.
    package var condition: String
    /// The column, if it is about one.
    package var column: String?

    package init(name: String, condition: String, column: String?) {
        self.name = name
        self.condition = condition
        self.column = column
    }
}

extension ObservedTable {
    /// The table as a schema would declare it, with its indexes and checks.
    package func asDeclared() -> Table {
        var table = table
        let valid = indexes.filter(\.isValid)
        let uniques = valid.filter(\.isUnique)
        table.uniques = uniques.map(\.columns)
        // One that counts every row says more than one that doesn't.
        let live = uniques.filter(\.isLive).map(\.columns).filter { columns in
            !uniques.contains { $0.columns == columns && !$0.isLive }
        }
        table.liveUniques = live.isEmpty ? nil : live
        table.indexes = valid.filter { !$0.isUnique }.map(\.columns)
        return table
    }
}

extension ObservedTable {
    /// How columns compare text that don't do so by code points, in order.
    var collations: [(column: String, collation: String)] {
        table.columns.compactMap { column in
            let words = (declarations[column.name] ?? "").split(separator: " ")
            guard column.type.isTextual, words.count > 1,
                let mark = words.dropLast().lastIndex(where: { $0.uppercased() == "COLLATE" })
            else { return nil }
            let name = words[mark + 1]
            let isPlain = name.uppercased() == "BINARY" || name.hasSuffix("_bin")
            return isPlain ? nil : (column.name, String(name))
        }
    }
}
