import Diagnostics
import SQL
import Schemas

/// What a list is asked for.
struct ListRequest: Sendable {
    /// How the rows are counted.
    enum Count: String, Sendable, CaseIterable {
        case exact, estimated, none
    }

    var conditions: [SQLFragment] = []
    var order: [OrderTerm] = []
    var fields: [ServedColumn]?
    var includes: [IncludeRequest] = []
    var limit = 0
    var offset = 0
    var cursor: String?
    var count = Count.none
    var includesDeleted = false
    /// The values of named filters' parameters.
    var named: [(filter: NamedSQL, name: String)] = []
    /// What the condition and order came from, so that a cursor is only good for the same.
    var fingerprint = ""
}

/// A relation whose rows come along, and theirs.
struct IncludeRequest: Sendable {
    var name: String
    var fields: [String]
    var includes: [IncludeRequest]
}

extension [IncludeRequest] {
    /// Adds one; of a relation that is asked for twice, all that is asked for comes along.
    fileprivate mutating func add(_ request: IncludeRequest) {
        guard let index = firstIndex(where: { $0.name == request.name }) else {
            return append(request)
        }
        let known = self[index].fields
        self[index].fields =
            known.isEmpty || request.fields.isEmpty
            ? [] : known + request.fields.filter { !known.contains($0) }
        for include in request.includes { self[index].includes.add(include) }
    }
}

/// Reads the parameters of a list, or of one row.
struct ListParser {
    private let app: ServedApp
    private let table: ServedTable
    private let role: String
    private let query: QueryString

    /// How deep relations may be included.
    private static let includeDepth = 4

    init(_ app: ServedApp, _ table: ServedTable, role: String, _ query: QueryString) {
        self.app = app
        self.table = table
        self.role = role
        self.query = query
    }

    /// Parameters that are not filters.
    private static let reserved: Set = [
        "order", "fields", "limit", "offset", "cursor", "count", "include", "include_deleted",
        "filter", "on_conflict", "max-affected", "force",
    ]

    /// Everything that a list is asked for.
    func list() throws(APIError) -> ListRequest {
        var request = try row()
        let limits = app.release.app.limits
        request.limit = try number("limit", 1...limits.pageRows) ?? limits.usualPageRows
        request.limit = min(request.limit, limits.pageRows)
        request.offset = try number("offset", 0...ServingLimits.offset) ?? 0
        request.cursor = try query.single("cursor")
        request.order = try order()
        if let text = try query.single("count") {
            guard let count = ListRequest.Count(rawValue: text) else {
                throw .bad(
                    "invalid_value", "`count` must be exact, estimated or none", field: "count")
            }
            request.count = count
        }
        try readFilters(into: &request)
        return request
    }

    /// What one row is asked for: fields and relations.
    func row() throws(APIError) -> ListRequest {
        var request = ListRequest()
        if let text = try query.single("fields") { request.fields = try fields(text) }
        if let text = try query.single("include") {
            request.includes = try includes(text[...], of: table, depth: 1)
        }
        if let text = try query.single("include_deleted") {
            guard text == "true" || text == "false" else {
                throw .bad(
                    "invalid_value", "`include_deleted` must be true or false",
                    field: "include_deleted")
            }
            request.includesDeleted = text == "true"
            if request.includesDeleted, role != "admin" { throw .forbidden }
        }
        return request
    }

    /// The conditions of a change of many rows.
    ///
    /// - Throws: 400 for parameters that would only make sense for a list: what they were meant to
    ///   leave out would be changed too.
    func conditions() throws(APIError) -> ListRequest {
        for parameter in query.parameters
        where Self.reserved.subtracting(["filter", "max-affected"]).contains(parameter.name) {
            throw .bad(
                "invalid_parameter",
                "`\(parameter.name)` is not for changes: use filters and `max-affected`",
                field: parameter.name)
        }
        var request = ListRequest()
        try readFilters(into: &request)
        return request
    }

    private func readFilters(into request: inout ListRequest) throws(APIError) {
        var parser = FilterParser(table, role: role, engine: app.engine)
        var known = Self.reserved
        for name in try namedFilters() {
            guard let filter = table.namedFilters[name] else {
                let hint = Suggestion.sentence(for: name, among: table.namedFilters.keys.sorted())
                throw .bad(
                    "unknown_filter", "there is no filter `\(name)`\(hint.map { ": " + $0 } ?? "")",
                    field: "filter")
            }
            request.named.append((filter, name))
            known.formUnion(filter.names)
        }
        for parameter in query.parameters where !known.contains(parameter.name) {
            request.conditions.append(try parser.condition(parameter))
        }
        request.fingerprint = query.parameters.filter {
            !["limit", "offset", "cursor", "count", "include", "fields"].contains($0.name)
        }.map { "\($0.name)=\($0.value)" }.joined(separator: "&")
    }

