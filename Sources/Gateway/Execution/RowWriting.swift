import FoundationEssentials
import SQL
import Schemas

/// Makes, changes and deletes rows in a transaction, as the caller may.
struct RowWriting {
    let app: ServedApp
    let caller: Caller
    /// Milliseconds since 1970, the same for all that one request writes.
    let now: Int
    let dialect: Dialect
    let values: ValueReading
    /// The sign-ins that were ended by what was written.
    let ended: Kept<[String]>

    /// What a row turned out to be.
    struct Written {
        /// Its key's values.
        var key: [SQLValue]
        /// All its columns' values.
        var values: [SQLValue]
        var version: UInt64
        var isNew: Bool
    }

    init(_ app: ServedApp, _ caller: Caller, now: Int, ended: Kept<[String]> = Kept()) {
        self.ended = ended
        self.app = app
        self.caller = caller
        self.now = now
        dialect = Dialect(app.engine)
        values = ValueReading(engine: app.engine)
    }

    // MARK: - Rows

    /// The condition that a key's columns have these values.
    func condition(_ key: [SQLValue], of table: ServedTable) -> SQLFragment {
        SQLFragment(table.keyCondition, key)
    }

    /// The row that a condition finds, locked until the transaction ends; nil when there is none.
    func row<D: Database>(
        _ conditions: [SQLFragment], of table: ServedTable, on database: D
    ) throws(APIError) -> Written? {
        var statement = SelectText(dialect: dialect, table: table).select(where: .all(conditions))
        if app.engine != .sqlite { statement.sql += " FOR UPDATE" }
        var found: Written?
        try database.rows(statement) { row in
            if found == nil { found = written(row, of: table, isNew: false) }
        }
        return found
    }

    /// What a row says, with its version for this caller.
    func written(_ row: some Row, of table: ServedTable, isNew: Bool) -> Written {
        Written(
            key: table.key.map { row.value($0.index) },
            values: table.columns.map { row.value($0.index) },
            version: RowText(table, fields: nil, role: caller.role).version(of: row),
            isNew: isNew)
    }

    /// The row of a key, if the caller may do this with it.
    ///
    /// - Throws: 404 for one that the caller may not see, 403 for one that may only be seen.
    func existing<D: Database>(
        _ key: [SQLValue], of table: ServedTable, for operation: Operation, on database: D,
        includesDeleted: Bool = false
    ) throws(APIError) -> Written {
        let rules = RowRules(app, table, caller)
        let key = condition(key, of: table)
        let scope = try rules.scope(operation, includesDeleted: includesDeleted)
        do throws(APIError) {
            if let found = try row([key] + scope, of: table, on: database) { return found }
        } catch {
            throw error.ofKey
        }
        let sight = try rules.scope(.show, includesDeleted: includesDeleted)
        let isSeen = try row([key] + sight, of: table, on: database) != nil
        throw isSeen ? .forbidden : .notFound
    }

    /// Compares the version that a change is of with the row's own.
    ///
    /// - Throws: 412 for another one, 428 where one must be given and is not.
    func checkVersion(_ match: String?, _ row: Written, of table: ServedTable) throws(APIError) {
        guard let match else {
            guard table.rules.requiresMatch else { return }
            throw APIError(
                428, "precondition_required",
                "`\(table.name)` is only changed with `If-Match`, the version that you read")
        }
        guard ETag.matches(match, row.version) else { throw .etagMismatch }
    }

    /// Whether the row may be as it is now.
    ///
    /// - Throws: 403 when the change took it out of what the caller may touch.
    private func checkRules<D: Database>(
        _ key: [SQLValue], of table: ServedTable, _ operation: Operation, on database: D
    ) throws(APIError) {
        guard let filter = try RowRules(app, table, caller).filter(for: operation) else { return }
        let select = SelectText(dialect: dialect, table: table)
        let statement = select.select("1", where: .all([condition(key, of: table), filter]))
        var isAllowed = false
        try database.rows(statement) { _ in isAllowed = true }
        if !isAllowed { throw .forbidden }
    }

    // MARK: - Making

    /// Makes a row, and those nested in it.
    func create<D: Database>(_ draft: RowDraft, in table: ServedTable, on database: D)
        throws(APIError) -> Written
    {
        let rules = RowRules(app, table, caller)
        try rules.admit(.create)
        if rules.condition(for: .create) == .nothing { throw .forbidden }
        var draft = draft
        try writeParents(of: &draft, in: table, on: database)
        let filled = try RowFilling(self, table, rules).creation(draft)
        try checkReferences(filled, draft, in: table, on: database)
        let made = try insert(filled, into: table, at: draft.path, on: database)
        try checkRules(made.key, of: table, .create, on: database)
        try writeChildren(of: draft, made, in: table, on: database)
        return made
    }

