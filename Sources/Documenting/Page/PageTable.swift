import Schemas

/// One table's part of the page.
struct PageTable {
    let app: ServedApp
    let table: ServedTable

    init(_ app: ServedApp, _ table: ServedTable) {
        self.app = app
        self.table = table
    }

    func write(to html: inout HTMLWriter) {
        let id = "table-\(table.identifier)"
        html.element("section", ["aria-labelledby": id]) { section in
            section.element("h2", ["id": id], table.table.name)
            if table.table.isView { section.sentence("A view: it can only be read.") }
            writeFields(to: &section)
            writeRelations(to: &section)
            writeFilters(to: &section)
            for operation in table.operations { write(operation, to: &section) }
            if table.seesDeleted, table.hasKey, table.operations.contains(.delete) {
                writeDeleted(to: &section)
            }
        }
    }

    // MARK: - What it holds

    private func writeFields(to html: inout HTMLWriter) {
        let creatable = Set(table.creatable.map(\.name))
        let updatable = Set(table.updatable.map(\.name))
        let rows = table.readable.map { column in
            var notes: [String] = []
            if column.isPrimary { notes.append("key") }
            if column.isAuto { notes.append("numbered by itself") }
            if creatable.contains(column.name), column.mustBeGiven { notes.append("required") }
            if !column.isRequired, !column.isPrimary { notes.append("may be null") }
            if !creatable.contains(column.name), !updatable.contains(column.name) {
                notes.append("read-only")
            }
            if let foreign = column.foreign {
                notes.append("refers to \(foreign.table).\(foreign.column)")
            }
            if let value = column.defaultValue?.json(for: column.type) {
                notes.append("else \(value)")
            }
            return [column.name, column.type.description, notes.joined(separator: ", ")]
        }
        html.table(
            "Fields of \(table.table.name)", ["Field", "Type", "Notes"], rows, code: [0, 1])
    }

    private func writeRelations(to html: inout HTMLWriter) {
        guard !table.relations.isEmpty else { return }
        let rows = table.relations.map { relation in
            [
                relation.name, relation.table.name,
                relation.isList ? "any number of rows" : "one row or null",
            ]
        }
        html.table(
            "What include= adds to \(table.table.name)", ["Relation", "Table", "Holds"], rows,
            code: [0, 1])
    }

    private func writeFilters(to html: inout HTMLWriter) {
        let filters = table.table.rules.namedFilters.sorted { $0.key < $1.key }
        guard !filters.isEmpty, table.operations.contains(.list) else { return }
        let rows = filters.map { name, condition in
            let parameters = NamedFilter(name, condition, table.table).parameters
            return [
                "filter=\(name)",
                parameters.map { "\($0.name) (\($0.type))" }.joined(separator: ", "),
            ]
        }
        html.table(
            "Filters of \(table.table.name)", ["Filter", "Needs"], rows, code: [0])
    }

    // MARK: - What one may do

    private func write(_ operation: Operation, to html: inout HTMLWriter) {
        let isOfRow = operation == .show || operation == .update || operation == .delete
        guard table.hasKey || !isOfRow else { return }
        let needsToken = app.app.auth != nil && !table.isPublic(operation)
        let title =
            switch operation {
            case .list: "List"
            case .show: "Show"
            case .create: "Create"
            case .update: "Update"
            case .delete: "Delete"
            }
        html.element("h3", "\(title) \(table.table.name)")
        html.sentence(needsToken ? "Needs a token." : "Needs no token.")
        let curl = CurlExample(app)
        let mustMatch = table.table.rules.requiresMatch
        switch operation {
        case .list:
            html.example(curl.line("GET", table.path + query, needsToken: needsToken))
        case .show:
            html.example(curl.line("GET", rowPath, needsToken: needsToken))
        case .create:
            html.sentence("An array of rows makes all of them, or none.")
            html.example(
                curl.line(
                    "POST", table.path, body: body(table.creatable.filter(\.mustBeGiven)),
                    needsToken: needsToken))
        case .update:
            html.sentence(
                "`PATCH` changes the fields that are given, `PUT` all of them."
                    + (mustMatch
                        ? " `If-Match` must be given, the `ETag` that the row came with." : ""))
            html.example(
                curl.line(
                    "PATCH", rowPath, body: body(Array(table.updatable.prefix(1))),
                    needsToken: needsToken, needsVersion: mustMatch))
        case .delete:
            if mustMatch { html.sentence("`If-Match` must be given, as above.") }
            html.example(
                curl.line(
                    "DELETE", rowPath, needsToken: needsToken, needsVersion: mustMatch))
        }
    }

    private func writeDeleted(to html: inout HTMLWriter) {
        html.element("h3", "Deleted \(table.table.name)")
        html.sentence(
            "A delete only hides a row, and `include_deleted=true` shows it. `restore` brings it "
                + "back with what went with it; `purge` is for good.")
        let curl = CurlExample(app)
        html.example(
            curl.line("POST", rowPath + "/restore", needsToken: true) + "\n"
                + curl.line("DELETE", rowPath + "/purge?force=true", needsToken: true))
    }

    // MARK: - Examples

    private var query: String {
        var parts: [String] = []
        if let column = table.sortable.first {
            parts.append("order=-\(PercentEncoding.encode(column.name))")
        }
        if let relation = table.relations.first {
            parts.append("include=\(PercentEncoding.encode(relation.name))")
        }
        return "?" + (parts + ["limit=10"]).joined(separator: "&")
    }

    private var rowPath: String {
        let key = table.table.primaryKey.map { Self.sample($0.type, isText: true) }
        return table.path + "/" + key.joined(separator: ",")
    }

    private func body(_ columns: [Column]) -> String {
        var json = JSONWriter(capacity: 128)
        json.object { body in
            for column in columns {
                body.raw(column.name, Self.sample(column))
            }
        }
        return String(decoding: json.bytes, as: UTF8.self)
    }

    /// A value that the column can hold, as JSON.
    private static func sample(_ column: Column) -> String {
        let type = column.type
        if type.base == .int {
            let bounds = CheckBounds(column)
            return String(min(max(1, bounds.minimum), bounds.maximum))
        }
        if type.base == .string, let maximum = type.maximum, maximum < 4 {
            return "\"\("text".prefix(maximum))\""
        }
        return sample(type, isText: false)
    }

    /// A value as a path or as JSON has it.
    private static func sample(_ type: ColumnType, isText: Bool) -> String {
        let text: String
        switch type.base {
        case .int: return "1"
        case .float: return "1.5"
        case .bool: return "true"
        case .json: return isText ? "1" : "{}"
        case .decimal:
            let scale = type.scale ?? 0
            text = "1" + (scale > 0 ? "." + String(repeating: "0", count: scale) : "")
        case .date: text = "2027-01-31"
        case .datetime: text = "2027-01-31T12:00:00.000Z"
        case .uuid: text = "3f2c8a1e-5b7d-4c9a-8e21-0d6f4b5a7c93"
        case .blob: text = "AAEC"
        case .enumeration: text = type.values?.first ?? "x"
        case .string, .text: text = "text"
        }
        guard !isText else { return PercentEncoding.encode(text) }
        var json = JSONWriter(capacity: text.utf8.count + 2)
        json.value(text)
        return String(decoding: json.bytes, as: UTF8.self)
    }
}
