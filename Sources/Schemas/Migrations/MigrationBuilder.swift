/// Makes the statements of a difference.
package struct MigrationBuilder {
    let dialect: Dialect
    let difference: SchemaDifference
    private let now: Int
    private var record: SchemaRecord
    var steps: [MigrationStep] = []
    var obstacles: [Obstacle] = []

    /// The migration that a difference calls for.
    ///
    /// - Parameters:
    ///   - difference: how the database is not as desired.
    ///   - desired: the schema.
    ///   - observed: what is there.
    ///   - engine: the database's.
    ///   - now: seconds since 1970.
    /// - Returns: its steps, and what rows could stand against them.
    package static func migration(
        for difference: SchemaDifference, to desired: Schema, from observed: ObservedSchema,
        on engine: DatabaseEngine, now: Int
    ) -> Migration {
        let known = observed.record ?? SchemaRecord()
        var builder = MigrationBuilder(
            dialect: .building(difference, from: observed, on: engine), difference: difference,
            now: now, record: known)
        builder.build(desired)
        var intent = known
        intent.quarantined = builder.record.quarantined
        for table in difference.tables { intent.claim(what: table) }
        return Migration(
            steps: builder.steps, obstacles: builder.obstacles, intent: intent,
            record: builder.record)
    }

    private init(
        dialect: Dialect, difference: SchemaDifference, now: Int, record: SchemaRecord
    ) {
        self.dialect = dialect
        self.difference = difference
        self.now = now
        self.record = record
    }

    private mutating func build(_ desired: Schema) {
        // What an interrupted migration meant to put aside, and didn't, is not there.
        record.quarantined = record.quarantined.filter(isThere)
        for table in difference.removed { putAside(table) }
        for table in difference.tables { rename(table) }
        let created = difference.tables.filter { $0.observed == nil }
        for table in created { create(table.desired) }
        for table in difference.tables where table.observed != nil { alter(table) }
        // References last: two tables may refer to each other.
        if dialect.engine != .sqlite {
            for table in created { addForeignKeys(of: table.desired.columns, to: table.desired) }
        }
        for kept in difference.expired { drop(kept) }
        record.owned = desired.tables.filter { !$0.isView }.map(SchemaRecord.OwnedTable.init)
    }

    private func isThere(_ kept: SchemaRecord.Quarantined) -> Bool {
        var place = TableIdentity(namespace: kept.namespace, name: kept.table)
        if dialect.observed[place] == nil,
            let change = difference.tables.first(where: { $0.desired.identity == place })
        {
            place.name = change.renamedFrom ?? place.name
        }
        guard let table = dialect.observed[place] else { return false }
        return kept.column.map { table.table[$0] != nil } ?? true
    }

    func name(_ table: Table) -> String { dialect.quoted(table.identity) }

    // MARK: - Tables

    private mutating func create(_ table: Table) {
        var statements: [String] = []
        if let namespace = table.namespace, dialect.engine == .postgres {
            statements.append("CREATE SCHEMA IF NOT EXISTS \(dialect.quoted(namespace))")
        }
        statements.append(dialect.createTable(table, foreignKeys: dialect.engine == .sqlite))
        statements += indexes(of: table)
        steps.append(MigrationStep("create table \(table.name)", statements))
    }

    /// The indexes that a table's own definition doesn't make.
    func indexes(of table: Table) -> [String] {
        table.shapes.filter { !dialect.isConstraint($0) }
            .map { dialect.createIndex($0, on: table) }
    }

    mutating func addForeignKeys(of columns: [Column], to table: Table) {
        for column in columns {
            guard let constraint = dialect.foreignKey(of: column, in: table) else { continue }
            addForeignKey(constraint, of: column, to: table)
        }
    }

    /// PostgreSQL checks the rows that are there in a second statement, which blocks nobody.
    private mutating func addForeignKey(_ constraint: String, of column: Column, to table: Table) {
        let title = "add foreign key \(table.name).\(column.name)"
        let statement = "ALTER TABLE \(name(table)) ADD \(constraint)"
        guard dialect.engine == .postgres else {
            steps.append(MigrationStep(title, [statement], locks: true))
            return
        }
        let key = dialect.quoted(
            dialect.free(ConstraintName.foreignKey(table.name, column.name)))
        steps.append(
            MigrationStep(title, [dropIfThere(key, of: table), statement + " NOT VALID"]))
        steps.append(
            MigrationStep(
                "validate foreign key \(table.name).\(column.name)",
                ["ALTER TABLE \(name(table)) VALIDATE CONSTRAINT \(key)"], isStandalone: true))
    }

    /// What an interrupted migration left unvalidated goes first.
    func dropIfThere(_ constraint: String, of table: Table) -> String {
        "ALTER TABLE \(name(table)) DROP CONSTRAINT IF EXISTS \(constraint)"
    }

    private mutating func rename(_ table: TableDifference) {
        guard let old = table.renamedFrom else { return }
        let namespace = table.desired.namespace
        steps.append(
            MigrationStep(
                "rename table \(old) to \(table.desired.name)",
                [renameStatement(TableIdentity(namespace: namespace, name: old), table.desired)]))
        for index in record.quarantined.indices
        where record.quarantined[index].column != nil && record.quarantined[index].table == old
            && record.quarantined[index].namespace == namespace
        {
            record.quarantined[index].table = table.desired.name
        }
        if let restored = table.restored {
            record.quarantined.removeAll { $0 == restored }
        }
    }

    func renameStatement(_ old: TableIdentity, _ table: Table) -> String {
        "ALTER TABLE \(dialect.quoted(old)) RENAME TO "
            + (dialect.engine == .mariadb
                ? dialect.quoted(table.identity) : dialect.quoted(table.name))
    }

    // MARK: - Quarantine

    private mutating func putAside(_ table: ObservedTable) {
        let old = table.table.identity
        var aside = table.table
        aside.name = ConstraintName.quarantined(old.name, at: now)
        steps.append(
            MigrationStep(
                "put aside table \(old.name) as \(aside.name)",
                putAsideStatements(table, as: aside), putsAside: true))
        record.quarantined.append(
            .init(namespace: old.namespace, table: aside.name, original: old.name, since: now))
    }

    /// Notes a column that is put aside, and gives the name it goes by from now on.
    mutating func putAside(_ column: Column, of table: Table) -> String {
        let aside = ConstraintName.quarantined(column.name, at: now)
        record.quarantined.append(
            .init(
                namespace: table.namespace, table: table.name, column: aside,
                original: column.name, since: now))
        return aside
    }

    /// Notes that a column which was put aside is wanted again.
    mutating func restore(_ column: String, of table: Table) {
        record.quarantined.removeAll { $0.column == column && $0.table == table.name }
    }

    private mutating func drop(_ kept: SchemaRecord.Quarantined) {
        let table = dialect.quoted(TableIdentity(namespace: kept.namespace, name: kept.table))
        if let column = kept.column {
            steps.append(
                MigrationStep(
                    "drop column \(kept.table).\(kept.original), put aside before",
                    ["ALTER TABLE \(table) DROP COLUMN \(dialect.quoted(column))"],
                    isIrreversible: true))
        } else {
            steps.append(
                MigrationStep(
                    "drop table \(kept.original), put aside before", ["DROP TABLE \(table)"],
                    isIrreversible: true))
        }
        record.quarantined.removeAll { $0 == kept }
    }
}
