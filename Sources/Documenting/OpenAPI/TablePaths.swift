import Schemas

/// The paths of one table.
struct TablePaths {
    let app: ServedApp
    let table: ServedTable

    init(_ app: ServedApp, _ table: ServedTable) {
        self.app = app
        self.table = table
    }

    /// An operation of OpenAPI's.
    struct Entry {
        var method: String
        /// Before the table's name; makes up the operation's id.
        var verb: String
        var summary: String
        var operation: Operation
        var refusals: [Refusal]
    }

    private var title: String { table.table.name }

    func write(to json: inout JSONWriter) {
        json.object(table.path) { writeCollection(to: &$0) }
        guard table.hasKey else { return }
        let isServed =
            [Operation.show, .update, .delete].contains(where: has) || query(.show) != nil
        if isServed { json.object(table.path + "/{id}") { writeRow(to: &$0) } }
        guard table.table.deletesSoftly, has(.delete) else { return }
        json.object(table.path + "/{id}/restore") { writeRestore(to: &$0) }
        guard table.seesDeleted else { return }
        json.object(table.path + "/{id}/purge") { writePurge(to: &$0) }
    }

    func has(_ operation: Operation) -> Bool { table.operations.contains(operation) }

    /// A query of the app's own that stands in for an operation.
    private func query(_ operation: Operation) -> NamedQuery? {
        app.queries.first {
            $0.override == NamedQuery.Override(table: title, operation: operation)
        }
    }

    // MARK: - The table

