/// The tables of an app: what the database holds, and what the gateway serves of it.
package struct Schema: Sendable, Equatable, Codable {
    /// In the order of their declaration.
    package var tables: [Table]

    package init(tables: [Table] = []) {
        self.tables = tables
    }

    /// The table of a name; nil when there is none.
    package subscript(table: String) -> Table? {
        tables.first { $0.name == table }
    }
}
