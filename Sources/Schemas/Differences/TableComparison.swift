/// Holds one table of a schema against the one that is there.
struct TableComparison {
    private let desired: Table
    private var observed: ObservedTable
    private let dialect: Dialect
    private let isOwned: Bool
    private let ownedColumns: Set<String>
    private let record: SchemaRecord
    private(set) var refusals: [String] = []
    var result: TableDifference

    init(
        _ desired: Table, _ observed: ObservedTable, _ dialect: Dialect, isOwned: Bool,
        ownedColumns: Set<String>, _ record: SchemaRecord
    ) {
        self.desired = desired
        self.observed = observed
        self.dialect = dialect
        self.isOwned = isOwned
        self.ownedColumns = ownedColumns
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
        result.removed = observed.table.columns.filter {
            !wanted.contains($0.name) && ownedColumns.contains($0.name)
                && !$0.name.hasPrefix(SchemaRecord.prefix)
        }
        compareIndexes()
    }

    /// What goes by its old name is taken for the column of its new name; so is one put aside.
    private mutating func renameColumns() {
        for column in desired.columns where observed.table[column.name] == nil {
            let kept = record.quarantined.last {
                $0.column != nil && $0.table == desired.name && $0.original == column.name
            }
            guard
                let old = [column.renamedFrom, kept?.column].compactMap(\.self)
                    .first(where: { observed.table[$0] != nil && desired[$0] == nil })
            else { continue }
            observed.rename(old, to: column.name)
            result.renamedColumns[column.name] = old
        }
    }

    private mutating func compareKey() {
        let keys = (desired.primaryKey.map(\.name), observed.table.primaryKey.map(\.name))
        guard keys.0 != keys.1 else { return }
        refusals.append(
            "the primary key of \(desired.name) is (\(keys.1.joined(separator: ", "))) and can't "
                + "become (\(keys.0.joined(separator: ", "))): make a new table")
    }

    private mutating func add(_ column: Column) {
        if column.isPrimary { return }
        result.added.append(column)
        if dialect.engine != .sqlite {
            if column.foreign != nil { result.addedForeignKeys.append(column) }
            result.addedChecks += dialect.checks(of: column, in: desired)
        }
    }

    private mutating func compare(_ column: Column, _ seen: Column) {
        var wanted = column
        // A key says so itself, on every engine.
        wanted.isRequired = column.isRequired || column.isPrimary
        if column.generated != nil || seen.generated != nil {
            if (column.generated == nil) != (seen.generated == nil) {
                refusals.append(
                    "\(desired.name).\(column.name) can't become or cease to be generated")
            }
            return
        }
        if column.isAuto != seen.isAuto, column.type.base == .int {
            // SQLite numbers every integer key.
            guard dialect.engine == .sqlite, seen.isAuto else {
                refusals.append("\(desired.name).\(column.name) can't change its numbering")
                return
            }
        }
        let change = ColumnDifference(old: seen, new: wanted)
        if change.changesType || change.changesRequired || change.changesDefault {
            result.changed.append(change)
        }
        if column.foreign != seen.foreign {
            if seen.foreign != nil { result.droppedForeignKeys.append(column.name) }
            if column.foreign != nil { result.addedForeignKeys.append(wanted) }
        }
        compareChecks(of: wanted, seen)
    }

    /// A check is known by its name, or, where somebody else made it, by its own words.
    private mutating func compareChecks(of column: Column, _ seen: Column) {
        let present = observed.checks.filter { $0.column == column.name }
        let wanted = dialect.checks(of: column, in: desired)
        let isSameByWords = column.check == seen.check && column.type == seen.type
        guard !isSameByWords else { return }
        result.addedChecks += wanted.filter { check in
            !present.contains { $0.name == check.name }
        }
        result.droppedChecks += present.filter { check in
            !wanted.contains { $0.name == check.name }
                && !CheckReading.isJSON(check.condition)
        }
    }

    private mutating func compareIndexes() {
        let wanted =
            desired.uniques.map { IndexShape($0, isUnique: true) }
            + desired.indexes.map { IndexShape($0, isUnique: false) }
        var satisfied: Set<String> = []
        for shape in wanted {
            let found = observed.indexes.first {
                $0.columns == shape.columns && ($0.isUnique || !shape.isUnique)
                    && ($0.isUnique == shape.isUnique || !isDeclaredUnique($0.columns))
            }
            if let found { satisfied.insert(found.name) } else { result.addedIndexes.append(shape) }
        }
        guard isOwned else { return }
        result.droppedIndexes = observed.indexes.filter {
            !satisfied.contains($0.name) && !isForeignKeysOwn($0)
        }
    }

    private func isDeclaredUnique(_ columns: [String]) -> Bool {
        desired.uniques.contains(columns)
    }

    /// MariaDB needs an index under every foreign key.
    private func isForeignKeysOwn(_ index: ObservedIndex) -> Bool {
        guard dialect.engine == .mariadb, !index.isUnique, let column = index.columns.first else {
            return false
        }
        return desired[column]?.foreign != nil
    }
}

extension ObservedTable {
    /// The same table with a column under another name.
    fileprivate mutating func rename(_ old: String, to new: String) {
        func renamed(_ name: String) -> String { name == old ? new : name }
        for index in table.columns.indices where table.columns[index].name == old {
            table.columns[index].name = new
        }
        for index in indexes.indices {
            indexes[index].columns = indexes[index].columns.map(renamed)
        }
        for index in checks.indices { checks[index].column = checks[index].column.map(renamed) }
        foreignKeyNames[new] = foreignKeyNames.removeValue(forKey: old)
        foreignTypes[new] = foreignTypes.removeValue(forKey: old)
        declarations[new] = declarations.removeValue(forKey: old)
    }
}
