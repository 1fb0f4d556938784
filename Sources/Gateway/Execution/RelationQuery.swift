import SQL
import Schemas

/// The query for the rows of a relation that many rows hang on.
struct RelationQuery {
    private let relation: Relation
    private let far: ServedTable
    private let engine: DatabaseEngine
    private let scope: [SQLFragment]
    /// Whether the engine says which of the values a row was found for.
    ///
    /// It finds texts by the column's collation, to which `de` and `DE` may be one; those of
    /// PostgreSQL that are not looked at byte by byte are rare, and have to be made first.
    private let namesPlaces: Bool

    /// - Parameters:
    ///   - relation: what is followed.
    ///   - near: the table where it begins.
    ///   - far: the table at its other end.
    ///   - engine: what runs the query.
    ///   - scope: the conditions that the caller's rules put on the far rows.
    init(
        _ relation: Relation, from near: ServedTable, to far: ServedTable,
        engine: DatabaseEngine, scope: [SQLFragment]
    ) {
        self.relation = relation
        self.far = far
        self.engine = engine
        self.scope = scope
        let isText = near.column(relation.nearColumn)?.type.isTextual ?? false
        namesPlaces = engine != .postgres && isText
    }

    /// The far rows of some values, with one more column: see `owner`.
    func statement(for values: [SQLValue]) -> SQLFragment {
        let dialect = Dialect(engine)
        let select = SelectText(dialect: dialect, table: far)
        let listed = far.columns.map { "far_rows." + $0.quoted }.joined(separator: ", ")
        // The far table stands alone in a query of its own, so that its rules can name its columns.
        let inner = select.select(where: .all(scope))
        var from = "(\(inner.sql)) AS far_rows"
        var holder = "far_rows.\(dialect.quoted(relation.farColumn))"
        if case .manyToMany(let join, let near, let joinFar) = relation.kind {
            from += " JOIN \(dialect.quoted(join)) AS joined "
            from += "ON joined.\(dialect.quoted(joinFar)) = \(holder)"
            holder = "joined.\(dialect.quoted(near))"
        }
        // Few lengths make few texts, which connections keep prepared. Nothing is equal to null.
        let count = values.count.nextPowerOfTwo
        let bound = values + Array(repeating: .null, count: count - values.count)
        let marks = Array(repeating: "?", count: count).joined(separator: ", ")
        let order = select.orderText(select.complete(far.order), of: "far_rows")
        let sql: String
        if namesPlaces {
            sql = "SELECT \(listed), \(found(holder, in: from, marks, count: count))"
        } else {
            sql = "SELECT \(listed), \(holder) FROM \(from) WHERE \(holder) IN (\(marks))"
        }
        return SQLFragment(sql + order, inner.values + bound)
    }

    /// Which of the values a row was found for.
    func owner(of row: some Row, among values: [SQLValue]) -> SQLValue {
        let last = far.columns.count
        guard namesPlaces else { return row.value(last) }
        return row.integer(last).map { values[$0] } ?? .null
    }

    /// The place of the value that a column is equal to, and where that is found.
    private func found(_ holder: String, in from: String, _ marks: String, count: Int) -> String {
        guard engine == .mariadb else {
            let places = (0..<count).map { "(\($0), ?)" }.joined(separator: ", ")
            return "wanted.column1 FROM \(from) JOIN (VALUES \(places)) AS wanted "
                + "ON \(holder) = wanted.column2"
        }
        // In a table values have a collation of their own, which may not go with the column's.
        let places = (0..<count).map { "SELECT \($0) AS place" }.joined(separator: " UNION ALL ")
        return "wanted.place FROM \(from) JOIN (\(places)) AS wanted "
            + "ON \(holder) = ELT(wanted.place + 1, \(marks))"
    }
}
