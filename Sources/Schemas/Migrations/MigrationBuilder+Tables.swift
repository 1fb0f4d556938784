extension MigrationBuilder {
    /// What makes a table that is there what it should be.
    mutating func alter(_ table: TableDifference) {
        obstacles += ObstacleSearch(dialect, table, among: difference.tables).all
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
        guard table.needsRebuild else {
            for column in table.removed { putAsideByName(column, of: table) }
            for column in table.added {
                steps.append(
                    MigrationStep(
                        "add column \(table.desired.name).\(column.name)",
                        [addColumn(column, to: table)]))
            }
            changeIndexes(of: table)
            return
        }
        rebuild(table)
    }

    /// An index would keep the column from being dropped later, and values from being left out.
    private mutating func putAsideByName(_ column: Column, of table: TableDifference) {
        let indexes = (table.observed?.indexes ?? []).filter {
            $0.uses(column.name) && !table.droppedIndexes.contains($0)
        }
        let aside = putAside(column, of: table.desired)
        steps.append(
            MigrationStep(
                "put aside column \(table.desired.name).\(column.name) as \(aside)",
                indexes.flatMap { drop($0, of: table.desired).statements }
                    + rename(column.name, to: aside, of: table.desired).statements,
                putsAside: true))
    }

    func rename(_ old: String, to new: String, of table: Table) -> MigrationStep {
        MigrationStep(
            "rename column \(table.name).\(old) to \(new)",
            [
                "ALTER TABLE \(name(table)) RENAME COLUMN \(dialect.quoted(old)) "
                    + "TO \(dialect.quoted(new))"
            ])
    }

    private func addColumn(_ column: Column, to table: TableDifference) -> String {
        "ALTER TABLE \(name(table.desired)) ADD COLUMN "
            + dialect.definition(of: column, in: table.desired, replacing: table.observed)
    }

    // MARK: - Indexes

    /// Online, each outside a transaction where the engine asks for that.
    mutating func changeIndexes(of table: TableDifference) {
        let dropped = table.droppedIndexes.filter { !isDroppedFirst($0, table) }
        // MariaDB drops no index that a foreign key needs, unless there is another.
        let (last, first) = (
            dropped.filter { dialect.engine == .mariadb || table.isReplaced($0) },
            dropped.filter { dialect.engine != .mariadb && !table.isReplaced($0) }
        )
        for index in first { steps.append(drop(index, of: table.desired)) }
        addIndexes(to: table)
        for index in last { steps.append(drop(index, of: table.desired)) }
        if table.dropsLiveMark {
            steps.append(
                MigrationStep(
                    "drop the mark of rows not deleted from \(table.desired.name)",
                    [
                        "ALTER TABLE \(name(table.desired)) DROP COLUMN IF EXISTS "
                            + dialect.quoted(Dialect.liveMark)
                    ]))
        }
    }

    /// PostgreSQL's constraints go before the columns they are of change, and so does what
    /// knows deleted rows by a column that leaves.
    func isDroppedFirst(_ index: ObservedIndex, _ table: TableDifference) -> Bool {
        dialect.engine == .postgres && (index.isConstraint || index.isLive)
            && !table.isReplaced(index)
    }

    func drop(_ index: ObservedIndex, of table: Table) -> MigrationStep {
        let quoted = dialect.quoted(index.name)
        if index.isConstraint {
            return MigrationStep(
                "drop unique \(index.name)",
                ["ALTER TABLE \(name(table)) DROP CONSTRAINT \(quoted)"])
        }
        let target = dialect.engine == .mariadb ? " ON \(name(table))" : ""
        let namespace = table.namespace.map { dialect.quoted($0) + "." } ?? ""
        return MigrationStep(
            "drop index \(index.name)", ["DROP INDEX \(namespace)\(quoted)\(target)"])
    }

    private mutating func addIndexes(to table: TableDifference) {
        for shape in table.addedIndexes {
            let columns = shape.columns.joined(separator: ", ")
            let rows = shape.isLive ? " of rows not deleted" : ""
            var statements = [dialect.createIndexOnline(shape, on: table.desired)]
            if shape.isLive, dialect.engine == .mariadb {
                statements.insert(
                    "ALTER TABLE \(name(table.desired)) ADD COLUMN IF NOT EXISTS "
                        + dialect.liveMarkDefinition + ", ALGORITHM=INSTANT", at: 0)
            }
            steps.append(
                MigrationStep(
                    "index \(table.desired.name) (\(columns))\(rows)", statements,
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
