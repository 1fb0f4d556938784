extension Dialect {
    /// The type that a column of a schema is made with.
    func typeName(_ type: ColumnType) -> String {
        switch engine {
        case .sqlite: sqliteName(type)
        case .mariadb: mariadbName(type)
        case .postgres: postgresName(type)
        }
    }

    /// SQLite derives a column's affinity from its type's name: `TEXT` in it keeps the text `123`
    /// from becoming a number.
    ///
    /// Source: sqlite.org/datatype3.html, section 3.1.
    private func sqliteName(_ type: ColumnType) -> String {
        switch type.base {
        case .int: "INTEGER"
        case .string: "VARCHAR(\(type.maximum ?? 255))"
        case .text: "TEXT"
        case .float: "REAL"
        case .decimal: "DECIMAL" + digits(type)
        case .bool: "BOOLEAN"
        case .date: "DATE TEXT"
        case .datetime: "DATETIME TEXT"
        case .json: "JSON TEXT"
        case .uuid: "UUID TEXT"
        case .blob: "BLOB"
        case .enumeration: "TEXT"
        }
    }

    /// The types that a strict table of SQLite may have.
    ///
    /// Source: sqlite.org/stricttables.html.
    func strictName(_ type: ColumnType) -> String {
        switch type.base {
        case .int, .bool: "INTEGER"
        case .float, .decimal: "REAL"
        case .string, .text, .date, .datetime, .json, .uuid, .enumeration: "TEXT"
        case .blob: "BLOB"
        }
    }

    private func mariadbName(_ type: ColumnType) -> String {
        switch type.base {
        case .int: "BIGINT"
        case .string: "VARCHAR(\(type.maximum ?? 255))"
        case .text: "LONGTEXT"
        case .float: "DOUBLE"
        case .decimal: "DECIMAL(\(type.precision ?? 10),\(type.scale ?? 0))"
        case .bool: "BOOLEAN"
        case .date: "DATE"
        case .datetime: "DATETIME(3)"
        case .json: "JSON"
        case .uuid: "UUID"
        case .blob: "LONGBLOB"
        case .enumeration: "VARCHAR(\(longest(type.values)))"
        }
    }

    private func postgresName(_ type: ColumnType) -> String {
        switch type.base {
        case .int: "bigint"
        case .string: "varchar(\(type.maximum ?? 255)) COLLATE \"C\""
        case .text: "text COLLATE \"C\""
        case .float: "double precision"
        case .decimal: "numeric" + digits(type)
        case .bool: "boolean"
        case .date: "date"
        case .datetime: "timestamp(3) with time zone"
        case .json: "jsonb"
        case .uuid: "uuid"
        case .blob: "bytea"
        case .enumeration: "varchar(\(longest(type.values))) COLLATE \"C\""
        }
    }

    /// Without digits a decimal has as many as it takes; MariaDB knows no such type.
    private func digits(_ type: ColumnType) -> String {
        type.precision.map { "(\($0),\(type.scale ?? 0))" } ?? ""
    }

    private func longest(_ values: [String]?) -> Int {
        max(1, values?.map(\.unicodeScalars.count).max() ?? 1)
    }

    /// The expression of a default, as a definition has it.
    func expression(_ value: DefaultValue, for type: ColumnType) -> String {
        switch value {
        case .literal(let text): literal(text, as: type)
        case .now: now(for: type)
        case .uuid: uuid
        case .expression(let sql): engine == .postgres ? sql : "(\(sql))"
        }
    }

    private func literal(_ text: String, as type: ColumnType) -> String {
        switch type.base {
        case .int, .float, .decimal:
            return Double(text)?.isFinite == true ? text : literal(text)
        case .bool:
            let isTrue = text == "true" || text == "1"
            return engine == .postgres ? (isTrue ? "true" : "false") : (isTrue ? "1" : "0")
        case .datetime:
            let moment = DefaultValue.moment(text)
            return literal(moment.map { engine == .postgres ? $0 + "+00" : $0 } ?? text)
        case .json where engine == .postgres: return literal(text) + "::jsonb"
        case .text, .json, .blob:
            return engine == .mariadb ? "(" + literal(text) + ")" : literal(text)
        default: return literal(text)
        }
    }

    private func now(for type: ColumnType) -> String {
        switch (engine, type.base) {
        case (.sqlite, .date): "(date('now'))"
        case (.sqlite, _): "(strftime('%Y-%m-%d %H:%M:%f', 'now'))"
        case (.mariadb, .date): "(current_date())"
        case (.mariadb, _): "current_timestamp(3)"
        case (.postgres, .date): "CURRENT_DATE"
        case (.postgres, _): "CURRENT_TIMESTAMP"
        }
    }

    /// A new UUID, of version 4 where the engine has no word for it.
    ///
    /// Source: RFC 9562, section 5.4.
    private var uuid: String {
        switch engine {
        case .sqlite:
            "(lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4' || "
                + "substr(hex(randomblob(2)), 2) || '-' || "
                + "substr('89AB', 1 + (abs(random()) % 4), 1) || "
                + "substr(hex(randomblob(2)), 2) || '-' || hex(randomblob(6))))"
        case .mariadb: "(uuid())"
        case .postgres: "gen_random_uuid()"
        }
    }
}

extension ObservedTable {
    /// Whether a column is of a type as far as a strict table of SQLite can say.
    func isStrictly(_ type: ColumnType, _ column: String) -> Bool {
        guard isStrict, type.base != .enumeration, table[column]?.type.base != .enumeration,
            let written = declarations[column]?.split(separator: " ").first
        else { return false }
        return written.uppercased() == Dialect(.sqlite).strictName(type)
    }
}
