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
            let found = try fetch(
                include, relation, from: table, to: far, Array(wanted), on: database)
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
        _ include: IncludeRequest, _ relation: Relation, from near: ServedTable,
        to far: ServedTable, _ wanted: [SQLValue], on database: D
    ) throws(APIError) -> [SQLValue: [FetchedRow]] {
        // What may not be listed or shown for itself doesn't come along either.
        let rules = RowRules(app, far, caller)
        try rules.admit(relation.isList ? .list : .show)
        let scope = try rules.scope(relation.isList ? .list : .show)
        let fields = include.fields.compactMap(far.column)
        let writer = RowText(far, fields: fields.isEmpty ? nil : fields, role: caller.role)
        let keys = RelationKeys(far, include.includes)
        let query = RelationQuery(
            relation, from: near, to: far, engine: app.engine, scope: scope)
        var rows: [FetchedRow] = []
        var owners: [SQLValue] = []
        for start in stride(from: 0, to: wanted.count, by: Self.chunk) {
            let part = Array(wanted[start..<min(start + Self.chunk, wanted.count)])
            let before = rows.count
            try database.rows(query.statement(for: part)) { row in
                var text = WireText()
                writer.write(row, to: &text)
                rows.append(FetchedRow(text: text, keys: keys.values(of: row)))
                owners.append(query.owner(of: row, among: part))
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
}
