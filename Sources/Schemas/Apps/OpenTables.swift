extension Schema {
    /// The tables of which whoever has signed in may touch every row, without that anybody said so:
    /// neither by a `filter`, nor by serving without a token all that is served.
    package var openTables: [Table] {
        tables.filter { table in
            table.rules.filters.isEmpty
                && !table.rules.operations.allSatisfy(table.rules.publicOperations.contains)
        }
    }

    /// A `filter` that would give people their own rows of a table: `owner`, or a condition where a
    /// reference leads to a table of which they own rows; nil where none does.
    package func ownFilter(of table: Table, signIn: SignIn, on engine: DatabaseEngine) -> String? {
        if table.ownerColumn(signIn: signIn) != nil { return "owner" }
        let dialect = Dialect(engine)
        for column in table.columns {
            guard let foreign = column.foreign,
                let parent = tables.first(where: { $0.identity == foreign.target }),
                let owner = parent.ownerColumn(signIn: signIn)
            else { continue }
            return "\(dialect.quoted(column.name)) IN (SELECT \(dialect.quoted(foreign.column)) "
                + "FROM \(dialect.quoted(parent.identity)) "
                + "WHERE \(dialect.quoted(owner.name)) = :user_id)"
        }
        return nil
    }
}
