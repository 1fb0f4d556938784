import SQL
import Schemas

/// Who is deleted, or becomes somebody else, is signed out: a token is proven without the row.
extension RowWriting {
    /// Ends the sign-ins that a row's end brings along: its own, where it is a person's, and those
    /// of the people whom the database deletes with it.
    func endSignIns<D: Database>(
        ofDeleted row: Written, in table: ServedTable, on database: D
    ) throws(APIError) {
        try endSignIns(of: row, in: table, on: database)
        guard let people = app.people, takesPeopleAlong(table) else { return }
        try endSignIns(ofThoseNotIn: people, on: database)
    }

    /// Ends the sign-ins of a person whose key, password or role has changed, or who is deleted by
    /// a stamp.
    func endSignIns<D: Database>(
        ofChanged old: Written, to filled: RowFilling.Values, in table: ServedTable,
        on database: D
    ) throws(APIError) {
        guard app.people === table, let auth = app.release.app.auth else { return }
        let names = [table.key.first?.name, auth.password, auth.role, table.deletedAt?.name]
        let isAnother = filled.contains { column, value in
            names.contains(column.name) && value != old.values[column.index]
        }
        if isAnother { try endSignIns(of: old, in: table, on: database) }
    }

    /// Ends all sign-ins of a person; no row of another table is one.
    func endSignIns<D: Database>(
        of row: Written, in table: ServedTable, on database: D
    ) throws(APIError) {
        guard app.people === table, let key = table.key.first else { return }
        let sessions = SessionStorage(app.engine)
        guard try sessions.isThere(on: database) else { return }
        try end(row.values[key.index].pathText, in: sessions, on: database)
    }

    private func end<D: Database>(
        _ subject: String, in sessions: SessionStorage, on database: D
    ) throws(APIError) {
        let families = try sessions.revokeOthers(
            of: subject, but: nil, now: Clock.seconds, on: database)
        ended.value = (ended.value ?? []) + families
    }

    /// Whether the database deletes people along with rows of a table, by references that cascade.
    private func takesPeopleAlong(_ table: ServedTable) -> Bool {
        var reached: Set<TableIdentity> = []
        var pending = [app.people].compactMap(\.self)
        while let next = pending.popLast() {
            for column in next.columns {
                guard let foreign = column.column.foreign, foreign.onDelete == .cascade,
                    let far = app.table(foreign.target),
                    reached.insert(far.table.identity).inserted
                else { continue }
                pending.append(far)
            }
        }
        return reached.contains(table.table.identity)
    }

    /// How many people one statement looks for.
    private static let lookupSize = 500

    /// Ends the sign-ins of those who are no longer there.
    private func endSignIns<D: Database>(
        ofThoseNotIn people: ServedTable, on database: D
    ) throws(APIError) {
        let sessions = SessionStorage(app.engine)
        guard let key = people.key.first, try sessions.isThere(on: database) else { return }
        var left = try sessions.subjects(on: database)[...]
        while !left.isEmpty {
            let some = left.prefix(Self.lookupSize)
            left = left.dropFirst(Self.lookupSize)
            let keys = some.compactMap { try? values.value($0, for: key.type) }
            let marks = keys.map { _ in key.comparand }.joined(separator: ", ")
            var there: Set<String> = []
            if !keys.isEmpty {
                let condition = SQLFragment("\(key.quoted) IN (\(marks))", keys)
                let select = SelectText(dialect: dialect, table: people)
                try database.rows(select.select(where: condition)) { row in
                    there.insert(row.value(key.index).pathText)
                }
            }
            for subject in some where !there.contains(subject) {
                try end(subject, in: sessions, on: database)
            }
        }
    }
}
