import SQL

/// MariaDB's catalogue: `information_schema`, of the connection's own database.
///
/// Source: mariadb.com/kb/en/information-schema-tables.
enum MariaDBIntrospection {
    static func read<D: Database>(_ database: D) throws(SQLError) -> ObservedSchema {
        var schema = ObservedSchema()
        try readTables(database, &schema)
        try readColumns(database, &schema)
        try readForeignKeys(database, &schema)
        try readIndexes(database, &schema)
        try readChecks(database, &schema)
        schema.unexpressed += try remarks(database)
        return schema
    }

    private static func readTables<D: Database>(_ database: D, _ schema: inout ObservedSchema)
        throws(SQLError)
    {
        schema.tables = try database.all(
            """
            SELECT table_name, table_type FROM information_schema.tables
            WHERE table_schema = DATABASE()
                AND table_type IN ('BASE TABLE', 'SYSTEM VERSIONED', 'VIEW')
            ORDER BY table_name
            """
        ) { row throws(SQLError) in
            ObservedTable(
                Table(try row.requiredText(0), columns: [], isView: row.text(1) == "VIEW"))
        }
    }

    private static func readColumns<D: Database>(_ database: D, _ schema: inout ObservedSchema)
        throws(SQLError)
    {
        let positions = schema.positions
        try database.query(
            """
            SELECT table_name, column_name, column_type, is_nullable, column_default, column_key,
                extra, generation_expression, character_set_name, collation_name, column_comment
            FROM information_schema.columns WHERE table_schema = DATABASE()
            ORDER BY table_name, ordinal_position
            """, []
        ) { row throws(SQLError) in
            guard let position = positions[try row.requiredText(0)] else { return }
            let typeName = try row.requiredText(2)
            let reading = TypeReading.read(typeName, engine: .mariadb)
            var column = Column(try row.requiredText(1), reading.type)
            if column.name == Dialect.liveMark {
                schema.tables[position].hasLiveMark = true
                return
            }
            if let unusual = reading.unusual {
                schema.tables[position].foreignTypes[column.name] = unusual
            }
            schema.tables[position].declarations[column.name] = declaration(typeName, row)
            schema.tables[position].options[column.name] = options(row)
            if let update = onUpdate(row) {
                let table = schema.tables[position].table.name
                schema.unexpressed.append("\(table).\(column.name): \(update)")
            }
            column.isRequired = row.text(3) == "NO"
            column.isPrimary = row.text(5) == "PRI"
            let extra = (row.text(6) ?? "").lowercased()
            column.isAuto = extra.contains("auto_increment")
            if let expression = row.text(7), !expression.isEmpty {
                column.generated = expression
            } else {
                column.defaultValue = row.text(4).flatMap {
                    DefaultReading(.mariadb).value($0, for: column.type)
                }
            }
            if column.isPrimary, column.type.base == .uuid, column.defaultValue == .uuid {
                column.isAuto = true
                column.defaultValue = nil
            }
            schema.tables[position].table.columns.append(column)
        }
    }

    private static func declaration(_ type: String, _ row: some Row) -> String {
        guard let set = row.text(8), let collation = row.text(9) else { return type }
        return "\(type) CHARACTER SET \(set) COLLATE \(collation)"
    }

    private static func onUpdate(_ row: some Row) -> String? {
        let extra = row.text(6) ?? ""
        return extra.lowercased().contains("on update ")
            ? "ON UPDATE " + (extra.split(separator: " ").last.map(String.init) ?? "") : nil
    }

    private static func options(_ row: some Row) -> String? {
        let update = onUpdate(row)
        let comment = row.text(10).flatMap {
            $0.isEmpty ? nil : "COMMENT " + Dialect(.mariadb).literal($0)
        }
        let parts = [update, comment].compactMap(\.self)
        return parts.isEmpty ? nil : parts.joined(separator: " ")
    }

