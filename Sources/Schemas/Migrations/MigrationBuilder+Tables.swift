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

    // MARK: - Indexes

    /// Online, each outside a transaction where the engine asks for that.
    mutating func changeIndexes(of table: TableDifference) {
        // MariaDB drops no index that a foreign key needs, unless there is another.
        if dialect.engine == .mariadb { addIndexes(to: table) }
        dropIndexes(of: table)
        if dialect.engine != .mariadb { addIndexes(to: table) }
    }

    private mutating func dropIndexes(of table: TableDifference) {
        for index in table.droppedIndexes where !index.isConstraint {
            let target = dialect.engine == .mariadb ? " ON \(name(table.desired))" : ""
            let namespace = table.desired.namespace.map { dialect.quoted($0) + "." } ?? ""
            steps.append(
                MigrationStep(
                    "drop index \(index.name)",
                    ["DROP INDEX \(namespace)\(dialect.quoted(index.name))\(target)"]))
        }
    }

    private mutating func addIndexes(to table: TableDifference) {
        for shape in table.addedIndexes {
            let columns = shape.columns.joined(separator: ", ")
            steps.append(
                MigrationStep(
                    "index \(table.desired.name) (\(columns))",
                    [dialect.createIndexOnline(shape, on: table.desired)],
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
