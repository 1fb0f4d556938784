import SQL
import Schemas

/// Finds the fields that a database's complaint is about.
struct ConstraintFields: Sendable {
    /// Columns by the constraint's name.
    private let byName: [String: [String]]

    init(_ schema: Schema) {
        byName = schema.tables.reduce(into: [:]) { all, table in
            all.merge(table.constraintColumns) { first, _ in first }
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
}

extension APIError {
    /// The same with the key's fields, where the database says no more than that it is one.
    func namingKey(of table: ServedTable) -> APIError {
        guard cause == .unique, problems.isEmpty, let detail,
            detail.hasSuffix("'PRIMARY'") || detail.contains("\"\(table.name)_pkey\"")
        else { return self }
        var named = self
        named.problems = table.key.map {
            FieldProblem(field: $0.name, code: code, message: message)
        }
        return named
    }

    /// The same with the fields that the database complained about; SQLite doesn't say which
    /// reference is broken, so none is named on any engine.
    func naming(_ constraints: ConstraintFields) -> APIError {
        guard problems.isEmpty, let detail, let cause,
            [.unique, .check, .notNull].contains(cause)
        else { return self }
        var named = self
        named.problems = constraints.fields(in: detail).map {
            FieldProblem(field: $0, code: code, message: message)
        }
        return named
    }
}
