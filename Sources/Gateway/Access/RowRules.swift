import SQL
import Schemas

/// Which rows of a table one may touch, as a condition that every path carries.
struct RowRules: Sendable {
    private let app: ServedApp
    private let table: ServedTable
    private let caller: Caller

    init(_ app: ServedApp, _ table: ServedTable, _ caller: Caller) {
        self.app = app
        self.table = table
        self.caller = caller
    }

    var role: String { caller.role }

    /// Whether the operation is served to this caller at all.
    ///
    /// - Throws: 405 when nobody may, 401 when one must sign in.
    func admit(_ operation: Operation) throws(APIError) {
        guard table.rules.operations.contains(operation) else {
            throw APIError(
                405, "method_not_allowed", "`\(table.name)` has no `\(operation.rawValue)`")
        }
        guard caller.isSignedIn || table.rules.publicOperations.contains(operation) else {
            throw .unauthenticated
        }
    }

    /// The rule that holds for an operation.
    func condition(for operation: Operation) -> RowFilter.Condition {
        table.table.condition(for: caller.role, operation)
    }

    /// The same as SQL; nil where every row may be touched.
    func filter(for operation: Operation) throws(APIError) -> SQLFragment? {
        switch condition(for: operation) {
        case .everything: return nil
        case .nothing: return SQLFragment("1 = 0")
        case .owner:
            guard let owner = table.owner else { return SQLFragment("1 = 0") }
            return SQLFragment("\(owner.quoted) = ?", [try subject(as: owner)])
        case .expression(let text):
            return try app.compiled(text).bound { name throws(APIError) in try value(of: name) }
        }
    }

    /// Everything that a read or a change of rows must carry: the rule, and that they are not
    /// deleted.
    func scope(_ operation: Operation, includesDeleted: Bool = false) throws(APIError)
        -> [SQLFragment]
    {
        var fragments: [SQLFragment] = []
        if let filter = try filter(for: operation) { fragments.append(filter) }
        if let deletedAt = table.deletedAt, !includesDeleted {
            fragments.append(SQLFragment("\(deletedAt.quoted) IS NULL"))
        }
        return fragments
    }

    /// The caller's key as a value of a column; null without a token, which equals nothing.
    func subject(as column: ServedColumn) throws(APIError) -> SQLValue {
        guard let subject = caller.subject else { return .null }
        let reading = ValueReading(engine: app.engine)
        return (try? reading.value(subject, for: column.type)) ?? .null
    }

    /// What a mark of a rule stands for: the caller's key, role, or a claim of the token.
    private func value(of name: String) throws(APIError) -> SQLValue {
        switch name {
        case "user_id":
            guard let people = app.people, let key = people.key.first else { return .null }
            return try subject(as: key)
        case "role": return .text(caller.role)
        default: return caller.claims[name] ?? .null
        }
    }
}
