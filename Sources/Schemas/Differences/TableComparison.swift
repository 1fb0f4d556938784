/// Holds one table of a schema against the one that is there.
struct TableComparison {
    let desired: Table
    var observed: ObservedTable
    let dialect: Dialect
    /// As it was declared when Stead last changed the schema; nil when it never was.
    let declared: Table?
    private let record: SchemaRecord
    var refusals: [String] = []
    /// See `SchemaDifference.undeclared`.
    private(set) var undeclared: [String] = []
    /// See `SchemaDifference.lostNames`.
    private(set) var lostNames: [String] = []
    var result: TableDifference

    init(
        _ desired: Table, _ observed: ObservedTable, _ dialect: Dialect, declared: Table?,
        _ record: SchemaRecord
    ) {
        self.desired = desired
        self.observed = observed
        self.dialect = dialect
        self.declared = declared
        self.record = record
        result = TableDifference(desired, observed: observed)
    }

    mutating func compare() {
        renameColumns()
        result.observed = observed
        compareKey()
        for column in desired.columns {
            guard let seen = observed.table[column.name] else {
                add(column)
                continue
            }
            compare(column, seen)
        }
        let wanted = Set(desired.columns.map(\.name))
        let others = observed.table.columns.filter {
            !wanted.contains($0.name) && !SchemaRecord.isInternal($0.name)
        }
        result.removed = others.filter { declared?[$0.name] != nil }
        undeclared = others.filter { declared?[$0.name] == nil }
            .map { column in
                // Nobody who knows only the schema could make a row.
                let isNeeded = column.isRequired && !column.isSelfMade
                return "column \(desired.name).\(column.name)"
                    + (isNeeded ? " (every new row needs a value of it)" : "")
            }
        result.droppedForeignKeys += result.removed.filter { $0.foreign != nil }.map(\.name)
        compareChecks()
        compareIndexes()
    }

    /// What goes by its old name is taken for the column of its new name; so is one put aside.
    private mutating func renameColumns() {
        for column in desired.columns where observed.table[column.name] == nil {
            let kept = record.quarantined.last {
                $0.column != nil && $0.table == desired.name
                    && $0.namespace == desired.namespace && $0.original == column.name
            }
            guard
                let old = [column.renamedFrom, kept?.column].compactMap(\.self)
                    .first(where: { observed.table[$0] != nil && desired[$0] == nil })
            else {
                noteLostName(of: column)
                continue
            }
            observed.rename(old, to: column.name, dialect.engine)
            result.renamedColumns[column.name] = old
        }
    }

    private mutating func noteLostName(of column: Column) {
        guard let old = column.renamedFrom else { return }
        let others = observed.table.columns.map(\.name).filter { desired[$0] == nil }
        lostNames.append(
            LostName.words(
                old, of: "column \(desired.name).\(column.name)", among: others,
                isDeclared: desired[old] != nil))
    }

    /// What a column was declared as before.
    func before(_ column: Column) -> Column? {
        declared?[result.renamedColumns[column.name] ?? column.name]
    }

    private mutating func compareKey() {
        let keys = (desired.primaryKey.map(\.name), observed.table.primaryKey.map(\.name))
        guard Set(keys.0) != Set(keys.1) else { return }
        refusals.append(
            "the primary key of \(desired.name) is (\(keys.1.joined(separator: ", "))) and can't "
                + "become (\(keys.0.joined(separator: ", "))): make a new table")
    }

    private mutating func add(_ column: Column) {
        if column.isPrimary { return }
        result.added.append(column)
        if dialect.engine != .sqlite, column.foreign != nil {
            result.addedForeignKeys.append(column)
        }
    }

