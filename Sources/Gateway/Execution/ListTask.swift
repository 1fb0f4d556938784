import SQL
import Schemas

/// A page of rows.
struct ListTask: DatabaseTask {
    let app: ServedApp
    let table: ServedTable
    let caller: Caller
    let request: ListRequest
    /// The caller's rules and the request's filters, without the cursor's.
    let conditions: [SQLFragment]

    /// A page as it goes out.
    struct Output: Sendable {
        /// The rows, as an array's elements with commas between.
        var rows: WireText
        var rowCount = 0
        /// How many there are in all; nil when nobody asked.
        var count: Int?
        /// Where the next page begins; nil after the last.
        var nextCursor: String?
    }

    func run<D: Database>(on database: D) throws(APIError) -> Output {
        let select = SelectText(dialect: Dialect(app.engine), table: table)
        let order = select.complete(request.order)
        let fingerprint = fingerprint(order)
        var all = conditions
        if let text = request.cursor {
            let cursor = try Cursor(text, fingerprint: fingerprint, count: order.count)
            all.append(cursor.condition(order))
        }
        var statement = select.select(where: .all(all))
        // One more than asked for tells whether there is another page.
        statement.sql += select.orderText(order) + " LIMIT ?"
        statement.values.append(.integer(request.limit + 1))
        if request.offset > 0 {
            statement.sql += " OFFSET ?"
            statement.values.append(.integer(request.offset))
        }
        var output = try page(statement, order, fingerprint, on: database)
        output.count = try count(on: database)
        return output
    }

    /// What a cursor is only good for: the table, the order and the conditions.
    private func fingerprint(_ order: [OrderTerm]) -> String {
        let terms = order.map { "\($0.column.name) \($0.isDescending) \($0.nullsFirst)" }
        let parts = [app.name, table.name] + terms + [request.fingerprint]
        return ETag.text(ETag.digest(of: Array(parts.joined(separator: "\n").utf8)[...]))
    }

    private func page<D: Database>(
        _ statement: SQLFragment, _ order: [OrderTerm], _ fingerprint: String, on database: D
    ) throws(APIError) -> Output {
        let writer = RowText(table, fields: request.fields, role: caller.role)
        let keys = RelationKeys(table, request.includes)
        let hasIncludes = !request.includes.isEmpty
        var output = Output(rows: WireText(capacity: 4096))
        var fetched: [FetchedRow] = []
        var last: [SQLValue] = []
        var hasMore = false
        let limit = request.limit
        try database.rows(statement) { row in
            guard output.rowCount < limit else {
                hasMore = true
                return
            }
            output.rowCount += 1
            if output.rowCount == limit { last = order.map { row.value($0.column.index) } }
            guard hasIncludes else {
                if output.rowCount > 1 { output.rows.byte(UInt8(ascii: ",")) }
                writer.write(row, to: &output.rows)
                output.rows.byte(UInt8(ascii: "}"))
                return
            }
            var text = WireText()
            writer.write(row, to: &text)
            fetched.append(FetchedRow(text: text, keys: keys.values(of: row)))
        }
        if hasMore { output.nextCursor = Cursor(fingerprint: fingerprint, values: last).text }
        guard hasIncludes else { return output }
        var reading = RelationReading(app: app, caller: caller)
        try reading.add(request.includes, to: &fetched, of: table, keys, on: database)
        for (index, row) in fetched.enumerated() {
            if index > 0 { output.rows.byte(UInt8(ascii: ",")) }
            output.rows.raw(row.text.bytes)
            output.rows.byte(UInt8(ascii: "}"))
        }
        return output
    }

    /// An estimate is exact as long as counting is cheap: up to a limit.
    private static let estimateLimit = 10_000

    private func count<D: Database>(on database: D) throws(APIError) -> Int? {
        guard request.count != .none else { return nil }
        let condition = SQLFragment.all(conditions)
        let whole = condition.map { " WHERE " + $0.sql } ?? ""
        var statement = SQLFragment(
            "SELECT count(*) FROM \(table.quoted)\(whole)", condition?.values ?? [])
        if request.count == .estimated {
            statement.sql =
                "SELECT count(*) FROM (SELECT 1 FROM \(table.quoted)\(whole) LIMIT "
                + "\(Self.estimateLimit)) AS counted"
        }
        var count = 0
        try database.rows(statement) { count = $0.integer(0) ?? 0 }
        return count
    }
}
