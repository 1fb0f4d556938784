package import SQL

/// Reads a database's own description of itself.
package enum Introspection {
    /// What is there, Stead's own tables left out.
    ///
    /// - Parameters:
    ///   - database: a connection that may read the catalogue.
    ///   - engine: what it is connected to.
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
        schema.tables.removeAll { $0.table.name == SchemaRecord.table }
        return schema
    }
}

extension ObservedTable {
    /// Notes a check, and makes of it what a schema can say: an enum's values, a JSON column.
    mutating func take(_ check: ObservedCheck) {
        checks.append(check)
        guard let name = check.column,
            let index = table.columns.firstIndex(where: { $0.name == name })
        else { return }
        if let values = CheckReading.values(check.condition, of: name),
            table.columns[index].type.isTextual
        {
            table.columns[index].type = ColumnType(.enumeration, values: values)
        } else if CheckReading.isJSON(check.condition), table.columns[index].type.base == .text {
            table.columns[index].type = ColumnType(.json)
        } else if table.columns[index].check == nil {
            table.columns[index].check = check.condition
        } else {
            table.columns[index].check =
                "(\(table.columns[index].check ?? "")) AND (\(check.condition))"
        }
    }
}

/// Reads the conditions of checks.
enum CheckReading {
    /// The values of `column IN ('a', 'b')`, and of PostgreSQL's
    /// `((column)::text = ANY ((ARRAY['a'::character varying, …])::text[]))`; nil for anything else.
    static func values(_ condition: String, of column: String) -> [String]? {
        let words = SQLWords(condition).words
        let texts = words.filter { $0.sort == .text }.map(\.text)
        guard !texts.isEmpty, !words.contains(where: { $0.sort == .number }) else { return nil }
        let allowed: Set = [
            "IN", "ANY", "ARRAY", "TEXT", "CHARACTER", "VARYING", "BPCHAR", "COLLATE", "C",
            "_UTF8MB4", "_UTF8MB3", "_LATIN1",
        ]
        let names = words.filter { $0.sort == .name || $0.sort == .quotedName }
        let isMembership = names.contains { ["IN", "ANY"].contains($0.text.uppercased()) }
        let isAboutColumn = names.allSatisfy {
            $0.text == column || allowed.contains($0.text.uppercased())
        }
        let marks = Set(words.filter { $0.sort == .mark }.map(\.text))
        guard isMembership, isAboutColumn, names.contains(where: { $0.text == column }),
            marks.isSubset(of: ["(", ")", "[", "]", ",", ":", "="])
        else { return nil }
        return texts
    }

    /// What MariaDB adds to a column of type JSON.
    static func isJSON(_ condition: String) -> Bool {
        condition.lowercased().hasPrefix("json_valid(")
    }

    /// The column, if the condition names exactly one of them.
    static func column(_ condition: String, among columns: [String]) -> String? {
        let names = Set(
            SQLWords(condition).words.filter { $0.sort == .name || $0.sort == .quotedName }
                .map(\.text))
        let named = columns.filter(names.contains)
        return named.count == 1 ? named[0] : nil
    }
}
