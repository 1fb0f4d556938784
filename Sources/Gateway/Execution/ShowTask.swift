import SQL
import Schemas

/// One row, with the relations that come along.
///
/// A class for the same reason as `ServedTable`.
final class ShowTask: DatabaseTask {
    let app: ServedApp
    let table: ServedTable
    let caller: Caller
    let request: ListRequest
    let key: [SQLValue]
    /// What the caller's rules say; nil where every row may be seen.
    let scope: SQLFragment?

    init(
        app: ServedApp, table: ServedTable, caller: Caller, request: ListRequest, key: [SQLValue],
        scope: SQLFragment?
    ) {
        self.app = app
        self.table = table
        self.caller = caller
        self.request = request
        self.key = key
        self.scope = scope
    }

    /// The key, where it is one integer and nothing comes along with the row.
    var singleKey: Int? {
        guard request.includes.isEmpty, key.count == 1, case .integer(let key) = key[0] else {
            return nil
        }
        return key
    }

    /// A row as it goes out.
    struct Output: Sendable {
        /// The object.
        let body: ArraySlice<UInt8>
        let version: UInt64

        init(_ row: Written, in bytes: ArraySlice<UInt8>) {
            body = bytes[row.place]
            version = row.version
        }
    }

    /// Where a row stands in a text, and its version.
    struct Written {
        let place: Range<Int>
        let version: UInt64
    }

    /// - Throws: 404 when there is no such row, for this caller.
    func run<D: Database>(on database: D) throws(APIError) -> Output {
        let values = key + (scope?.values ?? [])
        var text = WireText(capacity: 512)
        var found: Written?
        guard !request.includes.isEmpty else {
            try database.rows(select(), values) { row in
                found = found ?? write(row, to: &text)
            }
            guard let found else { throw .notFound }
            return Output(found, in: text.bytes)
        }
        let writer = RowText(table, fields: request.fields, role: caller.role)
        let keys = RelationKeys(table, request.includes)
        var related: [[SQLValue]] = []
        var version: UInt64?
        try database.rows(select(), values) { row in
            guard version == nil else { return }
            version = writer.writeVersioned(row, to: &text)
            related.append(keys.values(of: row))
        }
        guard let version else { throw .notFound }
        var rows = [FetchedRow(text: text, keys: related[0])]
        var reading = RelationReading(app: app, caller: caller)
        try reading.add(request.includes, to: &rows, of: table, keys, on: database)
        rows[0].text.byte(UInt8(ascii: "}"))
        let bytes = rows[0].text.bytes
        return Output(Written(place: bytes.indices, version: version), in: bytes)
    }

    /// The statement that finds rows by so many keys and the caller's rules.
    func select(_ count: Int = 1) -> PreparedText { table.select(byKeys: count, and: scope?.sql) }

    /// Writes a row with nothing that comes along.
    func write(_ row: some Row, to text: inout WireText) -> Written {
        let start = text.count
        let version = RowText(table, fields: request.fields, role: caller.role)
            .writeVersioned(row, to: &text)
        text.byte(UInt8(ascii: "}"))
        return Written(place: start..<text.count, version: version)
    }
}