    private static func readForeignKeys<D: Database>(
        _ database: D, _ schema: inout ObservedSchema
    ) throws(SQLError) {
        let positions = schema.positions
        let rows = try database.all(
            """
            SELECT k.table_name, k.constraint_name, k.column_name, k.referenced_table_name,
                k.referenced_column_name, r.delete_rule
            FROM information_schema.key_column_usage k
            JOIN information_schema.referential_constraints r
                ON r.constraint_schema = k.constraint_schema
                AND r.constraint_name = k.constraint_name AND r.table_name = k.table_name
            WHERE k.table_schema = DATABASE() AND k.referenced_table_schema = DATABASE()
            ORDER BY k.table_name, k.constraint_name, k.ordinal_position
            """
        ) { row throws(SQLError) in
            (
                table: try row.requiredText(0), name: try row.requiredText(1),
                column: try row.requiredText(2), target: try row.requiredText(3),
                targetColumn: try row.requiredText(4), action: row.text(5) ?? ""
            )
        }
        for row in rows {
            guard let position = positions[row.table] else { continue }
            let parts = rows.filter { $0.table == row.table && $0.name == row.name }
            guard parts.count == 1 else {
                let note = "foreign key of several columns: \(row.table) (\(row.name))"
                if !schema.unexpressed.contains(note) { schema.unexpressed.append(note) }
                continue
            }
            schema.tables[position].set(
                ForeignKey(
                    table: row.target, column: row.targetColumn,
                    onDelete: .init(reported: row.action)),
                of: row.column, named: row.name)
        }
    }

    private static func readIndexes<D: Database>(_ database: D, _ schema: inout ObservedSchema)
        throws(SQLError)
    {
        let positions = schema.positions
        let rows = try database.all(
            """
            SELECT table_name, index_name, column_name, non_unique, sub_part, index_type, collation
            FROM information_schema.statistics
            WHERE table_schema = DATABASE() AND index_name <> 'PRIMARY'
            ORDER BY table_name, index_name, seq_in_index
            """
        ) { row throws(SQLError) in
            (
                table: try row.requiredText(0), name: try row.requiredText(1),
                column: row.text(2), isUnique: row.integer(3) == 0,
                isPlain: row.isNull(4) && row.text(5) == "BTREE" && row.text(6) != "D"
            )
        }
        var seen: Set<[String]> = []
        for row in rows where seen.insert([row.table, row.name]).inserted {
            guard let position = positions[row.table] else { continue }
            let parts = rows.filter { $0.table == row.table && $0.name == row.name }
            var columns = parts.compactMap(\.column)
            let isLive = row.isUnique && columns.last == Dialect.liveMark
            if isLive { columns.removeLast() }
            guard parts.allSatisfy(\.isPlain), !columns.contains(Dialect.liveMark) else {
                schema.unexpressed.append("index \(row.name) of \(row.table): not a plain one")
                continue
            }
            schema.tables[position].indexes.append(
                ObservedIndex(
                    name: row.name, columns: columns, isUnique: row.isUnique, isLive: isLive,
                    isConstraint: false))
        }
    }

    private static func readChecks<D: Database>(_ database: D, _ schema: inout ObservedSchema)
        throws(SQLError)
    {
        let positions = schema.positions
        let checks = try database.all(
            """
            SELECT table_name, constraint_name, check_clause, level
            FROM information_schema.check_constraints
            WHERE constraint_schema = DATABASE() ORDER BY table_name, constraint_name
            """
        ) { row throws(SQLError) in
            (
                table: try row.requiredText(0), name: try row.requiredText(1),
                condition: try row.requiredText(2), isOfColumn: row.text(3) == "Column"
            )
        }
        for check in checks {
            guard let position = positions[check.table] else { continue }
            let names = schema.tables[position].table.columns.map(\.name)
            let column =
                check.isOfColumn
                ? check.name : CheckReading(check.condition, .mariadb).column(among: names)
            schema.tables[position].take(
                ObservedCheck(name: check.name, condition: check.condition, column: column),
                .mariadb)
            if column == nil {
                schema.unexpressed.append("check of \(check.table): \(check.condition)")
            }
        }
    }
}

extension ObservedSchema {
    /// Where each table stands, by name.
    fileprivate var positions: [String: Int] {
        Dictionary(tables.enumerated().map { ($1.table.name, $0) }) { first, _ in first }
    }
}
