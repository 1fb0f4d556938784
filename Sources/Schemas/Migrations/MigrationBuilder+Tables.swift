extension MigrationBuilder {
    /// What makes a table that is there what it should be.
    mutating func alter(_ table: TableDifference) {
        obstacles += ObstacleSearch(dialect, table).all
        if dialect.engine == .sqlite {
            alterSQLite(table)
        } else {
            alterServer(table)
        }
    }

    // MARK: - SQLite

    private mutating func alterSQLite(_ table: TableDifference) {
        for (new, old) in table.renamedColumns.sorted(by: { $0.key < $1.key }) {
            steps.append(rename(old, to: new, of: table.desired))
            restore(old, of: table.desired)
        }
        guard needsRebuild(table) else {
            for column in table.added {
                steps.append(
                    MigrationStep(
                        "add column \(table.desired.name).\(column.name)",
                        [addColumn(column, to: table.desired)]))
            }
            changeIndexes(of: table)
            return
        }
        rebuild(table)
    }

    func rename(_ old: String, to new: String, of table: Table) -> MigrationStep {
        MigrationStep(
            "rename column \(table.name).\(old) to \(new)",
            [
                "ALTER TABLE \(name(table)) RENAME COLUMN \(dialect.quoted(old)) "
                    + "TO \(dialect.quoted(new))"
            ])
    }

    private func addColumn(_ column: Column, to table: Table) -> String {
        "ALTER TABLE \(name(table)) ADD COLUMN \(dialect.definition(of: column, in: table))"
    }

    /// Whether SQLite can't do it by `ALTER TABLE`.
    ///
    /// Source: sqlite.org/lang_altertable.html, sections 4 and 7.
    private func needsRebuild(_ table: TableDifference) -> Bool {
        let isAddable = table.added.allSatisfy { column in
            let isConstant: Bool =
                switch column.defaultValue {
                case nil: !column.isRequired
                case .literal: column.foreign == nil
                default: false
                }
            return isConstant && column.generated == nil
                && dialect.checks(of: column, in: table.desired).isEmpty
        }
        return !isAddable || !table.changed.isEmpty || !table.removed.isEmpty
            || !table.addedForeignKeys.isEmpty || !table.droppedForeignKeys.isEmpty
            || !table.addedChecks.isEmpty || !table.droppedChecks.isEmpty
            || table.droppedIndexes.contains(where: \.isConstraint)
    }

    /// A new table, the rows, and the new one in the old one's place, all in one transaction.
    ///
    /// Source: sqlite.org/lang_altertable.html, section 7.
    private mutating func rebuild(_ table: TableDifference) {
        guard let observed = table.observed else { return }
        var shape = table.desired
        // What a schema doesn't know stays; what it no longer knows is put aside.
        var sources = Dictionary(
            uniqueKeysWithValues: observed.table.columns.map { ($0.name, $0.name) })
        let wanted = Set(shape.columns.map(\.name))
        for column in observed.table.columns where !wanted.contains(column.name) {
            var kept = column
            if table.removed.contains(where: { $0.name == column.name }) {
                kept.name = putAside(column, of: table.desired)
                kept.isRequired = false
                sources[kept.name] = column.name
            }
            shape.columns.append(kept)
        }
        let copied = shape.columns.filter { $0.generated == nil && sources[$0.name] != nil }
        let temporary = "_stead_new_" + shape.name
        var target = shape
        target.name = temporary
        let values = copied.map { column in
            conversion(of: column, from: sources[column.name] ?? column.name, in: table)
        }.joined(separator: ", ")
        let old = name(table.desired)
        let statements =
            [
                "DROP TABLE IF EXISTS \(name(target))",
                dialect.createTable(shape, as: temporary, replacing: observed),
                "INSERT INTO \(name(target)) (\(dialect.quoted(copied.map(\.name)))) "
                    + "SELECT \(values) FROM \(old)",
                "DROP TABLE \(old)",
                // The references to the old table are to be the new one's, by their name alone.
                "PRAGMA legacy_alter_table = ON",
                "ALTER TABLE \(name(target)) RENAME TO \(dialect.quoted(shape.name))",
                "PRAGMA legacy_alter_table = OFF",
            ] + indexes(of: table.desired) + observed.dependents
        steps.append(
            MigrationStep(
                "rebuild table \(table.desired.name): \(table.words)", statements,
                rewrites: table.desired.identity, locks: true))
    }

    private func conversion(
        of column: Column, from source: String, in table: TableDifference
    ) -> String {
        let value = dialect.quoted(source)
        guard let change = table.changed.first(where: { $0.new.name == column.name }) else {
            return value
        }
        var text = value
        if change.changesType { text = dialect.cast(value, from: change.old.type, to: column.type) }
        if change.new.isRequired, !change.old.isRequired,
            let standard = dialect.defaultValue(of: column)
        {
            text = "coalesce(\(text), \(dialect.expression(standard, for: column.type)))"
        }
        return text
    }

    // MARK: - Indexes

    /// Online, each outside a transaction where the engine asks for that.
    mutating func changeIndexes(of table: TableDifference) {
        let table = table
        for index in table.droppedIndexes where !index.isConstraint {
            let target = dialect.engine == .mariadb ? " ON \(name(table.desired))" : ""
            let namespace = table.desired.namespace.map { dialect.quoted($0) + "." } ?? ""
            steps.append(
                MigrationStep(
                    "drop index \(index.name)",
                    ["DROP INDEX \(namespace)\(dialect.quoted(index.name))\(target)"]))
        }
        for shape in table.addedIndexes {
            let columns = shape.columns.joined(separator: ", ")
            steps.append(
                MigrationStep(
                    "index \(table.desired.name) (\(columns))",
                    dialect.createIndexOnline(shape, on: table.desired),
                    isStandalone: dialect.engine == .postgres))
        }
    }
}

extension TableDifference {
    /// What changes, in a few words.
    var words: String {
        var words = added.map { "add \($0.name)" }
        words += changed.map { "change \($0.new.name)" }
        words += removed.map { "put aside \($0.name)" }
        words += addedForeignKeys.filter { key in !added.contains { $0.name == key.name } }
            .map { "refer \($0.name)" }
        words += droppedForeignKeys.map { "no longer refer \($0)" }
        words += addedChecks.map { "check \($0.condition)" }
        words += addedIndexes.map { "index \($0.columns.joined(separator: ", "))" }
        return words.isEmpty ? "constraints" : words.joined(separator: ", ")
    }
}
