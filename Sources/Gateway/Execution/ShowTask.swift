import SQL
import Schemas

/// One row, with the relations that come along.
struct ShowTask: DatabaseTask {
    let app: ServedApp
    let table: ServedTable
    let caller: Caller
    let request: ListRequest
    /// What it is found by, the caller's rules included.
    let condition: SQLFragment

    /// A row as it goes out.
    struct Output: Sendable {
        /// The object.
        var body: [UInt8]
        var etag: String
    }

    /// - Throws: 404 when there is no such row, for this caller.
    func run<D: Database>(on database: D) throws(APIError) -> Output {
        let select = SelectText(dialect: Dialect(app.engine), table: table).select(where: condition)
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
        guard !request.includes.isEmpty else {
            text.byte(UInt8(ascii: "}"))
            return Output(body: text.bytes, etag: etag)
        }
        var rows = [FetchedRow(text: text, keys: values[0])]
        var reading = RelationReading(app: app, caller: caller)
        try reading.add(request.includes, to: &rows, of: table, keys, on: database)
        rows[0].text.byte(UInt8(ascii: "}"))
        return Output(body: rows[0].text.bytes, etag: etag)
    }
}
