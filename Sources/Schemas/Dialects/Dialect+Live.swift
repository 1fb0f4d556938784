/// Uniques among the rows that are not deleted.
///
/// SQLite and PostgreSQL have indexes of a part of the rows. MariaDB has none, but takes nulls for
/// different: a hidden column, null for deleted rows, is the last of the key.
extension Dialect {
    /// MariaDB's hidden column.
    static let liveMark = "_stead_live"

    /// It as a table's definition or an `ADD COLUMN` has it; nothing is stored for it.
    ///
    /// Source: mariadb.com/kb/en/generated-columns, mariadb.com/kb/en/invisible-columns.
    var liveMarkDefinition: String {
        "\(quoted(Self.liveMark)) TINYINT GENERATED ALWAYS AS "
            + "(IF(\(quoted(Table.deletionStamp)) IS NULL, 1, NULL)) VIRTUAL INVISIBLE"
    }

    /// The columns of an index in brackets, and which rows it is of.
    func indexed(_ shape: IndexShape) -> String {
        guard shape.isLive else { return "(\(quoted(shape.columns)))" }
        guard engine != .mariadb else { return "(\(quoted(shape.columns + [Self.liveMark])))" }
        return "(\(quoted(shape.columns))) WHERE \(quoted(Table.deletionStamp)) IS NULL"
    }

    /// Whether a table's own definition makes an index; what PostgreSQL's can't is a part of the
    /// rows.
    func isConstraint(_ shape: IndexShape) -> Bool {
        switch engine {
        case .sqlite: false
        case .mariadb: shape.isUnique
        case .postgres: shape.isUnique && !shape.isLive
        }
    }
}

extension ObservedTable {
    /// Whether the condition of an index is that of a unique among the rows not deleted.
    func isOfLive(_ condition: String, _ engine: DatabaseEngine) -> Bool {
        table[Table.deletionStamp]?.type.base == .datetime
            && SQLText(condition, engine).isSame(as: "\(Table.deletionStamp) IS NULL")
    }
}
