import SQL
import Schemas

extension RowWriting {
    /// Deletes a row: for good, or, where the table keeps deleted rows, by a stamp on it and on
    /// those that go with it.
    ///
    /// - Returns: how many rows of which tables went.
    func delete<D: Database>(_ row: Written, in table: ServedTable, on database: D)
        throws(APIError) -> [String: Int]
    {
        guard let deletedAt = table.deletedAt else {
            let key = condition(row.key, of: table)
            try database.change(
                SQLFragment("DELETE FROM \(table.quoted) WHERE \(key.sql)", key.values))
            try endSignIns(ofDeleted: row, in: table, on: database)
            return [table.name: 1]
        }
        var counts: [String: Int] = [:]
        try mark(
            row, in: table, deletedAt, from: nil, to: values.stored(now), on: database, &counts,
            depth: 0)
        return counts
    }

    /// Brings back a row, and exactly what went with it.
    ///
    /// - Throws: 409 for a row that is not deleted.
    func restore<D: Database>(_ row: Written, in table: ServedTable, on database: D)
        throws(APIError) -> [String: Int]
    {
        guard let deletedAt = table.deletedAt else { throw .notFound }
        let stamp = row.values[deletedAt.index]
        guard stamp != .null else {
            throw APIError(409, "not_deleted", "the row is not deleted")
        }
        try checkParents(of: row, in: table, on: database)
        var counts: [String: Int] = [:]
        try mark(
            row, in: table, deletedAt, from: stamp, to: .null, on: database, &counts, depth: 0)
        return counts
    }

    /// How far a delete follows references.
    private static let depthLimit = 16

    /// Sets the stamp of a row and, where the table cascades, of the rows that refer to it, the
    /// deepest first.
    private func mark<D: Database>(
        _ row: Written, in table: ServedTable, _ deletedAt: ServedColumn, from old: SQLValue?,
        to new: SQLValue, on database: D, _ counts: inout [String: Int], depth: Int
    ) throws(APIError) {
        if table.rules.cascade, depth < Self.depthLimit {
            for relation in table.relations where relation.kind == .children {
                guard let far = app.table(relation.table), let farDeletedAt = far.deletedAt,
                    let near = table.column(relation.nearColumn)
                else { continue }
                let condition = SQLFragment(
                    "\(dialect.quoted(relation.farColumn)) = ?", [row.values[near.index]])
                let state =
                    old.map { SQLFragment("\(farDeletedAt.quoted) = ?", [$0]) }
                    ?? SQLFragment("\(farDeletedAt.quoted) IS NULL")
                for child in try rows([condition, state], of: far, on: database) {
                    try mark(
                        child, in: far, farDeletedAt, from: old, to: new, on: database, &counts,
                        depth: depth + 1)
                }
            }
        }
        let key = condition(row.key, of: table)
        let statement = SQLFragment(
            "UPDATE \(table.quoted) SET \(deletedAt.quoted) = ? WHERE \(key.sql)",
            [new] + key.values)
        let changed = try naming(
            intended([(deletedAt, new)], of: row, in: table, at: ""), of: table, on: database
        ) { () throws(APIError) in
            try database.change(statement)
        }
        counts[table.name, default: 0] += changed
        if new != .null { try endSignIns(of: row, in: table, on: database) }
    }

    private func rows<D: Database>(
        _ conditions: [SQLFragment], of table: ServedTable, on database: D
    ) throws(APIError) -> [Written] {
        let select = SelectText(dialect: dialect, table: table)
        var found: [Written] = []
        try database.rows(select.select(where: .all(conditions))) {
            found.append(written($0, of: table, isNew: false))
        }
        return found
    }

    /// A row doesn't come back below one that is still deleted.
    private func checkParents<D: Database>(
        of row: Written, in table: ServedTable, on database: D
    ) throws(APIError) {
        for relation in table.relations where relation.kind == .parent {
            guard let far = app.table(relation.table), let deletedAt = far.deletedAt,
                let near = table.column(relation.nearColumn), row.values[near.index] != .null
            else { continue }
            let parent = SQLFragment(
                "\(dialect.quoted(relation.farColumn)) = ?", [row.values[near.index]])
            let isGone = SQLFragment("\(deletedAt.quoted) IS NOT NULL")
            guard try self.rows([parent, isGone], of: far, on: database).isEmpty else {
                throw APIError(
                    409, "parent_deleted", "the row's `\(relation.name)` is deleted: restore that")
            }
        }
    }

    /// Deletes for good, whatever the table keeps.
    func purge<D: Database>(_ row: Written, in table: ServedTable, on database: D)
        throws(APIError)
    {
        let key = condition(row.key, of: table)
        try database.change(
            SQLFragment("DELETE FROM \(table.quoted) WHERE \(key.sql)", key.values))
        try endSignIns(ofDeleted: row, in: table, on: database)
    }
}
