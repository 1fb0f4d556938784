import HTTPTypes
import SQL
import Schemas

/// What is done with a table at a path.
struct TableRoute {
    let app: ServedApp
    let table: ServedTable
    let request: APIRequest

    private var caller: Caller { request.caller }
    private var rules: RowRules { RowRules(app, table, caller) }
    private var preferences: Preferences { request.preferences }

    /// Answers a request below the table's path.
    func respond() async throws(APIError) -> Reply {
        switch (request.path.count, request.method) {
        case (1, .get), (1, .head):
            if let query = app.query(for: table, .list) { return try await answer(query) }
            return try await list()
        case (1, .post): return try await create()
        case (1, .patch): return try await changeMany(.update)
        case (1, .delete): return try await changeMany(.delete)
        case (2, .get), (2, .head):
            if let query = app.query(for: table, .show) {
                return try await answer(query, key: request.path[1])
            }
            return try await show(key())
        case (2, .put): return try await update(key(), isWhole: true)
        case (2, .patch): return try await update(key(), isWhole: false)
        case (2, .delete): return try await delete(key())
        case (3, .post) where request.path[2] == "restore": return try await restore(key())
        case (3, .delete) where request.path[2] == "purge": return try await purge(key())
        case (1, _), (2, _): throw notAllowed()
        default: throw APIError(404, "not_found", "there is nothing at this path")
        }
    }

    /// A query of the app's own stands in for a generated route.
    private func answer(_ query: NamedQuery, key: String? = nil) async throws(APIError) -> Reply {
        try await QueryBinding(
            app: app, query: query, caller: caller, parameters: try request.query(), key: key
        ).reply()
    }

    private func notAllowed() -> APIError {
        var error = APIError(
            405, "method_not_allowed", "`\(table.name)` has no \(request.method.rawValue) here")
        error.allowed = app.methods(of: table)
        return error
    }

