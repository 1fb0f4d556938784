import SQL

/// SQLite's catalogue: `sqlite_schema` and the pragmas' table-valued functions.
///
/// Source: sqlite.org/pragma.html#pragfunc.
enum SQLiteIntrospection {
    static func read<D: Database>(_ database: D) throws(SQLError) -> ObservedSchema {
        var schema = ObservedSchema()
        let objects = try database.all(
            """
            SELECT name, type, coalesce(sql, '') FROM sqlite_schema
            WHERE type IN ('table', 'view', 'trigger') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
            ORDER BY rowid
            """
        ) { row throws(SQLError) in
            (
                name: try row.requiredText(0), type: try row.requiredText(1),
                sql: try row.requiredText(2)
            )
        }
        for object in objects {
            if object.type == "trigger" {
                schema.unexpressed.append("trigger \(object.name)")
            } else if object.sql.uppercased().hasPrefix("CREATE VIRTUAL") {
                schema.unexpressed.append("virtual table \(object.name)")
            } else if !isShadow(object.name, of: objects.map { ($0.name, $0.sql) }) {
                let table = try table(
                    object.name, object.sql, isView: object.type == "view", database,
                    &schema.unexpressed)
                schema.tables.append(table)
            }
        }
        return schema
    }

    /// Whether a table is where a virtual table keeps what it holds.
    private static func isShadow(_ name: String, of objects: [(name: String, sql: String)]) -> Bool
    {
        objects.contains {
            $0.sql.uppercased().hasPrefix("CREATE VIRTUAL") && name.hasPrefix($0.name + "_")
        }
    }

    private static func table<D: Database>(
        _ name: String, _ sql: String, isView: Bool, _ database: D, _ unexpressed: inout [String]
    ) throws(SQLError) -> ObservedTable {
        let definition = SQLiteDefinition(sql)
        var observed = ObservedTable(Table(name, columns: [], isView: isView))
        var keys: [(position: Int, name: String)] = []
        try database.query(
            "SELECT name, type, \"notnull\", dflt_value, pk, hidden FROM pragma_table_xinfo(?)",
            [.text(name)]
        ) { row throws(SQLError) in
            let columnName = try row.requiredText(0)
            let typeName = try row.requiredText(1)
            let reading = TypeReading.read(typeName, engine: .sqlite)
            var column = Column(columnName, reading.type)
            if let unusual = reading.unusual { observed.foreignTypes[columnName] = unusual }
            column.isRequired = row.integer(2) == 1
            column.defaultValue = row.text(3).flatMap {
                DefaultReading(.sqlite).value($0, for: column.type)
            }
            let key = try row.requiredInteger(4)
            if key > 0 { keys.append((key, columnName)) }
            if let hidden = row.integer(5), hidden > 1 {
                column.generated = definition.generated[columnName] ?? "?"
                if hidden == 2 { observed.options[columnName] = Dialect.virtual }
            }
            if hidden(row.integer(5)) { return }
            observed.table.columns.append(column)
        }
        take(keys.sorted { $0.position < $1.position }.map(\.name), definition, &observed)
        observed.declarations = definition.declarations
        observed.references = definition.references
        observed.otherConstraints = definition.otherConstraints
        observed.isWithoutRowID = definition.isWithoutRowID
        observed.isStrict = definition.isStrict
        observed.isSequenced = definition.isSequenced
        try readForeignKeys(database, &observed, &unexpressed)
        try readIndexes(database, &observed, &unexpressed)
        try readDependents(database, &observed)
        let names = observed.table.columns.map(\.name)
        for check in definition.checks {
            let column = check.column ?? CheckReading(check.condition, .sqlite).column(among: names)
            observed.take(
                ObservedCheck(name: check.name, condition: check.condition, column: column), .sqlite
            )
            if column == nil {
                unexpressed.append("check of \(name): \(check.condition)")
            }
        }
        return observed
    }

    /// What goes with a table when it is rebuilt, and that a schema doesn't make anew.
    private static func readDependents<D: Database>(
        _ database: D, _ observed: inout ObservedTable
    ) throws(SQLError) {
        let known = Set(observed.indexes.map(\.name))
        let found = try database.all(
            """
            SELECT name, sql FROM sqlite_schema s WHERE tbl_name = ? AND sql IS NOT NULL
                AND (type = 'trigger' OR type = 'index' AND (
                    EXISTS (SELECT 1 FROM pragma_index_list(s.tbl_name) l
                        WHERE l.name = s.name AND l.partial)
                    OR EXISTS (SELECT 1 FROM pragma_index_xinfo(s.name) x
                        WHERE x.key = 1 AND (x.name IS NULL OR x."desc"))
                    OR s.sql LIKE '%COLLATE%'))
            ORDER BY rowid
            """, [.text(observed.table.name)]
        ) { row throws(SQLError) in (name: try row.requiredText(0), sql: try row.requiredText(1)) }
        observed.dependents = found.filter { !known.contains($0.name) }.map(\.sql)
    }

    /// A virtual table's own column.
    private static func hidden(_ value: Int?) -> Bool { value == 1 }

