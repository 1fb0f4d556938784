/// What SQLite can't change in a table, it changes by a new one in the old one's place.
extension MigrationBuilder {
    /// A new table, the rows, and the new one in the old one's place, all in one transaction.
    ///
    /// Source: sqlite.org/lang_altertable.html, section 7.
    mutating func rebuild(_ table: TableDifference) {
        guard let observed = table.observed else { return }
        var shape = table.desired
        var sources: [String: String] = [:]
        for column in observed.table.columns { sources[column.name] = column.name }
        for column in observed.table.columns where table.desired[column.name] == nil {
            // What a schema doesn't know stays; what it no longer knows is put aside.
            var kept = column
            kept.check = nil
            kept.type = observed.plainTypes[column.name] ?? column.type
            if table.removed.contains(where: { $0.name == column.name }) {
                kept.name = putAside(column, of: table.desired)
                kept.isRequired = false
                kept.foreign = nil
                sources[kept.name] = column.name
            }
            shape.columns.append(kept)
        }
        let copied = shape.columns.filter { $0.generated == nil && sources[$0.name] != nil }
        let values = copied.map { column in
            conversion(of: column, from: sources[column.name] ?? column.name, in: table)
        }
        let replacement = Replacement(
            shape: shape, observed: observed, columns: copied.map(\.name), values: values,
            constraints: constraints(keptBy: table))
        steps.append(
            MigrationStep(
                "rebuild table \(table.desired.name): \(table.words)",
                statements(of: replacement, as: shape.name) + indexes(keptBy: table)
                    + table.addedIndexes.map { dialect.createIndex($0, on: table.desired) }
                    + observed.dependents.map { renamed($0, table) },
                rewrites: table.desired.identity, locks: true,
                putsAside: !table.removed.isEmpty))
    }

    /// A table that takes the place of another.
    private struct Replacement {
        var shape: Table
        var observed: ObservedTable
        var columns: [String]
        var values: [String]
        var constraints: [String]
    }

    private func statements(of table: Replacement, as name: String) -> [String] {
        let temporary = "_stead_new_" + table.shape.name
        let (old, new) = (dialect.quoted(table.shape.name), dialect.quoted(temporary))
        var statements = [
            "DROP TABLE IF EXISTS \(new)",
            dialect.createTable(
                table.shape, as: temporary, replacing: table.observed,
                constraints: table.constraints),
            "INSERT INTO \(new) (\(dialect.quoted(table.columns))) "
                + "SELECT \(table.values.joined(separator: ", ")) FROM \(old)",
        ]
        if table.observed.isSequenced {
            // A number that was given once is not given again.
            let (from, to) = (dialect.literal(table.shape.name), dialect.literal(temporary))
            statements += [
                "DELETE FROM sqlite_sequence WHERE name = \(to)",
                "INSERT INTO sqlite_sequence (name, seq) "
                    + "SELECT \(to), seq FROM sqlite_sequence WHERE name = \(from)",
            ]
        }
        return statements + [
            "DROP TABLE \(old)",
            // The references to the old table are to be the new one's, by their name alone.
            "PRAGMA legacy_alter_table = ON",
            "ALTER TABLE \(new) RENAME TO \(dialect.quoted(name))",
            "PRAGMA legacy_alter_table = OFF",
        ]
    }

    /// Constraints that nobody declared, and the uniques that are still wanted.
    private func constraints(keptBy table: TableDifference) -> [String] {
        guard let observed = table.observed else { return [] }
        let checks = table.keptChecks.map { check in
            (check.name.isEmpty ? "" : "CONSTRAINT \(dialect.quoted(check.name)) ")
                + "CHECK (\(renamed(check.condition, table)))"
        }
        let uniques = kept(table).filter(\.isConstraint).map {
            "UNIQUE (\(dialect.quoted($0.columns)))"
        }
        return checks + uniques + observed.otherConstraints.map { renamed($0, table) }
    }

    private func indexes(keptBy table: TableDifference) -> [String] {
        kept(table).filter { !$0.isConstraint }.map { index in
            dialect.createIndex(index.shape, on: table.desired, named: index.name)
        }
    }