    private mutating func compare(_ column: Column, _ found: Column) {
        var (wanted, seen) = (column, found)
        // A key says so itself, on every engine.
        wanted.isRequired = column.isRequired || column.isPrimary
        wanted.type = column.type.usual(on: dialect.engine)
        if column.type.base != .enumeration, let plain = observed.plainTypes[column.name] {
            seen.type = plain
        }
        let former = before(column)?.type.usual(on: dialect.engine)
        if observed.isStrictly(wanted.type, column.name), former?.isSame(as: wanted.type) ?? true {
            seen.type = wanted.type
        }
        guard !refusesNature(of: column, seen) else { return }
        if column.generated == nil {
            if isSameDefault(wanted, seen) { seen.defaultValue = wanted.defaultValue }
            let change = ColumnDifference(old: seen, new: wanted)
            if change.changesType || change.changesRequired || change.changesDefault {
                result.changed.append(change)
            }
        }
        compareForeignKey(wanted, seen)
    }

    private mutating func compareForeignKey(_ column: Column, _ seen: Column) {
        guard column.foreign != seen.foreign else { return }
        // One that nobody ever declared here is somebody else's.
        let isOurs = column.foreign != nil || before(column)?.foreign != nil
        if seen.foreign != nil, isOurs { result.droppedForeignKeys.append(column.name) }
        if column.foreign != nil { result.addedForeignKeys.append(column) }
    }

    /// Whether the column would have to be computed, or numbered, when it is not, or otherwise.
    private mutating func refusesNature(of column: Column, _ seen: Column) -> Bool {
        let name = "\(desired.name).\(column.name)"
        if column.generated != nil || seen.generated != nil {
            if (column.generated == nil) != (seen.generated == nil) {
                refusals.append("\(name) can't become or cease to be generated")
                return true
            }
            // A rename changes the text in the database by itself.
            let found = SQLText(column.generated ?? "", dialect.engine)
            if let old = before(column)?.generated, old != column.generated,
                !found.isSame(as: seen.generated ?? "")
            {
                refusals.append("\(name) can't be generated otherwise: make a new column")
                return true
            }
        }
        // SQLite numbers every integer key.
        let isSoleKey = column.isPrimary && desired.primaryKey.count == 1
        if column.isAuto != seen.isAuto, column.type.base == .int, isSoleKey,
            dialect.engine != .sqlite || !seen.isAuto
        {
            refusals.append("\(name) can't change its numbering")
            return true
        }
        return false
    }

    /// Whether the default that the engine reports is the declared one in other words.
    private func isSameDefault(_ column: Column, _ seen: Column) -> Bool {
        // Also no default at all, as `NULL` is.
        if case .expression(let sql) = column.defaultValue,
            DefaultReading(dialect.engine).value(sql, for: column.type) == seen.defaultValue
        {
            return true
        }
        guard let wanted = column.defaultValue, let found = seen.defaultValue else { return false }
        if wanted.isSame(as: found, for: column.type) { return true }
        let isKnown = before(column)?.defaultValue == wanted
        switch (wanted, found) {
        case (.expression(let sql), .expression(let other)):
            return isKnown || SQLText(sql, dialect.engine).isSame(as: other)
        case (.literal, .literal): return isKnown && column.type.base == .datetime
        default: return false
        }
    }
}

extension ObservedTable {
    /// The same table with a column under another name.
    fileprivate mutating func rename(_ old: String, to new: String, _ engine: DatabaseEngine) {
        func renamed(_ name: String) -> String { name == old ? new : name }
        for index in table.columns.indices {
            table.columns[index].generated = table.columns[index].generated.map {
                SQLText($0, engine).renaming(old, to: new)
            }
        }
        for index in table.columns.indices where table.columns[index].name == old {
            table.columns[index].name = new
        }
        for index in indexes.indices {
            indexes[index].columns = indexes[index].columns.map(renamed)
        }
        for index in checks.indices { checks[index].column = checks[index].column.map(renamed) }
        plainTypes[new] = plainTypes.removeValue(forKey: old)
        foreignKeyNames[new] = foreignKeyNames.removeValue(forKey: old)
        foreignTypes[new] = foreignTypes.removeValue(forKey: old)
        declarations[new] = declarations.removeValue(forKey: old)
        options[new] = options.removeValue(forKey: old)
        references[new] = references.removeValue(forKey: old)
    }
}
