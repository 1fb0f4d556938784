import SQL
import Schemas

/// The links of one row to those of another table.
struct Links {
    /// Where they stand, and their two columns.
    let table: TableIdentity
    let near: String
    let far: String
    /// What the row is linked by.
    let value: SQLValue
    /// The other table, and the column that it is linked by.
    let target: ServedTable
    let targetColumn: ServedColumn
}

extension RowWriting {
    /// Makes the links of a row exactly those that are named, of all that the caller sees: links
    /// of other people's, or to rows that are deleted or other people's, stay as they are.
    func write<D: Database>(
        _ links: Links, _ wanted: [SQLValue], on database: D
    ) throws(APIError) {
        guard let table = app.table(links.table), let near = table.column(links.near),
            let far = table.column(links.far)
        else { return }
        let present = try present(links, in: table, near, far, on: database)
        let lost = present.filter { !wanted.contains($0) }
        if !lost.isEmpty { try RowRules(app, table, caller).admit(.delete) }
        for value in lost {
            let key = table.key.map { $0.index == near.index ? links.value : value }
            _ = try existing(key, of: table, for: .delete, on: database)
            try database.change(
                SQLFragment(
                    "DELETE FROM \(table.quoted) WHERE \(near.quoted) = ? AND \(far.quoted) = ?",
                    [links.value, value]))
        }
        for value in Set(wanted) where !present.contains(value) {
            var row = RowDraft()
            row.values = [(near, links.value), (far, value)]
            _ = try create(row, in: table, on: database)
        }
    }

    /// What the row is linked to, as far as the caller sees the links and what they lead to.
    private func present<D: Database>(
        _ links: Links, in table: ServedTable, _ near: ServedColumn, _ far: ServedColumn,
        on database: D
    ) throws(APIError) -> [SQLValue] {
        var conditions = [SQLFragment("\(near.quoted) = ?", [links.value])]
        conditions += try RowRules(app, table, caller).scope(.show)
        if let seen = SQLFragment.all(try RowRules(app, links.target, caller).scope(.list)) {
            let targets = SelectText(dialect: dialect, table: links.target)
                .select(links.targetColumn.quoted, where: seen)
            conditions.append(
                SQLFragment("\(far.quoted) IN (\(targets.sql))", targets.values))
        }
        var present: [SQLValue] = []
        let select = SelectText(dialect: dialect, table: table)
        try database.rows(select.select(far.quoted, where: .all(conditions))) {
            present.append($0.value(0))
        }
        return present
    }
}
