import SQL
import Schemas

/// Which tables' rows keep others from being deleted: engines name one of them, or none.
struct ReferringTables: DatabaseTask {
    let app: ServedApp
    let table: ServedTable
    let caller: Caller
    /// What finds the rows that were to be deleted.
    let conditions: [SQLFragment]

    /// How far a delete that goes along is followed.
    private static let depthLimit = 8

    /// The tables, in the order of the schema; nil among them where the caller's role sees none of
    /// a table's rows.
    func run<D: Database>(on database: D) throws(APIError) -> [String?] {
        var found: Set<Int> = []
        let select = SelectText(dialect: Dialect(app.engine), table: table)
        try search(table, depth: 0, on: database, &found) { column in
            select.select(column, where: .all(conditions))
        }
        return found.sorted().map { index in
            let far = app.tables[index]
            let rules = RowRules(app, far, caller)
            let isSeen = [Operation.list, .show].contains { operation in
                (try? rules.admit(operation)) != nil && rules.condition(for: operation) != .nothing
            }
            return isSeen ? far.name : nil
        }
    }

    private func search<D: Database>(
        _ near: ServedTable, depth: Int, on database: D, _ found: inout Set<Int>,
        _ rows: (_ column: String) -> SQLFragment
    ) throws(APIError) {
        let dialect = Dialect(app.engine)
        for relation in near.relations where relation.kind == .children {
            guard let far = app.table(relation.table),
                let foreign = far.column(relation.farColumn)?.column.foreign
            else { continue }
            let inner = rows(dialect.quoted(relation.nearColumn))
            let condition = SQLFragment(
                "\(dialect.quoted(relation.farColumn)) IN (\(inner.sql))", inner.values)
            let select = SelectText(dialect: dialect, table: far)
            if foreign.onDelete == .cascade, depth < Self.depthLimit {
                try search(far, depth: depth + 1, on: database, &found) { column in
                    select.select(column, where: condition)
                }
            }
            guard foreign.onDelete == .restrict else { continue }
            var statement = select.select("1", where: condition)
            statement.sql += " LIMIT 1"
            var isThere = false
            try database.rows(statement) { _ in isThere = true }
            if isThere { found.insert(far.index) }
        }
    }
}

extension APIError {
    /// The refusal of a delete, with the tables whose rows still refer to what was to go.
    func namingReferring(_ tables: [String?]) -> APIError {
        var named = self
        let known = tables.compactMap(\.self)
        named.message = "another row still refers to this one"
        guard !known.isEmpty else { return named }
        let words = known.map { "`\($0)`" }.joined(separator: ", ")
        named.message = "rows of \(words) still refer to this one"
        named.problems = known.map {
            FieldProblem(field: $0, code: self.code, message: "rows of `\($0)` still refer to it")
        }
        return named
    }
}
