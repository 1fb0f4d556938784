package import SQL

/// Reads a database's own description of itself.
package enum Introspection {
    /// What is there, Stead's own tables left out.
    ///
    /// - Parameters:
    ///   - database: a connection that may read the catalogue.
    ///   - engine: what it is connected to.
    /// - Returns: tables, and what a schema can't say.
    /// - Throws: what the database says.
    package static func read<D: Database>(_ database: D, _ engine: DatabaseEngine) throws(SQLError)
        -> ObservedSchema
    {
        var schema =
            switch engine {
            case .sqlite: try SQLiteIntrospection.read(database)
            case .mariadb: try MariaDBIntrospection.read(database)
            case .postgres: try PostgreSQLIntrospection.read(database)
            }
        if schema.tables.contains(where: { $0.table.name == SchemaRecord.table }) {
            schema.record = try RecordStorage(Dialect(engine)).read(database)
        }
        schema.tables.removeAll { SchemaRecord.isHidden($0.table.name) }
        return schema
    }
}

extension ObservedTable {
    /// Notes a check, and makes of it what a schema can say: an enum's values, a JSON column.
    mutating func take(_ check: ObservedCheck, _ engine: DatabaseEngine) {
        checks.append(check)
        let reading = CheckReading(check.condition, engine)
        guard let name = check.column,
            let index = table.columns.firstIndex(where: { $0.name == name })
        else { return }
        let type = table.columns[index].type
        if let values = reading.values(of: name), type.isTextual, type.base != .enumeration {
            plainTypes[name] = type
            table.columns[index].type = ColumnType(.enumeration, values: values)
        } else if reading.isJSON, type.base == .text {
            table.columns[index].type = ColumnType(.json)
        } else if table.columns[index].check == nil {
            table.columns[index].check = check.condition
        } else {
            table.columns[index].check =
                "(\(table.columns[index].check ?? "")) AND (\(check.condition))"
        }
    }
}
