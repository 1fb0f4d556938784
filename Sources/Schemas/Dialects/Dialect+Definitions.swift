/// Definitions of tables, columns and indexes.
extension Dialect {
    /// A table under a name of its own, without its plain indexes.
    ///
    /// - Parameters:
    ///   - table: what it should be.
    ///   - name: what it is to be called.
    ///   - foreignKeys: whether those are part of it.
    ///   - observed: what it replaces, for what a schema can't say of it.
    ///   - constraints: more of them, as they are to stand.
    /// - Returns: the statement.
    func createTable(
        _ table: Table, as name: String? = nil, foreignKeys: Bool = true,
        replacing observed: ObservedTable? = nil, constraints: [String] = []
    ) -> String {
        var parts = table.columns.map {
            definition(of: $0, in: table, replacing: observed, foreignKeys: foreignKeys)
        }
        if engine == .mariadb, table.liveUniques != nil { parts.append(liveMarkDefinition) }
        if inlineKey(of: table, replacing: observed) == nil, !table.primaryKey.isEmpty {
            parts.append("PRIMARY KEY (\(quoted(table.primaryKey.map(\.name))))")
        }
        for column in table.columns {
            for check in checks(of: column, in: table) { parts.append(text(of: check)) }
        }
        for shape in table.shapes where isConstraint(shape) {
            parts.append(uniqueConstraint(shape, of: table))
        }
        if engine != .sqlite, foreignKeys {
            for column in table.columns {
                foreignKey(of: column, in: table).map { parts.append($0) }
            }
        }
        parts += constraints
        let identity = TableIdentity(namespace: table.namespace, name: name ?? table.name)
        let body = parts.map { "    " + $0 }.joined(separator: ",\n")
        let options = observed.map(Self.sqliteOptions) ?? tableOptions
        return "CREATE TABLE \(quoted(identity)) (\n\(body)\n)\(options)"
    }

    /// How SQLite calls a generated column that is computed when it is read.
    static let virtual = "VIRTUAL"

    /// Text is compared by code points on every engine, and a space at its end counts.
    private var tableOptions: String {
        engine == .mariadb
            ? " ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin" : ""
    }

    private static func sqliteOptions(_ table: ObservedTable) -> String {
        let options = [
            table.isStrict ? "STRICT" : nil, table.isWithoutRowID ? "WITHOUT ROWID" : nil,
        ]
        .compactMap(\.self)
        return options.isEmpty ? "" : " " + options.joined(separator: ", ")
    }

    /// What SQLite's key of one number says with its column; nil where it doesn't stand there.
    ///
    /// Whether numbers are ever given twice is a table's own affair: a rebuild leaves it.
    private func inlineKey(of table: Table, replacing observed: ObservedTable?) -> String? {
        guard engine == .sqlite, table.primaryKey.count == 1, table.primaryKey[0].type.base == .int
        else { return nil }
        let isSequenced = observed?.isSequenced ?? table.primaryKey[0].isAuto
        if isSequenced { return "PRIMARY KEY AUTOINCREMENT" }
        return table.primaryKey[0].isAuto ? "PRIMARY KEY" : nil
    }

    private func uniqueConstraint(_ shape: IndexShape, of table: Table) -> String {
        let name = free(ConstraintName.index(table.name, shape))
        return "CONSTRAINT \(quoted(name)) UNIQUE \(indexed(shape))"
    }

    /// A column, as a table's definition or an `ADD COLUMN` has it.
    ///
    /// - Parameters:
    ///   - column: what it should be.
    ///   - table: the table it is part of.
    ///   - observed: what the table replaces.
    ///   - foreignKeys: whether SQLite's reference is part of it.
    /// - Returns: its SQL.
    func definition(
        of column: Column, in table: Table, replacing observed: ObservedTable? = nil,
        foreignKeys: Bool = true
    ) -> String {
        let type = column.type.usual(on: engine)
        let kept =
            observed?.table[column.name].map { $0.type.isSame(as: type) } ?? false
            || observed?.isStrictly(type, column.name) ?? false
        let written = kept ? observed?.declarations[column.name] : referredType(of: column)
        let name = observed?.isStrict == true ? strictName(type) : typeName(type)
        var parts = [quoted(column.name), written ?? name]
        if let generated = column.generated {
            let isVirtual = observed?.options[column.name] == Self.virtual
            let place = isVirtual ? Self.virtual : "STORED"
            parts.append("GENERATED ALWAYS AS (\(generated)) \(place)")
            return parts.joined(separator: " ")
        }
        if column.isPrimary, let key = inlineKey(of: table, replacing: observed) {
            parts.append(key)
            return parts.joined(separator: " ")
        }
        if column.isRequired || column.isPrimary { parts.append("NOT NULL") }
        if column.isAuto, column.type.base == .int { parts += autoNumber }
        if let value = defaultValue(of: column) {
            parts += ["DEFAULT", expression(value, for: column.type)]
        }
        if engine == .sqlite, foreignKeys, let foreign = column.foreign {
            let isKept = observed?.table[column.name]?.foreign == foreign
            parts.append((isKept ? observed?.references[column.name] : nil) ?? reference(foreign))
        }
        if let options = observed?.options[column.name] { parts.append(options) }
        return parts.joined(separator: " ")
    }

