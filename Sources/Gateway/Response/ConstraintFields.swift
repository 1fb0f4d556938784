import SQL
import Schemas

/// Finds the fields that a database's complaint is about.
struct ConstraintFields: Sendable {
    /// Columns by the constraint's name.
    private let byName: [String: [String]]
    private let engine: DatabaseEngine

    init(_ schema: Schema, _ engine: DatabaseEngine) {
        self.engine = engine
        byName = schema.tables.reduce(into: [:]) { all, table in
            all.merge(table.constraintColumns(on: engine)) { first, _ in first }
        }
    }

    /// The fields of a constraint that a message names; none where nobody can tell.
    ///
    /// SQLite names a check, or columns as `table.column`; MariaDB and PostgreSQL the constraint in
    /// quotes, MariaDB with the table before it.
    func fields(in message: String) -> [String] {
        if let list = message.split(separator: "UNIQUE constraint failed: ").last,
            message.hasPrefix("UNIQUE")
        {
            return list.split(separator: ", ").compactMap { part in
                part.lastIndex(of: ".").map { String(part[part.index(after: $0)...]) }
            }
        }
        if message.hasPrefix("NOT NULL constraint failed: "), let point = message.lastIndex(of: ".")
        {
            return [String(message[message.index(after: point)...])]
        }
        let words = message.split { "\"'`(): ".contains($0) }
        for word in words {
            let name = word.split(separator: ".").last.map(String.init) ?? String(word)
            if let columns = byName[String(word)] ?? byName[name] { return columns }
        }
        return []
    }

    /// The fields of a check that a message names, of whatever name.
    func fields(ofCheckIn message: String, of table: Table) -> [String] {
        let known = fields(in: message)
        guard known.isEmpty else { return known }
        let sqlite = "CHECK constraint failed: "
        if message.hasPrefix(sqlite) {
            return table.columns(ofCheck: String(message.dropFirst(sqlite.count)), on: engine)
        }
        // MariaDB says the constraint first, PostgreSQL the relation before it.
        let quotes: Character = engine == .mariadb ? "`" : "\""
        let names = message.split(separator: quotes, omittingEmptySubsequences: false).enumerated()
            .filter { !$0.offset.isMultiple(of: 2) }.map { String($0.element) }
        guard let name = engine == .mariadb ? names.first : names.dropFirst().first else {
            return []
        }
        return table.columns(ofCheck: name, on: engine)
    }

    /// The field that a message says must have a value.
    func field(ofNullIn message: String, of table: Table) -> [String] {
        let known = fields(in: message)
        guard known.isEmpty else { return known }
        let parts = message.split(separator: engine == .mariadb ? "'" : "\"")
        return parts.map(String.init).first { table[$0] != nil }.map { [$0] } ?? []
    }

    /// The field whose value a message refuses; nil where it doesn't say. `bound` are the columns
    /// whose values the statement had.
    ///
    /// MariaDB says the column last, as … for column `database`.`table`.`column` at row 1, or as …
    /// for column 'column' at row 1. PostgreSQL says which of the values it was, or begins with the
    /// column.
    func field(ofValueIn message: String, bound: [String]) -> String? {
        switch engine {
        case .sqlite: return nil
        case .mariadb:
            guard let place = message.ranges(of: "for column ").last?.upperBound else { return nil }
            let names = message[place...].split { $0 == "`" || $0 == "'" || $0 == "." }
            return names.dropLast().last.map(String.init)
        case .postgres:
            if let place = message.ranges(of: ": parameter ").last?.upperBound {
                guard let number = Int(message[place...]), bound.indices.contains(number - 1)
                else { return nil }
                return bound[number - 1]
            }
            let parts = message.split(separator: "\"", omittingEmptySubsequences: false)
            return parts.count > 1 && parts[0] == "column " ? String(parts[1]) : nil
        }
    }
}

extension APIError {
    /// The same with the key's fields, where the database says no more than that it is one.
    func namingKey(of table: ServedTable) -> APIError {
        guard self.cause == .unique, self.problems.isEmpty, let detail = self.detail,
            detail.hasSuffix("'PRIMARY'") || detail.contains("\"\(table.name)_pkey\"")
        else { return self }
        return naming(table.key.map(\.name), at: "")
    }

    /// The same with the fields that the database complained about, of a row at a place in the
    /// body.
    ///
    /// - Parameters:
    ///   - constraints: what is known of the constraints.
    ///   - table: where the row was to be written.
    ///   - path: its place in the body.
    ///   - bound: the columns whose values the statement had, in their order.
    /// - Returns: the same, with fields where they are known.
    func naming(
        _ constraints: ConstraintFields, of table: ServedTable, at path: String,
        bound: [ServedColumn]
    ) -> APIError {
        guard self.problems.isEmpty, let detail = self.detail, let cause = self.cause else {
            return self
        }
        switch cause {
        case .unique:
            let named = namingKey(of: table)
            let fields =
                named.problems.isEmpty
                ? constraints.fields(in: detail) : named.problems.map(\.field)
            return naming(fields, at: path)
        case .check:
            return naming(constraints.fields(ofCheckIn: detail, of: table.table), at: path)
        case .notNull:
            return naming(constraints.field(ofNullIn: detail, of: table.table), at: path)
        case .characters, .value, .tooLong:
            let field = constraints.field(ofValueIn: detail, bound: bound.map(\.name))
            return naming([field].compactMap(\.self).filter { table.column($0) != nil }, at: path)
        default: return self
        }
    }

    /// The same with these fields.
    func naming(_ fields: [String], at path: String) -> APIError {
        var named = self
        named.problems = fields.map {
            FieldProblem(field: path + $0, code: self.code, message: self.message)
        }
        return named
    }

    /// The same with the fields that the database complained about; SQLite doesn't say which
    /// reference is broken, so none is named on any engine.
    func naming(_ constraints: ConstraintFields) -> APIError {
        guard self.problems.isEmpty, let detail = self.detail, let cause = self.cause,
            [.unique, .check, .notNull].contains(cause)
        else { return self }
        return naming(constraints.fields(in: detail), at: "")
    }
}
