import SQL
import Schemas

extension RowWriting {
    /// Everything that is wrong with rows to be made, and with those nested in them, before the
    /// database is asked.
    ///
    /// - Parameters:
    ///   - draft: the row.
    ///   - table: where it is to be made.
    ///   - given: columns whose values come from the rows around it.
    /// - Returns: the problems, in the order of the rows.
    /// - Throws: what the caller's rules throw.
    func problems(
        ofNew draft: RowDraft, in table: ServedTable, given: Set<Int> = []
    ) throws(APIError) -> [APIError.FieldProblem] {
        let (below, made) = try problems(inside: draft, of: table)
        let rules = RowRules(app, table, caller)
        let filling = RowFilling(self, table, rules, given: given.union(made))
        return try filling.problems(ofNew: draft) + below
    }

    /// Everything that is wrong with a change by itself, whatever row it is of.
    func problems(ofChange draft: RowDraft, in table: ServedTable) throws(APIError)
        -> [APIError.FieldProblem]
    {
        let rules = RowRules(app, table, caller)
        return try RowFilling(self, table, rules).problems(ofChange: draft)
            + problems(inside: draft, of: table).problems
    }

    /// What is wrong with the rows in a row, and the columns that those make.
    private func problems(inside draft: RowDraft, of table: ServedTable) throws(APIError) -> (
        problems: [APIError.FieldProblem], made: Set<Int>
    ) {
        var made: Set<Int> = []
        var below: [APIError.FieldProblem] = []
        for nested in draft.nested {
            guard let far = app.table(nested.relation.table) else { continue }
            var inherited: Set<Int> = []
            switch nested.relation.kind {
            case .parent:
                if let near = table.column(nested.relation.nearColumn) { made.insert(near.index) }
            case .children:
                if let column = far.column(nested.relation.farColumn) {
                    inherited.insert(column.index)
                }
            case .manyToMany: break
            }
            for row in nested.rows {
                // A row that names its key may be one that is there.
                let isNamed = far.key.allSatisfy {
                    row.value(of: $0) != nil || inherited.contains($0.index)
                }
                below +=
                    isNamed && !far.key.isEmpty
                    ? try problems(ofChange: row, in: far)
                    : try problems(ofNew: row, in: far, given: inherited)
            }
        }
        return (below, made)
    }

    /// What is wrong with rows in a row whose key people gave themselves, and that turn out not to
    /// be there: only the database tells that they are to be made.
    ///
    /// - Parameters:
    ///   - draft: the row that they lie in.
    ///   - table: its table.
    ///   - old: what the row is now; nil for one to be made.
    ///   - database: where to look.
    /// - Returns: the problems of all of them.
    /// - Throws: what the database says.
    func problems<D: Database>(
        ofAbsentIn draft: RowDraft, in table: ServedTable, old: Written? = nil, on database: D
    ) throws(APIError) -> [APIError.FieldProblem] {
        var all: [APIError.FieldProblem] = []
        for nested in draft.nested {
            guard let far = app.table(nested.relation.table),
                let near = table.column(nested.relation.nearColumn)
            else { continue }
            let column =
                nested.relation.kind == .children ? far.column(nested.relation.farColumn) : nil
            let value = old?.values[near.index] ?? draft.value(of: near)
            for row in nested.rows {
                var whole = row
                if let column, let value { whole.values.append((column, value)) }
                let isMade = key(of: row, in: far) == nil && row.isKeyed(in: far, column)
                let given = Set(column.map { [$0.index] } ?? [])
                let found =
                    isMade ? try problems(ofNew: row, in: far, given: given) : []
                // Only what is wrong by itself costs a look.
                if !found.isEmpty {
                    let there = try present(whole, in: far, on: database)
                    let isThere = there.map { there in
                        column.map { there.values[$0.index] == value } ?? true
                    }
                    if isThere != true { all += found }
                }
                all += try problems(ofAbsentIn: row, in: far, on: database)
            }
        }
        return all
    }

    /// Makes or changes the parents that are nested in a row, which then refers to them.
    func writeParents<D: Database>(
        of draft: inout RowDraft, in table: ServedTable, on database: D
    ) throws(APIError) {
        for nested in draft.nested where nested.relation.kind == .parent {
            guard let far = app.table(nested.relation.table), let row = nested.rows.first,
                let near = table.column(nested.relation.nearColumn),
                let farColumn = far.column(nested.relation.farColumn)
            else { continue }
            let parent = try write(row, in: far, on: database)
            draft.values.removeAll { $0.column.index == near.index }
            draft.values.append((near, parent.values[farColumn.index]))
        }
    }