    /// MariaDB's references must be of the very type, and collation, of what they refer to.
    private func referredType(of column: Column) -> String? {
        guard engine == .mariadb, let foreign = column.foreign,
            let target = self.observed[foreign.target]?.declarations[foreign.column]
        else { return nil }
        guard column.type.isTextual else { return target }
        let collation = target.firstRange(of: " CHARACTER SET ").map { target[$0.lowerBound...] }
        return typeName(column.type) + (collation ?? "")
    }

    /// The default that the database knows; a key that is a UUID has one.
    func defaultValue(of column: Column) -> DefaultValue? {
        if column.isAuto, column.type.base == .uuid { return .uuid }
        return column.defaultValue
    }

    private var autoNumber: [String] {
        switch engine {
        case .sqlite: []
        case .mariadb: ["AUTO_INCREMENT"]
        case .postgres: ["GENERATED BY DEFAULT AS IDENTITY"]
        }
    }

    // MARK: - Constraints

    /// The checks that a column should have.
    func checks(of column: Column, in table: Table) -> [NamedCheck] {
        var checks: [NamedCheck] = []
        if let values = column.type.values {
            let list = values.map(literal).joined(separator: ", ")
            checks.append(
                NamedCheck(
                    name: ConstraintName.values(table.name, column),
                    condition: "\(quoted(column.name)) IN (\(list))", isOfValues: true))
        }
        if let check = column.check {
            checks.append(
                NamedCheck(
                    name: ConstraintName.check(table.name, column, check), condition: check))
        }
        return checks
    }

    func text(of check: NamedCheck) -> String {
        "CONSTRAINT \(quoted(check.name)) CHECK (\(check.condition))"
    }

    /// The constraint of a column that refers to another table; nil for others.
    func foreignKey(of column: Column, in table: Table) -> String? {
        column.foreign.map { foreign in
            let name = free(ConstraintName.foreignKey(table.name, column.name))
            return "CONSTRAINT \(quoted(name)) FOREIGN KEY (\(quoted(column.name))) "
                + reference(foreign)
        }
    }

    private func reference(_ foreign: ForeignKey) -> String {
        let action =
            switch foreign.onDelete {
            case .restrict: ""
            case .cascade: " ON DELETE CASCADE"
            case .setNull: " ON DELETE SET NULL"
            case .setDefault: " ON DELETE SET DEFAULT"
            }
        return "REFERENCES \(quoted(foreign.target)) (\(quoted(foreign.column)))\(action)"
    }

    /// A statement that makes an index.
    func createIndex(
        _ shape: IndexShape, on table: Table, options: String = "", named name: String? = nil
    ) -> String {
        let name = name ?? free(ConstraintName.index(table.name, shape))
        let unique = shape.isUnique ? "UNIQUE " : ""
        return "CREATE \(unique)INDEX \(options)\(quoted(name)) "
            + "ON \(quoted(table.identity)) \(indexed(shape))"
    }

    /// Statements that make an index while others write, where the engine can.
    ///
    /// Source: postgresql.org/docs/15/sql-createindex.html.
    func createIndexOnline(_ shape: IndexShape, on table: Table) -> String {
        switch engine {
        case .sqlite: createIndex(shape, on: table)
        case .mariadb: createIndex(shape, on: table) + " ALGORITHM=INPLACE LOCK=NONE"
        case .postgres: createIndex(shape, on: table, options: "CONCURRENTLY ")
        }
    }
}
