extension MigrationBuilder {
    /// MariaDB and PostgreSQL change a table in place.
    mutating func alterServer(_ table: TableDifference) {
        let desired = table.desired
        for (new, old) in table.renamedColumns.sorted(by: { $0.key < $1.key }) {
            steps.append(rename(old, to: new, of: desired))
            restore(old, of: desired)
        }
        for column in table.droppedForeignKeys { dropForeignKey(of: column, table) }
        for check in table.droppedChecks { dropCheck(check, desired) }
        for index in table.droppedIndexes where isDroppedFirst(index, table) {
            steps.append(drop(index, of: desired))
        }
        for column in table.removed { putAsideOnServer(column, table) }
        for column in table.added { add(column, to: desired) }
        for change in table.changed { alter(change, of: table) }
        for check in table.addedChecks { add(check, to: desired) }
        changeIndexes(of: table)
        addForeignKeys(of: table.addedForeignKeys, to: desired)
    }

    private mutating func dropForeignKey(of column: String, _ table: TableDifference) {
        guard let key = table.observed?.foreignKeyNames[column] else { return }
        let word = dialect.engine == .mariadb ? "FOREIGN KEY" : "CONSTRAINT"
        steps.append(
            MigrationStep(
                "drop foreign key \(table.desired.name).\(column)",
                ["ALTER TABLE \(name(table.desired)) DROP \(word) \(dialect.quoted(key))"]))
    }

    private mutating func dropCheck(_ check: ObservedCheck, _ table: Table) {
        // MariaDB's check of a column goes with the column's next definition.
        guard dialect.engine == .postgres || check.name != check.column else { return }
        steps.append(
            MigrationStep(
                "drop check \(check.name)",
                ["ALTER TABLE \(name(table)) DROP CONSTRAINT \(dialect.quoted(check.name))"]))
    }

    private mutating func putAsideOnServer(_ column: Column, _ difference: TableDifference) {
        let table = difference.desired
        let aside = putAside(column, of: table)
        var statements: [String] = []
        if dialect.engine == .postgres {
            if column.isRequired {
                statements.append(
                    "ALTER TABLE \(name(table)) ALTER COLUMN \(dialect.quoted(column.name)) "
                        + "DROP NOT NULL")
            }
            statements += rename(column.name, to: aside, of: table).statements
        } else {
            var kept = column
            kept.isRequired = false
            kept.isAuto = false
            kept.isPrimary = false
            statements = rename(column.name, to: aside, of: table).statements
            if column.isRequired, column.generated == nil {
                let definition = dialect.definition(
                    of: kept, in: table, replacing: difference.observed)
                statements.insert(
                    "ALTER TABLE \(name(table)) MODIFY COLUMN \(definition)", at: 0)
            }
        }
        steps.append(
            MigrationStep(
                "put aside column \(table.name).\(column.name) as \(aside)", statements,
                putsAside: true))
    }

    private mutating func add(_ column: Column, to table: Table) {
        let isPlain =
            switch dialect.defaultValue(of: column) {
            case .uuid, .expression: false
            default: column.generated == nil
            }
        let isInstant = dialect.engine == .mariadb && isPlain
        steps.append(
            MigrationStep(
                "add column \(table.name).\(column.name)",
                [
                    "ALTER TABLE \(name(table)) ADD COLUMN "
                        + dialect.definition(of: column, in: table)
                        + (isInstant ? ", ALGORITHM=INSTANT" : "")
                ],
                rewrites: isPlain ? nil : table.identity, locks: !isPlain))
    }

    private mutating func add(_ check: NamedCheck, to table: Table) {
        let statement = "ALTER TABLE \(name(table)) ADD \(dialect.text(of: check))"
        guard dialect.engine == .postgres else {
            steps.append(MigrationStep("add check \(check.name)", [statement], locks: true))
            return
        }
        let drop = dropIfThere(dialect.quoted(check.name), of: table)
        steps.append(
            MigrationStep("add check \(check.name)", [drop, statement + " NOT VALID"]))
        steps.append(
            MigrationStep(
                "validate check \(check.name)",
                [
                    "ALTER TABLE \(name(table)) VALIDATE CONSTRAINT "
                        + dialect.quoted(check.name)
                ], isStandalone: true))
    }

    private mutating func alter(_ change: ColumnDifference, of difference: TableDifference) {
        let table = difference.desired
        let column = change.new
        let isRewritten = change.changesType && !change.isWidening
        let title = "change column \(table.name).\(column.name)"
        var statements: [String] = []
        if let fill = fill(change, of: table) { statements.append(fill) }
        if dialect.engine == .mariadb {
            statements.append(
                "ALTER TABLE \(name(table)) MODIFY COLUMN "
                    + dialect.definition(
                        of: column, in: table, replacing: difference.observed))
        } else {
            statements += postgresParts(change).map { part in
                "ALTER TABLE \(name(table)) ALTER COLUMN \(dialect.quoted(column.name)) \(part)"
            }
        }
        steps.append(
            MigrationStep(
                title, statements, rewrites: isRewritten ? table.identity : nil,
                locks: isRewritten || (change.changesRequired && column.isRequired)))
    }

    /// Where there is a default, nulls become that before they are refused.
    private func fill(_ change: ColumnDifference, of table: Table) -> String? {
        guard change.new.isRequired, !change.old.isRequired,
            let value = dialect.defaultValue(of: change.new)
        else { return nil }
        let column = dialect.quoted(change.new.name)
        return "UPDATE \(name(table)) SET \(column) = "
            + "\(dialect.expression(value, for: change.old.type)) WHERE \(column) IS NULL"
    }

    private func postgresParts(_ change: ColumnDifference) -> [String] {
        let column = change.new
        var parts: [String] = []
        if change.changesType {
            // The old default may not fit the new type.
            if change.old.defaultValue != nil { parts.append("DROP DEFAULT") }
            let value = dialect.cast(
                dialect.quoted(column.name), from: change.old.type, to: column.type)
            parts.append("TYPE \(dialect.typeName(column.type)) USING \(value)")
        }
        if change.changesDefault || (change.changesType && change.old.defaultValue != nil) {
            if let value = dialect.defaultValue(of: column) {
                parts.append("SET DEFAULT \(dialect.expression(value, for: column.type))")
            } else if !change.changesType {
                parts.append("DROP DEFAULT")
            }
        }
        if change.changesRequired {
            parts.append(column.isRequired ? "SET NOT NULL" : "DROP NOT NULL")
        }
        return parts
    }
}