    /// The key that the path names: its parts with commas between.
    private func key() throws(APIError) -> [SQLValue] {
        let parts = request.path[1].utf8.split(
            separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
        guard !table.key.isEmpty, parts.count == table.key.count else { throw .notFound }
        let reading = ValueReading(engine: app.engine)
        var values: [SQLValue] = []
        for (part, column) in zip(parts, table.key) {
            // What can't be a key is the key of nothing.
            guard
                let value = try? reading.value(
                    String(Substring(part)), for: column.type)
            else {
                throw .notFound
            }
            values.append(value)
        }
        return values
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
        var meta = JSONText()
        meta.raw("\"count\":")
        if let count = page.count { meta.integer(count) } else { meta.raw("null") }
        meta.raw(",\"limit\":")
        meta.integer(list.limit)
        meta.raw(",\"offset\":")
        meta.integer(list.offset)
        meta.raw(",\"next_cursor\":")
        if let cursor = page.nextCursor { meta.string(cursor) } else { meta.raw("null") }
        var data = JSONText(capacity: page.rows.count + 2)
        data.raw("[")
        data.raw(page.rows.bytes)
        data.raw("]")
        var reply = Reply.success(data.bytes, meta: meta.bytes)
        if let cursor = page.nextCursor {
            reply.headers.append((.link, "<\(link(to: cursor))>; rel=\"next\""))
        }
        // How many there are in all is part of the answer too.
        let count = page.count.map { Array(String($0).utf8) } ?? []
        return conditional(reply, ETag.text(of: (data.bytes + count)[...]))
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
    private func named(_ list: ListRequest, _ parser: ListParser) throws(APIError)
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
                    return NamedValue.value(text, engine: app.engine)
                })
        }
        return fragments
    }

    private func show(_ key: [SQLValue]) async throws(APIError) -> Reply {
        try rules.admit(.show)
        let list = try ListParser(app, table, role: caller.role, try request.query()).row()
        let writing = RowWriting(app, caller, now: 0)
        let scope = try rules.scope(.show, includesDeleted: list.includesDeleted)
        let condition = SQLFragment.all([writing.condition(key, of: table)] + scope)
        guard let condition else { throw .notFound }
        let row = try await app.backend.read(
            ShowTask(
                app: app, table: table, caller: caller, request: list, condition: condition))
        let reply = Reply.success(row.body)
        // The version is the row's own: what comes along may have changed without it.
        guard list.includes.isEmpty else {
            var whole = reply
            whole.headers.append((.eTag, row.etag))
            return whole
        }
        return conditional(reply, row.etag)
    }

    /// 304 where the caller has this version already.
    private func conditional(_ reply: Reply, _ etag: String) -> Reply {
        var reply = reply
        reply.headers.append((.eTag, etag))
        if let known = request.headers[.ifNoneMatch], ETag.matches(known, etag) {
            reply.status = 304
            reply.body = []
        }
        return reply
    }

    // MARK: - Writing

    private func write(_ order: WriteOrder) async throws(APIError) -> WriteTask.Output {
        let task = WriteTask(
            app: app, table: table, caller: caller, order: order,
            match: request.headers[.ifMatch], now: Clock.milliseconds)
        guard preferences.isDryRun else { return try await app.backend.write(task) }
        let dryRun = DryRun(task)
        do throws(APIError) {
            _ = try await app.backend.write(dryRun)
        } catch {
            if let output = dryRun.result, error.status == 0 { return output }
            throw error
        }
        throw APIError(500, "internal", "something went wrong here")
    }

    private func finish(_ reply: Reply, minimal isMinimal: Bool) -> Reply {
        var reply = reply
        if isMinimal {
            reply.status = reply.status == 201 ? 201 : 204
            reply.body = []
        }
        if let applied = preferences.applied {
            reply.headers.append((.preferenceApplied, applied))
        }
        return reply
    }

    private func create() async throws(APIError) -> Reply {
        try rules.admit(.create)
        let json = try request.json()
        var reading = DraftReading(app, caller)
        var drafts: [RowDraft] = []
        var isBulk = false
        if case .array(let items) = json {
            isBulk = true
            for (index, item) in items.enumerated() {
                drafts.append(try reading.draft(item, of: table, at: "[\(index)]."))
            }
        } else {
            drafts.append(try reading.draft(json, of: table))
        }
        let writing = RowWriting(app, caller, now: 0)
        var problems: [APIError.FieldProblem] = []
        for draft in drafts { problems += try writing.problems(ofNew: draft, in: table) }
        if !problems.isEmpty { throw .invalid(problems) }
        let output = try await write(.create(drafts, isBulk: isBulk, try conflict()))
        let data =
            isBulk
            ? [UInt8(ascii: "[")] + output.rows.bytes + [UInt8(ascii: "]")]
            : output.rows.bytes
        var reply = Reply.success(data, status: output.isNew || isBulk ? 201 : 200)
        if let etag = output.etag { reply.headers.append((.eTag, etag)) }
        if output.isNew, let key = output.key, let path = key.pathEncoded {
            reply.headers.append((.location, "\(request.target)/\(path)"))
        }
        return finish(reply, minimal: preferences.isMinimal)
    }

    /// What to do with rows that are there: as `Prefer: resolution` and `on_conflict` say.
    private func conflict() throws(APIError) -> WriteOrder.Conflict? {
        guard let isMerged = preferences.mergesConflicts else { return nil }
        let text = try request.query().single("on_conflict")
        let names = text?.split(separator: ",").map(String.init) ?? table.key.map(\.name)
        var columns: [ServedColumn] = []
        for name in names {
            guard let column = table.column(name) else {
                throw .bad("unknown_field", "`\(table.name)` has no field `\(name)`", field: name)
            }
            columns.append(column)
        }
        let isUnique =
            table.table.uniques.contains { Set($0) == Set(names) }
            || Set(table.key.map(\.name)) == Set(names)
        guard isUnique, !names.isEmpty else {
            throw .bad(
                "invalid_value", "`on_conflict` must name fields that are unique together",
                field: "on_conflict")
        }
        return WriteOrder.Conflict(columns: columns, isMerged: isMerged)
    }

    private func update(_ key: [SQLValue], isWhole: Bool) async throws(APIError) -> Reply {
        try rules.admit(.update)
        var reading = DraftReading(app, caller)
        let draft = try reading.draft(try request.json(), of: table)
        let output = try await write(.update(key: key, draft, isWhole: isWhole))
        var reply = Reply.success(output.rows.bytes)
        if let etag = output.etag { reply.headers.append((.eTag, etag)) }
        return finish(reply, minimal: preferences.isMinimal)
    }

    private func delete(_ key: [SQLValue]) async throws(APIError) -> Reply {
        try rules.admit(.delete)
        return affected(try await write(.delete(key: key)))
    }

    private func restore(_ key: [SQLValue]) async throws(APIError) -> Reply {
        guard table.deletedAt != nil else { throw notAllowed() }
        try rules.admit(.delete)
        let output = try await write(.restore(key: key))
        var reply = Reply.success(output.rows.bytes, meta: counts(output))
        if let etag = output.etag { reply.headers.append((.eTag, etag)) }
        return finish(reply, minimal: preferences.isMinimal)
    }

    private func purge(_ key: [SQLValue]) async throws(APIError) -> Reply {
        guard table.deletedAt != nil else { throw notAllowed() }
        try rules.admit(.delete)
        guard caller.role == "admin" else { throw .forbidden }
        guard try request.query().single("force") == "true" else {
            throw .bad(
                "missing_parameter", "a purge can't be undone: add force=true", field: "force")
        }
        return affected(try await write(.purge(key: key)))
    }

    private func changeMany(_ operation: Operation) async throws(APIError) -> Reply {
        try rules.admit(operation)
        let query = try request.query()
        let parser = ListParser(app, table, role: caller.role, query)
        let list = try parser.conditions()
        let conditions = try list.conditions + named(list, parser)
        guard let text = try query.single("max-affected"), let maximum = Int(text),
            (1...1000).contains(maximum)
        else {
            throw .bad(
                "missing_parameter",
                "a change of many rows needs `max-affected`, the most that may change (1 to 1000)",
                field: "max-affected")
        }
        guard !conditions.isEmpty else {
            throw .bad("missing_parameter", "a change of many rows needs a filter")
        }
        guard operation == .update else {
            return affected(try await write(.deleteAll(conditions, maximum: maximum)))
        }
        var reading = DraftReading(app, caller)
        let draft = try reading.draft(try request.json(), of: table)
        return affected(try await write(.updateAll(conditions, draft, maximum: maximum)))
    }

    private func affected(_ output: WriteTask.Output) -> Reply {
        finish(
            Reply.success(Array("null".utf8), meta: counts(output)),
            minimal: preferences.isMinimal)
    }

    /// `"affected":{"projects":1,"tasks":4}`.
    private func counts(_ output: WriteTask.Output) -> [UInt8] {
        var text = JSONText()
        text.raw("\"affected\":{")
        for (table, count) in output.affected.sorted(by: { $0.key < $1.key }) {
            text.name(table)
            text.integer(count)
        }
        text.raw("}")
        return text.bytes
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

extension String {
    /// As a part of a path; nil for what holds a line break.
    var pathEncoded: String? {
        var text = ""
        for byte in utf8 {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E, 0x2C:
                text.unicodeScalars.append(UnicodeScalar(byte))
            default:
                text += byte < 16 ? "%0" : "%"
                text += String(byte, radix: 16, uppercase: true)
            }
        }
        return text
    }
}
