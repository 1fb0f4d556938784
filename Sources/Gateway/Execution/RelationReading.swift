import SQL
import Schemas

/// A row on its way out: its object without the closing brace, and what its relations hang on.
struct FetchedRow: Sendable {
    var text: WireText
    /// One for each relation that comes along, in their order.
    var keys: [SQLValue]
}

/// The columns of a row that its relations hang on.
struct RelationKeys {
    private let columns: [Int]

    init(_ table: ServedTable, _ includes: [IncludeRequest]) {
        columns = includes.compactMap { include in
            table.relations.first { $0.name == include.name }
                .flatMap { table.column($0.nearColumn)?.index }
        }
    }

    func values(of row: some Row) -> [SQLValue] { columns.map(row.value) }
}

/// Fetches related rows, one query for each relation of each level.
struct RelationReading {
    private let app: ServedApp
    private let caller: Caller
    /// Related rows so far.
    private var count = 0

    /// The most related rows of one response.
    private static let limit = 10_000
    /// The most values of one query.
    private static let chunk = 500

    init(app: ServedApp, caller: Caller) {
        self.app = app
        self.caller = caller
    }

    /// Writes the relations into the rows.
    mutating func add<D: Database>(
        _ includes: [IncludeRequest], to rows: inout [FetchedRow], of table: ServedTable,
        _ keys: RelationKeys, on database: D
    ) throws(APIError) {
        for (position, include) in includes.enumerated() {
            guard let relation = table.relations.first(where: { $0.name == include.name }),
                let far = app.table(relation.table)
            else { continue }
            let wanted = Set(rows.map { $0.keys[position] }.filter { $0 != .null })
            let found = try fetch(include, relation, far, Array(wanted), on: database)
            for index in rows.indices {
                let related = found[rows[index].keys[position]] ?? []
                Self.write(related, relation, to: &rows[index].text)
            }
        }
    }

    private static func write(
        _ related: [FetchedRow], _ relation: Relation, to text: inout WireText
    ) {
        text.name(relation.name)
        guard relation.isList else {
            guard let row = related.first else { return text.raw("null") }
            text.raw(row.text.bytes)
            text.byte(UInt8(ascii: "}"))
            return
        }
        text.byte(UInt8(ascii: "["))
        for (index, row) in related.enumerated() {
            if index > 0 { text.byte(UInt8(ascii: ",")) }
            text.raw(row.text.bytes)
            text.byte(UInt8(ascii: "}"))
        }
        text.byte(UInt8(ascii: "]"))
    }

    /// The related rows, by what they hang on.
    private mutating func fetch<D: Database>(
        _ include: IncludeRequest, _ relation: Relation, _ far: ServedTable,
        _ wanted: [SQLValue], on database: D
    ) throws(APIError) -> [SQLValue: [FetchedRow]] {
        // What may not be listed or shown for itself doesn't come along either.
        let rules = RowRules(app, far, caller)
        try rules.admit(relation.isList ? .list : .show)
        let scope = try rules.scope(relation.isList ? .list : .show)
        let fields = include.fields.compactMap(far.column)
        let writer = RowText(far, fields: fields.isEmpty ? nil : fields, role: caller.role)
        let keys = RelationKeys(far, include.includes)
        var rows: [FetchedRow] = []
        var owners: [SQLValue] = []
        for start in stride(from: 0, to: wanted.count, by: Self.chunk) {
            let part = Array(wanted[start..<min(start + Self.chunk, wanted.count)])
            let statement = self.statement(relation, far, part, scope)
            let before = rows.count
            try database.rows(statement) { row in
                var text = WireText()
                writer.write(row, to: &text)
                rows.append(FetchedRow(text: text, keys: keys.values(of: row)))
                owners.append(row.value(far.columns.count))
            }
            count += rows.count - before
            guard count <= Self.limit else {
                throw .bad(
                    "too_many_rows",
                    "more than \(Self.limit) related rows: ask for fewer at once",
                    field: "include")
            }
        }
        try add(include.includes, to: &rows, of: far, keys, on: database)
        var found: [SQLValue: [FetchedRow]] = [:]
        for (row, owner) in zip(rows, owners) { found[owner, default: []].append(row) }
        return found
    }

    /// The far rows with one more column: what the near row holds.
    private func statement(
        _ relation: Relation, _ far: ServedTable, _ values: [SQLValue], _ scope: [SQLFragment]
    ) -> SQLFragment {
        let dialect = Dialect(app.engine)
        let select = SelectText(dialect: dialect, table: far)
        let size = values.count.nextPowerOfTwo
        let bound = values + Array(repeating: values[values.count - 1], count: size - values.count)
        let marks = Array(repeating: "?", count: size).joined(separator: ", ")
        let orderText = select.orderText(select.complete(far.order))
        let farColumn = dialect.quoted(relation.farColumn)
        guard case .manyToMany(let join, let nearColumn, let joinFar) = relation.kind else {
            let condition = SQLFragment.all(
                [SQLFragment("\(farColumn) IN (\(marks))", bound)] + scope)
            var statement = select.select("\(far.selectList), \(farColumn)", where: condition)
            statement.sql += orderText
            return statement
        }
        // The far table stands alone in a query of its own, so that its rules can name its columns.
        var inner = select.select(where: .all(scope))
        let listed = far.columns.map { "far_rows." + $0.quoted }.joined(separator: ", ")
        let near = dialect.quoted(nearColumn)
        inner.sql =
            "SELECT \(listed), joined.\(near) FROM (\(inner.sql)) AS far_rows "
            + "JOIN \(dialect.quoted(join)) AS joined "
            + "ON joined.\(dialect.quoted(joinFar)) = far_rows.\(farColumn) "
            + "WHERE joined.\(near) IN (\(marks))" + order(qualified: far, select)
        inner.values += bound
        return inner
    }

    private func order(qualified far: ServedTable, _ select: SelectText) -> String {
        // Names are those of the derived table; the joined one's key could share them.
        let terms = select.complete(far.order).map { term in
            "far_rows." + term.column.quoted + (term.isDescending ? " DESC" : "")
        }
        return terms.isEmpty ? "" : " ORDER BY " + terms.joined(separator: ", ")
    }
}
