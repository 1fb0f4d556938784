/// SQL of an app's own, which is served at a path.
package struct NamedQuery: Sendable, Equatable, Codable {
    /// A generated route that it stands in for.
    package struct Override: Sendable, Equatable, Codable {
        package var table: String
        package var operation: Operation

        package init(table: String, operation: Operation) {
            self.table = table
            self.operation = operation
        }
    }

    /// A value that the caller gives.
    package struct Parameter: Sendable, Equatable, Codable {
        package var name: String
        package var type: ColumnType
        /// What it is when the caller says nothing; nil: it must be said.
        package var defaultText: String?

        package init(name: String, type: ColumnType, defaultText: String?) {
            self.name = name
            self.type = type
            self.defaultText = defaultText
        }
    }

    /// A column of what it finds.
    package struct ResultColumn: Sendable, Equatable, Codable {
        package var name: String
        package var type: ColumnType

        package init(name: String, type: ColumnType) {
            self.name = name
            self.type = type
        }
    }

    package var name = ""
    /// With `:name` for parameters, and `{table}` for the rows of a table that the caller may see.
    package var sql = ""
    package var parameters: [Parameter] = []
    /// In the order of the `SELECT`.
    package var columns: [ResultColumn] = []
    /// Nil: all who are signed in.
    package var roles: [String]?
    package var isPublic = false
    /// Whether it finds one row: none is then 404.
    package var isSingle = false
    package var override: Override?

    package init() {}
}