    private func kept(_ table: TableDifference) -> [ObservedIndex] {
        let removed = Set(table.removed.map(\.name))
        return (table.observed?.indexes ?? []).filter { index in
            !table.droppedIndexes.contains(index) && !removed.contains(where: index.uses)
        }
    }

    /// What was read before the renaming, after it.
    private func renamed(_ sql: String, _ table: TableDifference) -> String {
        var names = Dictionary(
            table.renamedColumns.map { ($0.value, $0.key) }, uniquingKeysWith: { first, _ in first }
        )
        if let old = table.renamedFrom { names[old] = table.desired.name }
        return names.isEmpty ? sql : SQLText(sql, .sqlite).renamed(names)
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

    // MARK: - Putting aside

    /// A table that is put aside refers to nothing: it would keep rows from being deleted, or be
    /// emptied by a cascade.
    func putAsideStatements(_ table: ObservedTable, as aside: Table) -> [String] {
        let references = table.foreignKeyNames.sorted { $0.key < $1.key }
        let rename = [renameStatement(table.table.identity, aside)]
        switch dialect.engine {
        case .mariadb, .postgres:
            let word = dialect.engine == .mariadb ? "FOREIGN KEY" : "CONSTRAINT"
            return references.map { _, key in
                "ALTER TABLE \(name(table.table)) DROP \(word) \(dialect.quoted(key))"
            } + rename
        case .sqlite:
            guard !references.isEmpty else { return rename }
            // Views follow the renaming, and then see the new table.
            var shape = aside
            for index in shape.columns.indices { shape.columns[index].foreign = nil }
            let columns = shape.columns.filter { $0.generated == nil }.map(\.name)
            let replacement = Replacement(
                shape: shape, observed: table, columns: columns,
                values: columns.map(dialect.quoted), constraints: [])
            let difference = TableDifference(aside, observed: table)
            return rename + statements(of: replacement, as: aside.name)
                + indexes(keptBy: difference)
        }
    }
}

extension TableDifference {
    /// Whether SQLite can't do it by `ALTER TABLE`.
    ///
    /// Source: sqlite.org/lang_altertable.html, sections 4 and 7.
    var needsRebuild: Bool {
        let dialect = Dialect(.sqlite)
        let isAddable = added.allSatisfy { column in
            let isConstant: Bool =
                switch column.defaultValue {
                case nil: !column.isRequired
                case .literal: column.foreign == nil
                default: false
                }
            return isConstant && column.generated == nil && !column.isAuto
                && dialect.checks(of: column, in: desired).isEmpty
        }
        return !isAddable || !changed.isEmpty || !removed.allSatisfy(isRemovedByName)
            || !addedForeignKeys.isEmpty || !droppedForeignKeys.isEmpty
            || !addedChecks.isEmpty || !droppedChecks.isEmpty
            || droppedIndexes.contains(where: \.isConstraint)
    }

    /// Whether a column is put aside well enough under another name: nothing wants a value of it,
    /// and nothing that stays mentions it but plain indexes, which go.
    private func isRemovedByName(_ column: Column) -> Bool {
        guard let observed, !column.isRequired || column.defaultValue != nil else { return false }
        let others = observed.table.columns.filter { $0.name != column.name }
        let texts =
            observed.dependents + observed.otherConstraints + observed.checks.map(\.condition)
            + others.compactMap(\.generated)
        let isMentioned = texts.contains { text in
            SQLWords(text, .sqlite).words.contains {
                $0.text.lowercased() == column.name.lowercased()
            }
        }
        return !isMentioned
            && !observed.indexes.contains { $0.isConstraint && $0.uses(column.name) }
    }

    /// Whether triggers would have to be written anew under new names, which only SQLite itself
    /// can do.
    var confusesTriggers: Bool {
        guard needsRebuild, renamedFrom != nil || !renamedColumns.isEmpty else { return false }
        return observed?.dependents.contains {
            !SQLWords($0, .sqlite).words.prefix(3).contains { $0.text.uppercased() == "INDEX" }
        } ?? false
    }
}
