import SQL
import Schemas

/// What a query of the app's own finds.
struct QueryTask: DatabaseTask {
    let query: NamedQuery
    let statement: SQLFragment
    /// The most rows that are given back.
    let limit: Int

    /// The rows as objects with commas between, and how many there are.
    struct Output: Sendable {
        var rows = WireText(capacity: 1024)
        var count = 0
        var hasMore = false
    }

    func run<D: Database>(on database: D) throws(APIError) -> Output {
        var output = Output()
        var problem: String?
        try database.rows(statement) { row in
            guard output.count < limit, problem == nil else {
                output.hasMore = true
                return
            }
            if output.count > 0 { output.rows.byte(UInt8(ascii: ",")) }
            output.count += 1
            problem = write(row, to: &output.rows)
        }
        if let problem {
            throw APIError(
                500, "internal", "something went wrong here",
                detail: "query \(query.name): \(problem)")
        }
        return output
    }

    /// Writes a row; what is wrong with it, without its values.
    private func write(_ row: some Row, to text: inout WireText) -> String? {
        guard row.columnCount >= query.columns.count else {
            return "finds \(row.columnCount) columns and declares \(query.columns.count)"
        }
        text.byte(UInt8(ascii: "{"))
        for (index, column) in query.columns.enumerated() {
            text.name(column.name)
            switch FoundValue(row.value(index), as: column.type) {
            case .asItStands: ValueWriting.write(row, index, column.type, to: &text)
            case .converted(let value):
                ValueWriting.write(KeptRow(values: [value]), 0, column.type, to: &text)
            case .other: return "the value of `\(column.name)` is no \(column.type)"
            }
        }
        text.byte(UInt8(ascii: "}"))
        return nil
    }
}

/// A query ready to be run for a caller: its tables narrowed to what the caller may see, its marks
/// bound.
struct QueryBinding {
    let app: ServedApp
    let query: NamedQuery
    let caller: Caller
    /// The values that the caller gives.
    let parameters: QueryString
    /// The row's key, where it stands in for a generated route.
    var key: String?

    /// - Throws: 401 or 403 for those it is not for, 400 for values that are missing or wrong.
    func statement() throws(APIError) -> SQLFragment {
        if !query.isPublic, !caller.isSignedIn { throw .unauthenticated }
        if let roles = query.roles, !roles.contains(caller.role), !query.isPublic {
            throw .forbidden
        }
        let known = Set(query.parameters.map(\.name))
        for parameter in parameters.parameters where !known.contains(parameter.name) {
            throw .bad(
                "unknown_field", "`\(query.name)` has no parameter `\(parameter.name)`",
                field: parameter.name)
        }
        var whole = SQLFragment("")
        for piece in app.queryText(query).pieces {
            let part =
                switch piece {
                case .sql(let text):
                    try NamedSQL(text).unbracketed { name throws(APIError) in try value(of: name) }
                case .rows(let table, let hasAlias): try rows(of: table, hasAlias: hasAlias)
                }
            whole.sql += part.sql
            whole.values += part.values
        }
        return whole
    }

    private func rows(of name: String, hasAlias: Bool) throws(APIError) -> SQLFragment {
        guard let table = app.table(name) else { return SQLFragment("") }
        let dialect = Dialect(app.engine)
        let scope = try RowRules(app, table, caller).scope(.list)
        var rows = SelectText(dialect: dialect, table: table).select(where: .all(scope))
        rows.sql = "(\(rows.sql))" + (hasAlias ? "" : " AS \(dialect.quoted(name))")
        return rows
    }

    private func value(of name: String) throws(APIError) -> SQLValue {
        if let parameter = query.parameters.first(where: { $0.name == name }) {
            return try value(of: parameter)
        }
        switch name {
        case "user_id":
            guard let column = app.people?.key.first else { return .null }
            let table = app.people ?? app.tables[0]
            return try RowRules(app, table, caller).subject(as: column)
        case "role": return .text(caller.role)
        case "id": return key.map { NamedValue.value($0, engine: app.engine) } ?? .null
        default: return caller.claims[name] ?? .null
        }
    }

    private func value(of parameter: NamedQuery.Parameter) throws(APIError) -> SQLValue {
        guard let text = try parameters.single(parameter.name) ?? parameter.defaultText else {
            throw .bad(
                "missing_parameter", "`\(query.name)` needs `\(parameter.name)`",
                field: parameter.name)
        }
        do throws(ValueReading.Complaint) {
            return try ValueReading(engine: app.engine).value(text, for: parameter.type)
        } catch {
            throw .bad(
                "invalid_value", "`\(parameter.name)` \(error.message)", field: parameter.name)
        }
    }
}

extension QueryBinding {
    /// Runs it and answers.
    func reply() async throws(APIError) -> Reply {
        let limit = app.release.app.limits.pageRows
        let output = try await app.backend.read(
            QueryTask(query: query, statement: try statement(), limit: limit))
        if query.isSingle {
            guard output.count > 0 else { throw .notFound }
            return Reply.success(output.rows.bytes)
        }
        var meta = WireText()
        meta.raw("\"count\":")
        meta.integer(output.count)
        meta.raw(",\"truncated\":")
        meta.bool(output.hasMore)
        return Reply.success(output.rows.inBrackets, meta: meta.bytes)
    }
}
