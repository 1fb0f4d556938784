import HTTPTypes
import NIOHTTP1
import SQL
import Schemas

/// What is done with a table at a path.
struct TableRoute {
    let table: ServedTable
    let request: APIRequest

    var app: ServedApp { request.app }
    var caller: Caller { request.caller }
    var rules: RowRules { RowRules(app, table, caller) }
    var preferences: Preferences { request.preferences }

    /// The methods that are answered at the request's path.
    var methods: [String] {
        let known: [(Operation, String)]
        switch request.path.count {
        case 1:
            known = [(.list, "GET"), (.create, "POST"), (.update, "PATCH"), (.delete, "DELETE")]
        case 2:
            known = [(.show, "GET"), (.update, "PUT"), (.update, "PATCH"), (.delete, "DELETE")]
        default: known = [(.delete, request.path[2] == "purge" ? "DELETE" : "POST")]
        }
        return known.filter {
            table.rules.operations.contains($0.0) && !($0.0 == .update && isFixed)
        }.map(\.1)
    }

    /// Whether there is nothing to change, as all is key.
    private var isFixed: Bool { table.key.count == table.columns.count }

    /// What answers a request below the table's path.
    func handler() throws(APIError) -> Handler {
        switch (request.path.count, request.method) {
        case (1, .GET), (1, .HEAD):
            if let query = app.query(for: table, .list) {
                return .work { () throws(APIError) in try await answer(query) }
            }
            return .work { () throws(APIError) in try await list() }
        case (1, .POST): return .work { () throws(APIError) in try await create() }
        case (1, .PATCH) where isFixed, (2, .PUT) where isFixed, (2, .PATCH) where isFixed:
            throw notAllowed()
        case (1, .PATCH): return .work { () throws(APIError) in try await changeMany(.update) }
        case (1, .DELETE): return .work { () throws(APIError) in try await changeMany(.delete) }
        case (2, .GET), (2, .HEAD):
            if let query = app.query(for: table, .show) {
                let key = request.path[1]
                return .work { () throws(APIError) in try await answer(query, key: key) }
            }
            return .row(try showTask(key()))
        case (2, .PUT), (2, .PATCH), (2, .DELETE): return try changeOne(key())
        case (1, _), (2, _): throw notAllowed()
        case (3, .POST) where request.path[2] == "restore":
            let key = try key()
            return .work { () throws(APIError) in try await restore(key) }
        case (3, .DELETE) where request.path[2] == "purge":
            let key = try key()
            return .work { () throws(APIError) in try await purge(key) }
        case (3, _) where ["restore", "purge"].contains(request.path[2]): throw notAllowed()
        default: throw APIError(404, "not_found", "there is nothing at this path")
        }
    }

    /// A change of the row that the path names.
    private func changeOne(_ key: [SQLValue]) -> Handler {
        switch request.method {
        case .DELETE: .work { () throws(APIError) in try await delete(key) }
        case let method:
            .work { () throws(APIError) in try await update(key, isWhole: method == .PUT) }
        }
    }

    /// A query of the app's own stands in for a generated route.
    private func answer(_ query: NamedQuery, key: String? = nil) async throws(APIError) -> Reply {
        try await QueryBinding(
            app: app, query: query, caller: caller, parameters: try request.query(), key: key
        ).reply()
    }

    func notAllowed() -> APIError {
        APIError(
            405, "method_not_allowed", "`\(table.name)` has no \(request.method.rawValue) here")
    }

    /// The key that the path names; what can't be a key is the key of nothing.
    private func key() throws(APIError) -> [SQLValue] {
        guard let key = try table.key(in: request, engine: app.engine) else {
            throw .notFound
        }
        return key
    }

    // MARK: - Reading

