import SQL

/// PostgreSQL's catalogue.
///
/// Source: postgresql.org/docs/15/catalogs.html.
enum PostgreSQLIntrospection {
    static func read<D: Database>(_ database: D) throws(SQLError) -> ObservedSchema {
        var reading = PostgreSQLReading()
        try reading.readTables(database)
        try reading.readColumns(database)
        try reading.readConstraints(database)
        try reading.readIndexes(database)
        reading.schema.unexpressed += try remarks(database)
        return reading.schema
    }

    /// What Stead's business is: not the system's own, nor what extensions brought.
    static let scope = """
        n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')
        AND n.nspname NOT LIKE 'pg\\_temp\\_%'
        AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
        """
}

/// The catalogue, table by table.
private struct PostgreSQLReading {
    var schema = ObservedSchema()
    /// Where each table stands, by its object id.
    private var positions: [Int: Int] = [:]

    private static let scope = PostgreSQLIntrospection.scope

    mutating func readTables<D: Database>(_ database: D) throws(SQLError) {
        let rows = try database.all(
            """
            SELECT c.oid, n.nspname, c.relname, c.relkind::text, n.nspname = current_schema()
            FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE c.relkind IN ('r', 'p', 'v', 'm') AND NOT c.relispartition AND \(Self.scope)
            ORDER BY n.nspname <> current_schema(), n.nspname, c.relname
            """
        ) { row throws(SQLError) in
            (
                id: try row.requiredInteger(0), namespace: try row.requiredText(1),
                name: try row.requiredText(2), kind: try row.requiredText(3),
                isUsual: row.integer(4) == 1
            )
        }
        for row in rows {
            var table = Table(row.name, columns: [], isView: row.kind == "v" || row.kind == "m")
            table.namespace = row.isUsual ? nil : row.namespace
            positions[row.id] = schema.tables.count
            schema.tables.append(ObservedTable(table))
        }
    }

    mutating func readColumns<D: Database>(_ database: D) throws(SQLError) {
        try database.query(
            """
            SELECT a.attrelid, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
                pg_get_expr(d.adbin, d.adrelid), a.attidentity::text, a.attgenerated::text,
                (SELECT json_agg(e.enumlabel ORDER BY e.enumsortorder)::text FROM pg_enum e
                    WHERE e.enumtypid = a.atttypid)
            FROM pg_attribute a
            JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
            LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
            WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'p', 'v', 'm')
                AND \(Self.scope)
            ORDER BY a.attrelid, a.attnum
            """, []
        ) { row throws(SQLError) in
            guard let position = positions[try row.requiredInteger(0)] else { return }
            take(try Self.column(row, &schema.tables[position]), at: position)
        }
    }

    private mutating func take(_ column: Column, at position: Int) {
        schema.tables[position].table.columns.append(column)
    }

    private static func column(_ row: some Row, _ observed: inout ObservedTable)
        throws(SQLError) -> Column
    {
        let typeName = try row.requiredText(2)
        var reading = TypeReading.read(typeName, engine: .postgres)
        if let labels = row.text(7).flatMap(JSONStrings.read) {
            reading = .init(type: ColumnType(.enumeration, values: labels))
        } else if typeName.hasSuffix("[]") {
            reading = .init(type: .text, unusual: typeName)
        }
        var column = Column(try row.requiredText(1), reading.type)
        if let unusual = reading.unusual { observed.foreignTypes[column.name] = unusual }
        column.isRequired = row.integer(3) == 1
        let value = row.text(4)
        let identity = row.text(5) ?? ""
        if row.text(6) == "s" {
            column.generated = value
        } else if !identity.isEmpty || value?.hasPrefix("nextval(") == true {
            column.isAuto = true
        } else {
            column.defaultValue = value.flatMap {
                DefaultReading(.postgres).value($0, for: column.type)
            }
        }
        return column
    }

