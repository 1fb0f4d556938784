import SQL
import Schemas

/// What stands against a row that the database refuses: engines name another one of several uniques
/// each, and so all of them are looked up.
extension RowWriting {
    /// A row that is to be written, as far as its values are known.
    struct Intended {
        /// By column; nil for what only the database knows.
        var values: [SQLValue?]
        /// The columns that change; nil for a new row.
        var changed: Set<Int>?
        /// The key of the row as it is; nil for a new one.
        var key: [SQLValue]?
        /// Where it stands in the body, such as `tasks[0].`.
        var path: String
        /// The columns whose values are written, in the order of the statement.
        var bound: [ServedColumn]
    }

    /// A new row, with what the table itself puts into it.
    func intended(_ filled: RowFilling.Values, in table: ServedTable, at path: String) -> Intended {
        let values = table.columns.map { column -> SQLValue? in
            if let given = filled.first(where: { $0.column.index == column.index }) {
                return given.value
            }
            if column.column.isAuto || column.column.generated != nil { return nil }
            switch column.column.defaultValue {
            case nil: return SQLValue.null
            case .literal(let text): return try? self.values.value(text, for: column.type)
            case .now, .uuid, .expression: return nil
            }
        }
        return Intended(values: values, path: path, bound: filled.map(\.column))
    }

    /// The change of a row.
    func intended(
        _ filled: RowFilling.Values, of old: Written, in table: ServedTable, at path: String
    ) -> Intended {
        var values: [SQLValue?] = old.values
        for column in table.columns where column.column.generated != nil {
            values[column.index] = nil
        }
        for (column, value) in filled { values[column.index] = value }
        return Intended(
            values: values, changed: Set(filled.map(\.column.index)), key: old.key, path: path,
            bound: filled.map(\.column))
    }

    /// Those uniques that the row could break, and that can be looked up.
    private func uniques(of table: ServedTable, for row: Intended) -> [ServedUnique] {
        table.uniques.filter { unique in
            let isTouched =
                row.changed.map { changed in
                    unique.columns.contains {
                        changed.contains($0.index)
                            || (unique.isLive && changed.contains(table.deletedAt?.index ?? -1))
                    }
                } ?? true
            return isTouched
                && unique.columns.allSatisfy { column in
                    row.values[column.index].map { $0 != .null } ?? false
                }
        }
    }

    /// Does what may break uniques; its refusal names the fields of all that are broken.
    func naming<D: Database, Result>(
        _ intended: @autoclosure () -> Intended, of table: ServedTable, on database: D,
        _ body: () throws(APIError) -> Result
    ) throws(APIError) -> Result {
        do throws(APIError) {
            // On PostgreSQL nothing can be asked once a statement has failed, unless it is undone.
            guard app.engine == .postgres, table.uniques.count > 1,
                uniques(of: table, for: intended()).count > 1
            else { return try body() }
            return try database.transaction(refusing: .durable, body)
        } catch {
            let row = intended()
            let uniques = uniques(of: table, for: row)
            let named = error.naming(
                app.constraints, of: table, at: row.path, bound: row.bound)
            // MariaDB says an index's name alone, which somebody else may have chosen.
            let isUnnamed = app.engine == .mariadb && named.problems.isEmpty
            guard error.cause == .unique, uniques.count > 1 || isUnnamed else { throw named }
            var broken: Set<Int> = []
            for unique in uniques
            where try isTaken(unique, by: row, in: table, on: database) {
                broken.formUnion(unique.columns.map(\.index))
            }
            guard !broken.isEmpty else { throw named }
            let told = Set(named.problems.map(\.field))
            throw error.naming(
                table.columns.filter {
                    broken.contains($0.index) || told.contains(row.path + $0.name)
                }
                .map(\.name), at: row.path)
        }
    }

    private func isTaken<D: Database>(
        _ unique: ServedUnique, by row: Intended, in table: ServedTable, on database: D
    ) throws(APIError) -> Bool {
        var conditions = unique.columns.map { column in
            SQLFragment(
                "\(column.quoted) = \(column.comparand)", [row.values[column.index] ?? .null])
        }
        if unique.isLive, let deletedAt = table.deletedAt {
            conditions.append(SQLFragment("\(deletedAt.quoted) IS NULL"))
        }
        if let key = row.key {
            let own = condition(key, of: table)
            conditions.append(SQLFragment("NOT (\(own.sql))", own.values))
        }
        var statement = SelectText(dialect: dialect, table: table).select(
            "1", where: .all(conditions))
        // MariaDB would otherwise look at the rows as they were when the transaction began.
        statement.sql += app.engine == .mariadb ? " LIMIT 1 LOCK IN SHARE MODE" : " LIMIT 1"
        var isTaken = false
        try database.rows(statement) { _ in isTaken = true }
        return isTaken
    }
}