    /// Makes, changes or links the rows that hang on a row.
    func writeChildren<D: Database>(
        of draft: RowDraft, _ parent: Written, in table: ServedTable, on database: D
    ) throws(APIError) {
        for nested in draft.nested where nested.relation.isList {
            let relation = nested.relation
            guard let far = app.table(relation.table), let near = table.column(relation.nearColumn)
            else { continue }
            let value = parent.values[near.index]
            if case .manyToMany(let join, let nearName, let farName) = relation.kind {
                var linked: [SQLValue] = []
                guard let farColumn = far.column(relation.farColumn) else { continue }
                for row in nested.rows {
                    linked.append(
                        try write(row, in: far, on: database).values[farColumn.index])
                }
                let links = Links(
                    table: join, near: nearName, far: farName, value: value, target: far,
                    targetColumn: farColumn)
                try write(links, linked, on: database)
                continue
            }
            guard let farColumn = far.column(relation.farColumn) else { continue }
            for row in nested.rows {
                try writeChild(row, farColumn, value, in: far, on: database)
            }
        }
    }

    private func writeChild<D: Database>(
        _ row: RowDraft, _ column: ServedColumn, _ value: SQLValue, in far: ServedTable,
        on database: D
    ) throws(APIError) {
        var row = row
        if let given = row.value(of: column), given != value {
            throw .invalid([
                .init(
                    field: row.path + column.name, code: "read_only",
                    message: "is the row that it is nested in")
            ])
        }
        row.values.removeAll { $0.column.index == column.index }
        if let key = key(of: row, in: far) {
            let old = try changeable(key, row, in: far, on: database)
            // A row of another parent is not to be had by naming its key.
            guard old.values[column.index] == value else { throw .notFound }
            _ = try update(old, row, in: far, isWhole: false, on: database)
            return
        }
        var whole = row
        whole.values.append((column, value))
        if let old = try present(whole, in: far, on: database), old.values[column.index] == value {
            _ = try change(old, whole, in: far, on: database)
        } else {
            _ = try create(whole, in: far, on: database)
        }
    }

    /// The row whose key people gave themselves, if it is there and the caller sees it; one that
    /// is not seen stands in the way of a new one, as it does everywhere.
    private func present<D: Database>(
        _ row: RowDraft, in table: ServedTable, on database: D
    ) throws(APIError) -> Written? {
        let key = table.key.compactMap { row.value(of: $0) }
        guard !key.isEmpty, key.count == table.key.count else { return nil }
        let scope = try RowRules(app, table, caller).scope(.show)
        return try self.row([condition(key, of: table)] + scope, of: table, on: database)
    }

    /// Changes a row that is there; one of which nothing but the key is said stays as it is.
    private func change<D: Database>(
        _ old: Written, _ row: RowDraft, in table: ServedTable, on database: D
    ) throws(APIError) -> Written {
        let isMention = row.values.count == table.key.count && row.nested.isEmpty
        if isMention, row.etag == nil { return old }
        let old = try changeable(old.key, row, in: table, on: database)
        return try update(old, row, in: table, isWhole: false, on: database)
    }

    /// Makes a row, or changes the one whose key it names.
    private func write<D: Database>(
        _ row: RowDraft, in table: ServedTable, on database: D
    ) throws(APIError) -> Written {
        guard let key = key(of: row, in: table) else {
            guard let old = try present(row, in: table, on: database) else {
                return try create(row, in: table, on: database)
            }
            return try change(old, row, in: table, on: database)
        }
        let isMention = row.values.count == table.key.count && row.nested.isEmpty
        if isMention { return try existing(key, of: table, for: .show, on: database) }
        let old = try changeable(key, row, in: table, on: database)
        return try update(old, row, in: table, isWhole: false, on: database)
    }

    /// The row of a key, of the version that the draft names.
    private func changeable<D: Database>(
        _ key: [SQLValue], _ row: RowDraft, in table: ServedTable, on database: D
    ) throws(APIError) -> Written {
        try RowRules(app, table, caller).admit(.update)
        let old = try existing(key, of: table, for: .update, on: database)
        try checkVersion(row.etag, old, of: table)
        return old
    }

    /// The key that a draft names; nil when the row is to be made.
    ///
    /// A key that people give themselves may be one of a row to be made: see `present`.
    func key(of row: RowDraft, in table: ServedTable) -> [SQLValue]? {
        let isSelfMade = table.key.contains { $0.column.isAuto }
        guard isSelfMade || row.values.count == table.key.count else { return nil }
        let values = table.key.compactMap { row.value(of: $0) }
        return values.count == table.key.count && !values.isEmpty ? values : nil
    }
}

extension RowDraft {
    /// Whether it says all of its key, but for what comes from the row around it.
    fileprivate func isKeyed(in table: ServedTable, _ inherited: ServedColumn?) -> Bool {
        !table.key.isEmpty
            && table.key.allSatisfy { value(of: $0) != nil || $0.index == inherited?.index }
    }
}