    /// Makes a row of these values, unasked; `path` is where it stands in the body.
    func insert<D: Database>(
        _ filled: RowFilling.Values, into table: ServedTable, at path: String = "",
        on database: D
    ) throws(APIError) -> Written {
        let names = filled.map(\.column.quoted).joined(separator: ", ")
        let marks = filled.map { _ in "?" }.joined(separator: ", ")
        let body =
            filled.isEmpty
            ? (app.engine == .mariadb ? "() VALUES ()" : "DEFAULT VALUES")
            : "(\(names)) VALUES (\(marks))"
        let statement = SQLFragment(
            "INSERT INTO \(table.quoted) \(body) RETURNING \(table.selectList)",
            filled.map(\.value))
        var made: Written?
        try naming(intended(filled, in: table, at: path), of: table, on: database) {
            () throws(APIError) in
            try database.rows(statement) { made = written($0, of: table, isNew: true) }
        }
        guard let made else { throw APIError(500, "internal", "something went wrong here") }
        try checkGenerated(made, of: table)
        return made
    }

    /// SQLite makes a number that is too large for an integer a floating-point one; the other
    /// engines refuse it.
    private func checkGenerated(_ row: Written, of table: ServedTable) throws(APIError) {
        guard app.engine == .sqlite else { return }
        for column in table.columns
        where column.column.generated != nil && column.type.base == .int {
            guard case .real = row.values[column.index] else { continue }
            throw APIError(422, "too_long", "a value is too long or too large")
        }
    }

    // MARK: - Changing

    /// Changes a row; with `isWhole`, what the draft leaves out is as in a new row.
    func update<D: Database>(
        _ old: Written, _ draft: RowDraft, in table: ServedTable, isWhole: Bool, on database: D
    ) throws(APIError) -> Written {
        let rules = RowRules(app, table, caller)
        var draft = draft
        try writeParents(of: &draft, in: table, on: database)
        let filled = try RowFilling(self, table, rules).change(draft, of: old, isWhole: isWhole)
        try checkReferences(filled, draft, in: table, on: database)
        if !filled.isEmpty {
            let assignments = filled.map { "\($0.column.quoted) = ?" }.joined(separator: ", ")
            let key = condition(old.key, of: table)
            let statement = SQLFragment(
                "UPDATE \(table.quoted) SET \(assignments) WHERE \(key.sql)",
                filled.map(\.value) + key.values)
            let path = draft.path
            try naming(
                intended(filled, of: old, in: table, at: path), of: table, on: database
            ) { () throws(APIError) in
                _ = try database.change(statement)
            }
            try checkRules(old.key, of: table, .update, on: database)
            try endSignIns(ofChanged: old, to: filled, in: table, on: database)
        }
        guard let new = try row([condition(old.key, of: table)], of: table, on: database) else {
            throw .notFound
        }
        try checkGenerated(new, of: table)
        try writeChildren(of: draft, new, in: table, on: database)
        return new
    }

    // MARK: - References

    /// A row may only refer to rows that its caller may see: what is there and what isn't would
    /// otherwise show, and be used.
    private func checkReferences<D: Database>(
        _ filled: [(column: ServedColumn, value: SQLValue)], _ draft: RowDraft,
        in table: ServedTable, on database: D
    ) throws(APIError) {
        for (column, value) in filled {
            guard let foreign = column.column.foreign, value != .null,
                let far = app.table(foreign.target), column.index != table.owner?.index
            else { continue }
            // It is not there yet to be seen; a key that is there already is refused as such.
            let isToItself =
                far.index == table.index
                && filled.contains { $0.column.name == foreign.column && $0.value == value }
            if isToItself { continue }
            let scope = try RowRules(app, far, caller).scope(.show)
            let comparand = far.column(foreign.column)?.comparand ?? "?"
            let condition = SQLFragment(
                "\(dialect.quoted(foreign.column)) = \(comparand)", [value])
            let select = SelectText(dialect: dialect, table: far)
            var isSeen = false
            try database.rows(select.select("1", where: .all([condition] + scope))) { _ in
                isSeen = true
            }
            guard isSeen else {
                let message = "refers to no row of `\(far.name)`"
                let field = draft.path + column.name
                throw APIError(
                    409, "foreign_key", "\(field): \(message)",
                    [.init(field: field, code: "foreign_key", message: message)])
            }
        }
    }
}