    private func namedFilters() throws(APIError) -> [String] {
        try query.single("filter")?.split(separator: ",").map(String.init) ?? []
    }

    /// The text of a named filter's parameter.
    func parameter(_ name: String) throws(APIError) -> String? { try query.single(name) }

    private func number(_ name: String, _ range: ClosedRange<Int>) throws(APIError) -> Int? {
        guard let text = try query.single(name) else { return nil }
        guard let value = Int(text), !text.hasPrefix("+"), range.contains(value) else {
            throw .bad(
                "invalid_value",
                "`\(name)` must be from \(range.lowerBound) to \(range.upperBound)", field: name)
        }
        return value
    }

    private func readable(_ name: String, of table: ServedTable) throws(APIError) -> ServedColumn {
        if let column = table.column(name), column.isReadable(by: role) { return column }
        let known = table.columns.filter { $0.isReadable(by: role) }.map(\.name)
        let hint = Suggestion.sentence(for: name, among: known).map { ": " + $0 } ?? ""
        throw .bad("unknown_field", "`\(table.name)` has no field `\(name)`\(hint)", field: name)
    }

    private func fields(_ text: String) throws(APIError) -> [ServedColumn] {
        guard !text.isEmpty else {
            throw .bad("invalid_value", "`fields` names no field", field: "fields")
        }
        var columns: [ServedColumn] = []
        for name in text.commaParts {
            let column = try readable(name, of: table)
            if !columns.contains(where: { $0.index == column.index }) { columns.append(column) }
        }
        return columns
    }

    /// `-created_at,name.nullslast`.
    private func order() throws(APIError) -> [OrderTerm] {
        guard let text = try query.single("order") else { return table.order }
        if text.isEmpty { return [] }
        var terms: [OrderTerm] = []
        for part in text.commaParts {
            var name = part.hasPrefix("-") ? part.dropFirst() : part[...]
            var nullsFirst: Bool?
            for (suffix, isFirst) in [(".nullsfirst", true), (".nullslast", false)]
            where name.hasSuffix(suffix) {
                name = name.dropLast(suffix.count)
                nullsFirst = isFirst
            }
            let column = try readable(String(name), of: table)
            if column.type.base == .json || column.type.base == .blob {
                throw .bad("invalid_value", "`\(name)` has no order", field: "order")
            }
            terms.append(
                OrderTerm(
                    column: column, isDescending: part.hasPrefix("-"), nullsFirst: nullsFirst))
        }
        guard terms.count <= ServingLimits.orderFields else {
            throw .bad(
                "invalid_value", "at most \(ServingLimits.orderFields) fields order a list",
                field: "order")
        }
        return terms
    }

    /// The relations whose rows may come along: where those are served to nobody by their own path,
    /// there is no such relation either, so that nothing shows of what is kept back.
    private func includable(from table: ServedTable) -> [Relation] {
        table.relations.filter { relation in
            let operation = relation.isList ? Operation.list : .show
            return app.table(relation.table)?.rules.operations.contains(operation) == true
        }
    }

    /// `project,tags(color,user(name))`: in brackets relations and fields.
    private func includes(_ text: Substring, of table: ServedTable, depth: Int) throws(APIError)
        -> [IncludeRequest]
    {
        guard depth <= Self.includeDepth else {
            throw .bad(
                "too_deep", "relations may be included \(Self.includeDepth) deep", field: "include")
        }
        var requests: [IncludeRequest] = []
        for part in text.topLevelParts {
            let open = part.firstIndex(of: "(")
            let name = String(part[..<(open ?? part.endIndex)])
            let known = includable(from: table)
            guard let relation = known.first(where: { $0.name == name }),
                let far = app.table(relation.table)
            else {
                if depth > 1, open == nil, table.column(name) != nil { continue }
                let hint = Suggestion.sentence(for: name, among: known.map(\.name))
                throw .bad(
                    "unknown_relation",
                    "`\(table.name)` has no relation `\(name)`\(hint.map { ": " + $0 } ?? "")",
                    field: "include")
            }
            var request = IncludeRequest(name: name, fields: [], includes: [])
            if let open {
                guard part.hasSuffix(")") else {
                    throw .bad("invalid_value", "a bracket has no end", field: "include")
                }
                let inner = part[part.index(after: open)...].dropLast()
                request.includes = try includes(inner, of: far, depth: depth + 1)
                for field in inner.topLevelParts where !field.contains("(") {
                    let isRelation = request.includes.contains { $0.name == field }
                    guard !isRelation else { continue }
                    let column = try readable(String(field), of: far).name
                    if !request.fields.contains(column) { request.fields.append(column) }
                }
            }
            requests.add(request)
        }
        guard requests.count <= ServingLimits.includedRelations else {
            throw .bad(
                "invalid_value",
                "at most \(ServingLimits.includedRelations) relations come along",
                field: "include")
        }
        return requests
    }
}
