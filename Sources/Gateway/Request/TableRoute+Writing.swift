import HTTPTypes
import SQL
import Schemas

/// Making, changing and deleting rows.
extension TableRoute {
    private func write(_ order: WriteOrder) async throws(APIError) -> WriteTask.Output {
        let conditions = try Preconditions(request.headers, of: order)
        let task = WriteTask(
            app: app, table: table, caller: caller, order: order,
            match: conditions.match, wantsNone: conditions.wantsNone, now: Clock.milliseconds)
        guard preferences.isDryRun else {
            let output = try await app.backend.write(task)
            for session in task.ended.value ?? [] {
                app.tokens?.end(session, now: Clock.seconds)
            }
            return output
        }
        let dryRun = DryRun(task)
        do throws(APIError) {
            _ = try await app.backend.write(dryRun)
        } catch {
            if let output = dryRun.result, error.status == 0 { return output }
            throw error
        }
        throw APIError(500, "internal", "something went wrong here")
    }

    /// A delete; what holds it back is named.
    private func delete(_ order: WriteOrder, of conditions: [SQLFragment]) async throws(APIError)
        -> WriteTask.Output
    {
        do throws(APIError) {
            return try await write(order)
        } catch {
            guard error.cause == .foreignKey else { throw error }
            // A row that has changed meanwhile is none that is left to tell of.
            let found = try? await app.backend.read(
                ReferringTables(app: app, table: table, caller: caller, conditions: conditions))
            throw error.namingReferring(found ?? [])
        }
    }

    private func finish(_ reply: Reply, minimal isMinimal: Bool) -> Reply {
        var reply = reply
        if isMinimal, reply.status == 201 {
            reply.body = Reply.success(Reply.null).body
        } else if isMinimal {
            reply.status = 204
            reply.body = []
        }
        if let applied = preferences.applied {
            reply.headers.append((.preferenceApplied, applied))
        }
        return reply
    }

    func create() async throws(APIError) -> Reply {
        try rules.admit(.create)
        try request.query().allow(["on_conflict"])
        let json = try request.json()
        var reading = DraftReading(app, caller)
        var drafts: [RowDraft] = []
        var isBulk = false
        if case .array(let items) = json {
            isBulk = true
            try DraftReading.check(items.count, ServingLimits.writtenRows, "a list")
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
        let data = isBulk ? output.rows.inBrackets : output.rows.bytes
        var reply = Reply.success(data, status: output.isNew || isBulk ? 201 : 200)
        reply.version = output.version
        if output.isNew, let key = output.key {
            reply.headers.append((.location, "\(request.target)/\(key)"))
        }
        return finish(reply, minimal: preferences.isMinimal)
    }

    /// What to do with rows that are there: as `Prefer: resolution` and `on_conflict` say.
    private func conflict() throws(APIError) -> WriteOrder.Conflict? {
        let text = try request.query().single("on_conflict")
        let isMerged = preferences.mergesConflicts
        guard text != nil || isMerged != nil else { return nil }
        let names = text?.commaParts ?? table.key.map(\.name)
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
        guard let isMerged else { return nil }
        let isLive = table.table.liveUniques?.contains { Set($0) == Set(names) } ?? false
        return WriteOrder.Conflict(columns: columns, isLive: isLive, isMerged: isMerged)
    }

    func update(_ key: [SQLValue], isWhole: Bool) async throws(APIError) -> Reply {
        try rules.admit(.update)
        try request.query().allow([])
        var reading = DraftReading(app, caller)
        let draft = try reading.draft(try request.json(), of: table)
        try check(draft)
        let output = try await write(.update(key: key, draft, isWhole: isWhole))
        var reply = Reply.success(output.rows.bytes)
        reply.version = output.version
        return finish(reply, minimal: preferences.isMinimal)
    }

    /// - Throws: 422 for a change that is wrong whether or not there is a row.
    private func check(_ draft: RowDraft) throws(APIError) {
        let problems = try RowWriting(app, caller, now: 0).problems(ofChange: draft, in: table)
        guard problems.isEmpty else { throw .invalid(problems) }
    }

    func delete(_ key: [SQLValue]) async throws(APIError) -> Reply {
        try rules.admit(.delete)
        try request.query().allow([])
        return affected(try await delete(.delete(key: key), of: [condition(key)]))
    }

    func restore(_ key: [SQLValue]) async throws(APIError) -> Reply {
        guard table.deletedAt != nil else { throw notAllowed() }
        try rules.admit(.delete)
        try request.query().allow([])
        let output = try await write(.restore(key: key))
        var reply = Reply.success(output.rows.bytes, meta: counts(output))
        reply.version = output.version
        return finish(reply, minimal: preferences.isMinimal)
    }

    func purge(_ key: [SQLValue]) async throws(APIError) -> Reply {
        guard table.deletedAt != nil else { throw notAllowed() }
        try rules.admit(.delete)
        guard caller.role == "admin" else { throw .forbidden }
        try request.query().allow(["force"])
        guard try request.query().single("force") == "true" else {
            throw .bad(
                "missing_parameter", "a purge can't be undone: add force=true", field: "force")
        }
        return affected(try await delete(.purge(key: key), of: [condition(key)]))
    }

    func changeMany(_ operation: Operation) async throws(APIError) -> Reply {
        try rules.admit(operation)
        let query = try request.query()
        let parser = ListParser(app, table, role: caller.role, query)
        let list = try parser.conditions()
        let conditions = try list.conditions + named(list, parser)
        guard let text = try query.single("max-affected"), let maximum = Int(text),
            !text.hasPrefix("+"), (1...ServingLimits.writtenRows).contains(maximum)
        else {
            throw .bad(
                "missing_parameter",
                "a change of many rows needs `max-affected`, the most that may change (1 to "
                    + "\(ServingLimits.writtenRows))",
                field: "max-affected")
        }
        guard !conditions.isEmpty else {
            throw .bad("missing_parameter", "a change of many rows needs a filter")
        }
        guard operation == .update else {
            let scope = try rules.scope(.delete)
            return affected(
                try await delete(
                    .deleteAll(conditions, maximum: maximum), of: conditions + scope))
        }
        var reading = DraftReading(app, caller)
        var draft = try reading.draft(try request.json(), of: table)
        for name in draft.nested.map(\.relation.name) + (draft.etag == nil ? [] : ["_etag"]) {
            draft.complain(name, "read_only", "can't be said of many rows")
        }
        try check(draft)
        return affected(try await write(.updateAll(conditions, draft, maximum: maximum)))
    }

    private func condition(_ key: [SQLValue]) -> SQLFragment {
        SQLFragment(table.keyCondition, key)
    }

    private func affected(_ output: WriteTask.Output) -> Reply {
        finish(
            Reply.success(Reply.null, meta: counts(output)),
            minimal: preferences.isMinimal)
    }

    /// `"affected":{"projects":1,"tasks":4}`.
    private func counts(_ output: WriteTask.Output) -> ArraySlice<UInt8> {
        var text = WireText()
        text.raw("\"affected\":{")
        for (table, count) in output.affected.sorted(by: { $0.key < $1.key }) {
            text.name(table)
            text.integer(count)
        }
        text.raw("}")
        return text.bytes
    }
}