    mutating func readConstraints<D: Database>(_ database: D) throws(SQLError) {
        // One that is not validated yet is what an interrupted migration left: it is made anew.
        try database.query(
            """
            SELECT k.conrelid, k.conname, k.contype::text, pg_get_expr(k.conbin, k.conrelid),
                (SELECT json_agg(a.attname ORDER BY u.n)::text
                    FROM unnest(k.conkey) WITH ORDINALITY u(attnum, n)
                    JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = u.attnum),
                f.relname, CASE WHEN fn.nspname <> current_schema() THEN fn.nspname END,
                (SELECT json_agg(a.attname ORDER BY u.n)::text
                    FROM unnest(k.confkey) WITH ORDINALITY u(attnum, n)
                    JOIN pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = u.attnum),
                k.confdeltype::text
            FROM pg_constraint k
            JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
            LEFT JOIN pg_class f ON f.oid = k.confrelid
            LEFT JOIN pg_namespace fn ON fn.oid = f.relnamespace
            WHERE k.convalidated AND \(Self.scope) ORDER BY k.conrelid, k.conname
            """, []
        ) { row throws(SQLError) in
            guard let position = positions[try row.requiredInteger(0)] else { return }
            let name = try row.requiredText(1)
            let columns = row.text(4).flatMap(JSONStrings.read) ?? []
            switch try row.requiredText(2) {
            case "p": setKey(columns, at: position)
            case "c": setCheck(name, row.text(3) ?? "", columns, at: position)
            case "f":
                let key = ForeignKey(
                    table: row.text(5) ?? "", namespace: row.text(6),
                    column: row.text(7).flatMap(JSONStrings.read)?.first ?? "",
                    onDelete: .init(reported: row.text(8) ?? ""))
                setForeignKey(key, name, columns, at: position)
            case "x": schema.unexpressed.append("exclusion constraint \(name)")
            default: break
            }
        }
    }

    private mutating func setKey(_ columns: [String], at position: Int) {
        for index in schema.tables[position].table.columns.indices {
            let column = schema.tables[position].table.columns[index]
            guard columns.contains(column.name) else { continue }
            schema.tables[position].table.columns[index].isPrimary = true
            if column.type.base == .uuid, column.defaultValue == .uuid {
                schema.tables[position].table.columns[index].isAuto = true
                schema.tables[position].table.columns[index].defaultValue = nil
            }
        }
    }

    private mutating func setCheck(
        _ name: String, _ condition: String, _ columns: [String], at position: Int
    ) {
        let all = schema.tables[position].table.columns.map(\.name)
        let column = all.last(where: columns.contains)
        schema.tables[position].take(
            ObservedCheck(name: name, condition: condition, column: column), .postgres)
        if column == nil {
            schema.unexpressed.append(
                "check of \(schema.tables[position].table.name): \(condition)")
        }
    }

    private mutating func setForeignKey(
        _ key: ForeignKey, _ name: String, _ columns: [String], at position: Int
    ) {
        guard columns.count == 1 else {
            schema.unexpressed.append(
                "foreign key of several columns: \(schema.tables[position].table.name) (\(name))")
            return
        }
        schema.tables[position].set(key, of: columns[0], named: name)
    }

    mutating func readIndexes<D: Database>(_ database: D) throws(SQLError) {
        try database.query(
            """
            SELECT i.indrelid, x.relname, i.indisunique,
                EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.indexrelid
                    AND k.contype = 'u'),
                (SELECT json_agg(a.attname ORDER BY u.n)::text
                    FROM unnest(i.indkey::int2[]) WITH ORDINALITY u(attnum, n)
                    JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = u.attnum
                    WHERE u.n <= i.indnkeyatts),
                i.indexprs IS NULL AND m.amname = 'btree' AND 0 = ALL (i.indoption::int2[])
                    AND i.indnkeyatts = i.indnatts, i.indisvalid,
                pg_get_expr(i.indpred, i.indrelid)
            FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid JOIN pg_am m ON m.oid = x.relam
            JOIN pg_class c ON c.oid = i.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE NOT i.indisprimary AND \(Self.scope) ORDER BY i.indrelid, x.relname
            """, []
        ) { row throws(SQLError) in
            guard let position = positions[try row.requiredInteger(0)] else { return }
            let name = try row.requiredText(1)
            let isUnique = row.integer(2) == 1
            let condition = row.text(7)
            let isLive =
                isUnique
                && condition.map { schema.tables[position].isOfLive($0, .postgres) } ?? false
            guard row.integer(5) == 1, condition == nil || isLive else {
                let table = schema.tables[position].table.name
                schema.unexpressed.append("index \(name) of \(table): not a plain one")
                return
            }
            schema.tables[position].indexes.append(
                ObservedIndex(
                    name: name, columns: row.text(4).flatMap(JSONStrings.read) ?? [],
                    isUnique: isUnique, isLive: isLive, isConstraint: row.integer(3) == 1,
                    isValid: row.integer(6) == 1))
        }
    }
}
