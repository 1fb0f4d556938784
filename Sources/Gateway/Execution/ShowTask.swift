import SQL
import Schemas

/// One row, with the relations that come along.
struct ShowTask: DatabaseTask {
    let app: ServedApp
    let table: ServedTable
    let caller: Caller
    let request: ListRequest
    let key: [SQLValue]
    /// What the caller's rules say; nil where every row may be seen.
    let scope: SQLFragment?

    /// A row as it goes out.
    struct Output: Sendable {
        /// The object.
        var body: [UInt8]
        var etag: String
    }

    /// - Throws: 404 when there is no such row, for this caller.
    func run<D: Database>(on database: D) throws(APIError) -> Output {
        let select = select(
            SQLFragment(table.key.map { "\($0.quoted) = ?" }.joined(separator: " AND "), key))
        guard !request.includes.isEmpty else {
            var found: Output?
            try database.rows(select) { row in found = found ?? output(of: row) }
            guard let found else { throw .notFound }
            return found
        }
        let writer = RowText(table, fields: request.fields, role: caller.role)
        var text = JSONText(capacity: 512)
        var etag: String?
        let keys = RelationKeys(table, request.includes)
        var values: [[SQLValue]] = []
        try database.rows(select) { row in
            guard etag == nil else { return }
            etag = writer.writeVersioned(row, to: &text)
            values.append(keys.values(of: row))
        }
        guard let etag else { throw .notFound }
        var rows = [FetchedRow(text: text, keys: values[0])]
        var reading = RelationReading(app: app, caller: caller)
        try reading.add(request.includes, to: &rows, of: table, keys, on: database)
        rows[0].text.byte(UInt8(ascii: "}"))
        return Output(body: rows[0].text.bytes, etag: etag)
    }

    /// The statement that finds rows by a condition and the caller's rules.
    func select(_ condition: SQLFragment) -> SQLFragment {
        SelectText(dialect: Dialect(app.engine), table: table)
            .select(where: .all([condition] + (scope.map { [$0] } ?? [])))
    }

    /// A row with nothing that comes along.
    func output(of row: some Row) -> Output {
        var text = JSONText(capacity: 512)
        let etag = RowText(table, fields: request.fields, role: caller.role)
            .writeVersioned(row, to: &text)
        text.byte(UInt8(ascii: "}"))
        return Output(body: text.bytes, etag: etag)
    }
}
