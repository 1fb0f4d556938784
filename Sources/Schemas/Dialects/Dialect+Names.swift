extension Dialect {
    /// The dialect of a migration, which gives no name twice.
    static func building(
        _ difference: SchemaDifference, from observed: ObservedSchema, on engine: DatabaseEngine
    ) -> Dialect {
        var dialect = Dialect(engine)
        dialect.observed = observed
        for table in observed.tables {
            dialect.taken.insert(table.table.name)
            dialect.taken.formUnion(table.indexes.filter(\.isValid).map(\.name))
            dialect.taken.formUnion(table.foreignKeyNames.values)
        }
        for table in difference.tables {
            dialect.taken.subtract(
                table.droppedIndexes.filter { !table.isReplaced($0) }.map(\.name))
            for column in table.droppedForeignKeys {
                guard let name = table.observed?.foreignKeyNames[column] else { continue }
                dialect.taken.remove(name)
            }
        }
        return dialect
    }
}