    private func list() async throws(APIError) -> Reply {
        try rules.admit(.list)
        let parser = ListParser(app, table, role: caller.role, try request.query())
        let list = try parser.list()
        let conditions =
            try rules.scope(.list, includesDeleted: list.includesDeleted) + list.conditions
            + named(list, parser)
        let page = try await app.backend.read(
            ListTask(
                app: app, table: table, caller: caller, request: list, conditions: conditions))
        var meta = WireText()
        meta.raw("\"count\":")
        if let count = page.count { meta.integer(count) } else { meta.raw("null") }
        meta.raw(",\"limit\":")
        meta.integer(list.limit)
        meta.raw(",\"offset\":")
        meta.integer(list.offset)
        meta.raw(",\"next_cursor\":")
        if let cursor = page.nextCursor { meta.string(cursor) } else { meta.raw("null") }
        let data = page.rows.inBrackets
        var reply = Reply.success(data, meta: meta.bytes)
        if let cursor = page.nextCursor {
            reply.headers.append((.link, "<\(link(to: cursor))>; rel=\"next\""))
        }
        // How many there are in all is part of the answer too, and whether more follow.
        let rest = (page.count.map(String.init) ?? "") + (page.nextCursor == nil ? "" : "+")
        reply.set(version: ETag.digest(of: data + Array(rest.utf8)), for: request)
        return reply
    }

    /// The same list from where a page ended.
    private func link(to cursor: String) -> String {
        let kept = request.queryText.split(separator: "&").filter {
            !$0.hasPrefix("cursor=") && !$0.hasPrefix("offset=")
        }
        return "\(request.target)?"
            + (kept.map(String.init) + ["cursor=\(cursor)"])
            .joined(separator: "&")
    }

    /// The conditions of named filters, their parameters bound.
    func named(_ list: ListRequest, _ parser: ListParser) throws(APIError)
        -> [SQLFragment]
    {
        var fragments: [SQLFragment] = []
        for (filter, name) in list.named {
            fragments.append(
                try filter.bound { mark throws(APIError) in
                    if mark == "user_id", let key = app.people?.key.first {
                        return try rules.subject(as: key)
                    }
                    guard let text = try parser.parameter(mark) else {
                        throw .bad(
                            "missing_parameter", "the filter `\(name)` needs `\(mark)`", field: mark
                        )
                    }
                    return try value(text, of: mark, in: filter)
                })
        }
        return fragments
    }

    /// A parameter of a named filter, as the column has it that it is compared with.
    private func value(_ text: String, of mark: String, in filter: NamedSQL) throws(APIError)
        -> SQLValue
    {
        let column = filter.names.firstIndex(of: mark).flatMap {
            table.column(filter.comparands[$0])
        }
        guard let column, column.type.base != .json, column.type.base != .blob else {
            return NamedValue.value(text, engine: app.engine)
        }
        do throws(ValueReading.Complaint) {
            let type = column.type.isTextual ? ColumnType.text : column.type
            return try ValueReading(engine: app.engine).value(text, for: type)
        } catch {
            throw .bad("invalid_value", "`\(mark)` \(error.message)", field: mark)
        }
    }

    /// What may be asked for along with one row.
    private static let rowParameters = ["fields", "include", "include_deleted"]

    private func showTask(_ key: [SQLValue]) throws(APIError) -> ShowTask {
        let rules = rules
        try rules.admit(.show)
        let query = try request.query()
        try query.allow(Self.rowParameters)
        let asked =
            query.parameters.isEmpty
            ? nil : try ListParser(app, table, role: caller.role, query).row()
        let scope = try rules.scope(.show, includesDeleted: asked?.includesDeleted ?? false)
        return ShowTask(
            request, table: table, fields: asked?.fields, includes: asked?.includes ?? [],
            key: key, scope: .all(scope))
    }
}

/// Values of named filters' parameters, which have no type of their own.
enum NamedValue {
    static func value(_ text: String, engine: DatabaseEngine) -> SQLValue {
        if engine != .postgres, let integer = Int(text) { return .integer(integer) }
        // Times are compared as the engine keeps them.
        if text.utf8.count >= 20, let moment = DateText.moment(text) {
            return ValueReading(engine: engine).stored(moment)
        }
        return .text(text)
    }
}