    private func writeCollection(to json: inout JSONWriter) {
        let parameters = ListParameters(app, table)
        if let query = query(.list) {
            QueryPaths(app).write(query, to: &json)
        } else if has(.list) {
            let entry = Entry(
                method: "get", verb: "list", summary: "List rows of \(title).", operation: .list,
                refusals: [])
            write(entry, to: &json) { list in
                refer(["limit", "offset", "cursor", "count", "If-None-Match"], to: &list)
                if table.seesDeleted { refer(["include_deleted"], to: &list) }
                parameters.writeShape(to: &list)
                parameters.writeOrder(to: &list)
                FilterParameters(table).write(to: &list)
            } answers: { answers in
                writeList(meta: ##"{"$ref":"#/components/schemas/ListMeta"}"##, to: &answers)
                Self.writeUnchanged(to: &answers)
            }
        }
        if has(.create) { writeCreate(to: &json) }
        if has(.update) { writeBulk("patch", "update_many", .update, to: &json) }
        if has(.delete) { writeBulk("delete", "delete_many", .delete, to: &json) }
    }

    private func writeCreate(to json: inout JSONWriter) {
        let entry = Entry(
            method: "post", verb: "create",
            summary: "Make a row of \(title), or several at once from an array.",
            operation: .create,
            refusals: Refusal.body + (table.conflictTargets.isEmpty ? [] : matching))
        let reference = ##"{"$ref":"#/components/schemas/\##(table.typeName)Create"}"##
        let body =
            #"{"anyOf":[\#(reference),{"type":"array","maxItems":\#(ServingLimits.writtenRows),"#
            + #""items":\#(reference)}]}"#
        write(entry, body: body, to: &json) { list in
            refer(["PreferUpsert"], to: &list)
            writeConflictTargets(to: &list)
        } answers: { answers in
            let row = rowReference
            let data = #"{"anyOf":[\#(row),{"type":"array","items":\#(row)},{"type":"null"}]}"#
            writeSuccess(200, "The rows, when all were there already.", data, to: &answers)
            writeSuccess(
                201, "The row, or the rows; null with Prefer: return=minimal.", data,
                to: &answers, hasTag: true, hasLocation: true)
            writeEmpty(to: &answers)
        }
    }

    /// The sets of columns that rows may be told apart by.
    private func writeConflictTargets(to json: inout JSONWriter) {
        let targets = table.conflictTargets
        guard !targets.isEmpty else { return }
        let text = "The unique columns by which a row is there already."
        ListParameters.query("on_conflict", text, to: &json) { schema in
            schema.member("type", "string")
            schema.array("enum", targets.map { $0.joined(separator: ",") })
        }
    }

    /// A change of all rows of a filtered list.
    private func writeBulk(
        _ method: String, _ verb: String, _ operation: Operation, to json: inout JSONWriter
    ) {
        let isUpdate = operation == .update
        let entry = Entry(
            method: method, verb: verb,
            summary: "\(isUpdate ? "Change" : "Delete") all rows of \(title) that the filters let "
                + "through.",
            operation: operation,
            refusals: (isUpdate ? Refusal.body : [.conflict])
                + matching)
        let body = isUpdate ? manyReference : nil
        write(entry, body: body, to: &json) { list in
            if table.table.rules.requiresMatch { list.raw(Self.anyMatch) }
            refer(["max-affected", "Prefer"], to: &list)
            FilterParameters(table).writeWhole(to: &list)
        } answers: { answers in
            writeSuccess(
                200, "How many rows changed.", Self.null, meta: Self.affected, to: &answers)
            writeEmpty(to: &answers)
        }
    }

    // MARK: - A row

    private func writeRow(to json: inout JSONWriter) {
        writeKey(to: &json)
        if let query = query(.show) {
            QueryPaths(app).write(query, to: &json)
        } else if has(.show) {
            let entry = Entry(
                method: "get", verb: "show", summary: "Show a row of \(title).", operation: .show,
                refusals: [])
            write(entry, to: &json) { list in
                refer(["If-None-Match"], to: &list)
                if table.seesDeleted { refer(["include_deleted"], to: &list) }
                ListParameters(app, table).writeShape(to: &list)
            } answers: { answers in
                writeSuccess(200, "The row.", rowReference, to: &answers, hasTag: true)
                Self.writeUnchanged(to: &answers)
            }
        }
        if has(.update) {
            writeChange("put", "replace", "Replace a row of \(title).", "Replace", to: &json)
            writeChange(
                "patch", "update", "Change fields of a row of \(title).", "Patch", to: &json)
        }
        guard has(.delete) else { return }
        let entry = Entry(
            method: "delete", verb: "delete", summary: "Delete a row of \(title).",
            operation: .delete, refusals: [.conflict] + matching)
        write(entry, to: &json) { list in
            refer([matchName, "Prefer"], to: &list)
        } answers: { answers in
            writeSuccess(200, "It is gone.", Self.null, meta: Self.affected, to: &answers)
            writeEmpty(to: &answers)
        }
    }

    private func writeChange(
        _ method: String, _ verb: String, _ summary: String, _ suffix: String,
        to json: inout JSONWriter
    ) {
        let entry = Entry(
            method: method, verb: verb, summary: summary, operation: .update,
            refusals: Refusal.body + matching)
        let body = ##"{"$ref":"#/components/schemas/\##(table.typeName + suffix)"}"##
        write(entry, body: body, to: &json) { list in
            refer([matchName, "Prefer"], to: &list)
        } answers: { answers in
            writeSuccess(200, "The row as it is now.", rowReference, to: &answers, hasTag: true)
            writeEmpty(to: &answers)
        }
    }

    // MARK: - Deleted rows

    private func writeRestore(to json: inout JSONWriter) {
        writeKey(to: &json)
        let entry = Entry(
            method: "post", verb: "restore",
            summary: "Bring back a deleted row of \(title), and what went with it.",
            operation: .delete, refusals: [.conflict] + matching)
        write(entry, to: &json) { list in
            refer([matchName, "Prefer"], to: &list)
        } answers: { answers in
            writeSuccess(
                200, "The row as it is now.", rowReference, meta: Self.affected, to: &answers,
                hasTag: true)
            writeEmpty(to: &answers)
        }
    }

    private func writePurge(to json: inout JSONWriter) {
        writeKey(to: &json)
        let entry = Entry(
            method: "delete", verb: "purge", summary: "Delete a row of \(title) for good.",
            operation: .delete, refusals: [.conflict] + matching)
        write(entry, to: &json) { list in
            refer([matchName, "Prefer"], to: &list)
            list.raw(
                #"{"name":"force","in":"query","required":true,"#
                    + #""schema":{"type":"boolean","const":true},"#
                    + #""description":"Says that it is meant."}"#)
        } answers: { answers in
            writeSuccess(200, "It is gone.", Self.null, meta: Self.affected, to: &answers)
            writeEmpty(to: &answers)
        }
    }
}
