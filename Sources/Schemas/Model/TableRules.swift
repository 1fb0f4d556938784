/// What one may do with a table's rows.
package enum Operation: String, Sendable, Codable, CaseIterable, Hashable {
    case list, show, create, update, delete
}

/// What the gateway serves of a table, and to whom.
package struct TableRules: Sendable, Equatable, Codable {
    /// What is served at all.
    package var operations: [Operation]
    /// What needs no token.
    package var publicOperations: [Operation]
    /// Which rows a role may touch; the role `default` stands for all that are not named.
    ///
    /// Empty: every row.
    package var filters: [RowFilter]
    /// The order of a list that asks for none, such as `position ASC`.
    package var order: String?
    /// Conditions that a list may ask for by name, with `:parameter` marks.
    package var namedFilters: [String: String]
    /// Nil: where the table has a column `deleted_at` of type datetime.
    package var softDelete: Bool?
    /// Whether a soft delete takes along the rows that refer to the deleted one.
    package var cascade: Bool
    /// Whether an update or a delete must carry `If-Match`.
    package var requiresMatch: Bool

    package init() {
        operations = Operation.allCases
        publicOperations = []
        filters = []
        namedFilters = [:]
        cascade = false
        requiresMatch = false
    }
}

/// The rows that a role may touch.
package struct RowFilter: Sendable, Equatable, Codable {
    /// What decides.
    package enum Condition: Sendable, Equatable, Codable {
        /// Rows of the caller, by the column that refers to the sign-in table.
        case owner
        case everything
        case nothing
        /// An SQL condition over the table's columns, with `:user_id` and the token's own claims.
        case expression(String)
    }

    /// `default`, `admin`, or one of the app's own.
    package var role: String
    /// Nil: for every operation.
    package var operations: [Operation]?
    package var condition: Condition

    package init(role: String, operations: [Operation]? = nil, condition: Condition) {
        self.role = role
        self.operations = operations
        self.condition = condition
    }
}