    private static func take(
        _ keys: [String], _ definition: SQLiteDefinition, _ observed: inout ObservedTable
    ) {
        for index in observed.table.columns.indices {
            let column = observed.table.columns[index]
            guard keys.contains(column.name) else { continue }
            observed.table.columns[index].isPrimary = true
            observed.table.columns[index].isRequired = true
            // An integer key of its own is the row's number, and numbers itself.
            let declared = definition.types[column.name]?.uppercased()
            if keys.count == 1, declared == "INTEGER", !definition.isWithoutRowID {
                observed.table.columns[index].isAuto = true
            }
            if keys.count == 1, column.type.base == .uuid, column.defaultValue == .uuid {
                observed.table.columns[index].isAuto = true
                observed.table.columns[index].defaultValue = nil
            }
        }
    }

    private static func readForeignKeys<D: Database>(
        _ database: D, _ observed: inout ObservedTable, _ unexpressed: inout [String]
    ) throws(SQLError) {
        let name = observed.table.name
        let rows = try database.all(
            """
            SELECT id, "from", "table", coalesce("to", ''), on_delete, on_update
            FROM pragma_foreign_key_list(?) ORDER BY id, seq
            """, [.text(name)]
        ) { row throws(SQLError) in
            (
                id: try row.requiredInteger(0), from: try row.requiredText(1),
                table: try row.requiredText(2), to: try row.requiredText(3),
                action: try row.requiredText(4), update: try row.requiredText(5)
            )
        }
        for (_, parts) in Dictionary(grouping: rows, by: \.id).sorted(by: { $0.key < $1.key }) {
            guard parts.count == 1, let part = parts.first else {
                let columns = parts.map(\.from).joined(separator: ", ")
                unexpressed.append("foreign key of several columns: \(name) (\(columns))")
                continue
            }
            if !["NO ACTION", "RESTRICT"].contains(part.update) {
                unexpressed.append("reference \(name).\(part.from): ON UPDATE \(part.update)")
            }
            // Without a column it is the other table's key.
            let target =
                try part.to.isEmpty
                ? database.first(
                    "SELECT name FROM pragma_table_info(?) WHERE pk = 1", [.text(part.table)]
                ) { $0.text(0) ?? "rowid" } ?? "rowid" : part.to
            observed.set(
                ForeignKey(
                    table: part.table, column: target, onDelete: .init(reported: part.action)),
                of: part.from, named: "")
        }
    }

    private static func readIndexes<D: Database>(
        _ database: D, _ observed: inout ObservedTable, _ unexpressed: inout [String]
    ) throws(SQLError) {
        let name = observed.table.name
        let list = try database.all(
            "SELECT name, \"unique\", origin, partial FROM pragma_index_list(?) ORDER BY seq DESC",
            [.text(name)]
        ) { row throws(SQLError) in
            (
                name: try row.requiredText(0), isUnique: row.integer(1) == 1,
                origin: try row.requiredText(2), isPartial: row.integer(3) == 1
            )
        }
        for index in list where index.origin != "pk" {
            let columns = try database.all(
                "SELECT name, \"desc\" FROM pragma_index_xinfo(?) WHERE key = 1 ORDER BY seqno",
                [.text(index.name)]
            ) { (name: $0.text(0), isDescending: $0.integer(1) == 1) }
            let names = columns.compactMap(\.name)
            let sql =
                try database.first(
                    "SELECT sql FROM sqlite_schema WHERE name = ? AND type = 'index'",
                    [.text(index.name)]
                ) { $0.text(0) } ?? nil
            let isCollated = sql?.uppercased().contains("COLLATE") ?? false
            let isLive =
                index.isUnique && index.isPartial
                && sql.map { observed.isOfLive(condition(of: $0), .sqlite) } ?? false
            guard names.count == columns.count, !index.isPartial || isLive, !isCollated,
                !columns.contains(where: \.isDescending)
            else {
                unexpressed.append(
                    "index \(index.name) of \(name): partial, descending, collated or computed")
                continue
            }
            observed.indexes.append(
                ObservedIndex(
                    name: index.name, columns: names, isUnique: index.isUnique, isLive: isLive,
                    isConstraint: index.origin == "u"))
        }
    }

    /// Which rows a partial index is of.
    private static func condition(of index: String) -> String {
        let words = SQLWords(index, .sqlite)
        guard let open = words.words.indices.first(where: { words.isMark($0, "(") }) else {
            return ""
        }
        return words.text(from: words.closing(open) + 2, through: words.words.count - 1)
    }
}

extension ForeignKey.Action {
    /// As catalogues name it; `NO ACTION` is as good as a refusal.
    init(reported name: String) {
        switch name.uppercased() {
        case "CASCADE", "C": self = .cascade
        case "SET NULL", "N": self = .setNull
        case "SET DEFAULT", "D": self = .setDefault
        default: self = .restrict
        }
    }
}

extension ObservedTable {
    /// Notes a foreign key of one column.
    mutating func set(_ key: ForeignKey, of column: String, named name: String) {
        guard let index = table.columns.firstIndex(where: { $0.name == column }) else { return }
        table.columns[index].foreign = key
        foreignKeyNames[column] = name
    }
}
