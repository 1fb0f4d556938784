import SQL
import Schemas

/// A row that a request wants to make or to change: values that its table could hold.
struct RowDraft: Sendable {
    /// By column.
    var values: [(column: ServedColumn, value: SQLValue)] = []
    /// Rows of other tables, made or changed along with it.
    var nested: [NestedDrafts] = []
    /// The version that the request believes the row to have.
    var etag: String?
    /// Where it stands in the body, such as `tasks[0].`: what its problems' fields begin with.
    var path = ""
    /// What is wrong with it by itself.
    var problems: [APIError.FieldProblem] = []

    /// The value of a column; nil where the request says nothing of it.
    func value(of column: ServedColumn) -> SQLValue? {
        values.first { $0.column.index == column.index }?.value
    }

    /// The most problems that are told of one row.
    private static let problemLimit = 100

    mutating func complain(_ field: String, _ code: String, _ message: String) {
        guard problems.count < Self.problemLimit else { return }
        problems.append(.init(field: path + field, code: code, message: message))
    }
}

/// The rows of one relation.
struct NestedDrafts: Sendable {
    var relation: Relation
    var rows: [RowDraft]
}

/// Reads rows of a body; what is wrong with one stays with it.
struct DraftReading {
    private let app: ServedApp
    private let caller: Caller
    private let values: ValueReading
    private var count = 0

    /// How deep rows may lie in each other.
    private static let depthLimit = 4

    init(_ app: ServedApp, _ caller: Caller) {
        self.app = app
        self.caller = caller
        values = ValueReading(engine: app.engine)
    }

    /// A row, or nil when the value is none.
    mutating func draft(
        _ json: JSONValue, of table: ServedTable, at path: String = "", depth: Int = 1
    ) throws(APIError) -> RowDraft {
        guard case .object(let members) = json else {
            let place = path.hasSuffix(".") ? String(path.dropLast()) : path
            throw .bad("invalid_body", "\(place.isEmpty ? "the body" : place) must be an object")
        }
        count += 1
        // Nested ones are counted.
        try Self.check(count, ServingLimits.allRows, "a request")
        var draft = RowDraft()
        draft.path = path
        for member in members {
            if member.name == "_etag" {
                guard let etag = member.value.string else {
                    draft.complain("_etag", "type", "must be a string")
                    continue
                }
                draft.etag = etag
            } else if let column = table.column(member.name) {
                read(member.value, column, into: &draft)
            } else if let relation = table.relations.first(where: {
                $0.name.isSame(as: member.name)
            }) {
                try read(member.value, relation, into: &draft, depth)
            } else {
                draft.complain(
                    member.name, "unknown_field", "`\(table.name)` has no such field")
            }
        }
        return draft
    }

    private func read(
        _ json: JSONValue, _ column: ServedColumn, into draft: inout RowDraft
    ) {
        do throws(ValueReading.Complaint) {
            let value = try values.value(json, for: column.type)
            draft.values.append((column, value))
        } catch {
            draft.complain(column.name, error.code, error.message)
        }
    }

    private mutating func read(
        _ json: JSONValue, _ relation: Relation, into draft: inout RowDraft, _ depth: Int
    ) throws(APIError) {
        guard depth < Self.depthLimit else {
            throw .bad("too_deep", "rows may be nested \(Self.depthLimit) deep")
        }
        guard let far = app.table(relation.table) else { return }
        let path = draft.path + relation.name
        guard relation.isList else {
            if json == .null { return }
            let row = try self.draft(json, of: far, at: path + ".", depth: depth + 1)
            draft.nested.append(NestedDrafts(relation: relation, rows: [row]))
            return
        }
        guard case .array(let items) = json else {
            draft.complain(relation.name, "type", "must be a list of rows")
            return
        }
        try Self.check(items.count, ServingLimits.nestedRows, path)
        var rows: [RowDraft] = []
        for (index, item) in items.enumerated() {
            let place = "\(path)[\(index)]"
            if let key = try key(item, of: far, at: place) {
                rows.append(key)
            } else {
                rows.append(
                    try self.draft(item, of: far, at: place + ".", depth: depth + 1))
            }
        }
        draft.nested.append(NestedDrafts(relation: relation, rows: rows))
    }

    /// - Throws: 400 for too many rows.
    static func check(_ count: Int, _ limit: Int, _ place: String) throws(APIError) {
        guard count > limit else { return }
        throw .bad("too_many_rows", "\(place) holds at most \(limit) rows")
    }

    /// A row named by its key alone; nil for an object.
    private func key(_ json: JSONValue, of far: ServedTable, at path: String)
        throws(APIError) -> RowDraft?
    {
        switch json {
        case .number, .string:
            var draft = RowDraft()
            draft.path = path + "."
            guard far.key.count == 1 else {
                draft.problems = [.init(field: path, code: "type", message: "must be an object")]
                return draft
            }
            read(json, far.key[0], into: &draft)
            return draft
        default: return nil
        }
    }
}
