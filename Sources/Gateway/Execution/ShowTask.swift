import SQL
import Schemas

/// One row, with the relations that come along.
///
/// A class for the same reason as `ServedTable`.
final class ShowTask: DatabaseTask {
    /// What asks for it.
    let request: APIRequest
    let table: ServedTable
    /// What the row shows; nil for all that the caller may read.
    let fields: [ServedColumn]?
    /// What comes along.
    let includes: [IncludeRequest]
    let key: [SQLValue]
    /// What the caller's rules say; nil where every row may be seen.
    let scope: SQLFragment?

    init(
        _ request: APIRequest, table: ServedTable, fields: [ServedColumn]?,
        includes: [IncludeRequest], key: [SQLValue], scope: SQLFragment?
    ) {
        self.request = request
        self.table = table
        self.fields = fields
        self.includes = includes
        self.key = key
        self.scope = scope
    }

    /// The key, where it is one integer and nothing comes along with the row.
    var singleKey: Int? {
        guard includes.isEmpty, key.count == 1, case .integer(let key) = key[0] else {
            return nil
        }
        return key
    }

    /// A row as it goes out.
    struct Output: Sendable {
        /// The whole answer.
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
        guard !includes.isEmpty else {
            try database.rows(select(), values) { row in
                found = found ?? write(row, to: &text)
            }
            guard let found else { throw .notFound }
            return Output(found, in: text.bytes)
        }
        text.beginSuccess()
        let writer = RowText(table, fields: fields, role: request.caller.role)
        let keys = RelationKeys(table, includes)
        var related: [[SQLValue]] = []
        var version: UInt64?
        try database.rows(select(), values) { row in
            guard version == nil else { return }
            version = writer.writeVersioned(row, to: &text)
            related.append(keys.values(of: row))
        }
        guard let version else { throw .notFound }
        var rows = [FetchedRow(text: text, keys: related[0])]
        var reading = RelationReading(app: request.app, caller: request.caller)
        try reading.add(includes, to: &rows, of: table, keys, on: database)
        rows[0].text.byte(UInt8(ascii: "}"))
        rows[0].text.endSuccess()
        let bytes = rows[0].text.bytes
        return Output(Written(place: bytes.indices, version: version), in: bytes)
    }

    /// The statement that finds rows by so many keys and the caller's rules.
    func select(_ count: Int = 1) -> PreparedText { table.select(byKeys: count, and: scope?.sql) }

    /// Writes the answer of a row with nothing that comes along.
    func write(_ row: some Row, to text: inout WireText) -> Written {
        let start = text.count
        text.beginSuccess()
        let version = RowText(table, fields: fields, role: request.caller.role)
            .writeVersioned(row, to: &text)
        text.byte(UInt8(ascii: "}"))
        text.endSuccess()
        return Written(place: start..<text.count, version: version)
    }

    /// The answer with the row.
    func reply(_ row: Output) -> Reply {
        var reply = Reply(200, body: row.body)
        if includes.isEmpty {
            reply.set(version: row.version, for: request)
        } else {
            // The version is the row's own: what comes along may have changed without it.
            reply.version = row.version
        }
        return reply
    }
}
