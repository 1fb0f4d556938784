/// Holds a schema against what a database turned out to hold.
package struct SchemaComparison: Sendable {
    private let desired: Schema
    private let observed: ObservedSchema
    private let dialect: Dialect
    /// What was put aside before this is dropped, in seconds since 1970.
    private let keptSince: Int
    private var difference = SchemaDifference()

    /// - Parameters:
    ///   - desired: what the schema says.
    ///   - observed: what is there.
    ///   - engine: the database's.
    ///   - keptSince: what was put aside before is dropped; seconds since 1970.
    /// - Returns: the difference; empty when there is nothing to do.
    package static func compare(
        _ desired: Schema, with observed: ObservedSchema, on engine: DatabaseEngine, keptSince: Int
    ) -> SchemaDifference {
        var comparison = SchemaComparison(
            desired: desired, observed: observed, dialect: Dialect(engine), keptSince: keptSince)
        comparison.compareTables()
        comparison.considerRemovals()
        comparison.considerReferences()
        comparison.noteUndeclaredTables()
        return comparison.difference
    }

    private var record: SchemaRecord { observed.record ?? SchemaRecord() }

    private mutating func compareTables() {
        for table in desired.tables {
            let (seen, renamedFrom, restored) = counterpart(of: table)
            guard let seen else {
                if table.isView {
                    difference.refusals.append(
                        "the view \(table.name) is not there; Stead makes no views")
                } else {
                    noteLostName(of: table)
                    difference.tables.append(TableDifference(table, observed: nil))
                }
                continue
            }
            guard !table.isView else { continue }
            var part = TableComparison(
                table, seen, dialect, declared: declared(table, renamedFrom), record)
            part.compare()
            part.result.renamedFrom = renamedFrom
            part.result.restored = restored
            difference.refusals += part.refusals
            difference.undeclared += part.undeclared
            difference.lostNames += part.lostNames
            if dialect.engine == .sqlite, part.result.confusesTriggers {
                difference.refusals.append(
                    "\(table.name) has triggers: rename it, or its columns, first, apply that, "
                        + "and then change the rest")
            }
            if !part.result.isEmpty { difference.tables.append(part.result) }
        }
    }

    /// The table under its own name, the one it had before, or the one it was put aside under.
    private func counterpart(of table: Table) -> (
        ObservedTable?, renamedFrom: String?, restored: SchemaRecord.Quarantined?
    ) {
        if let seen = observed[table.identity] { return (seen, nil, nil) }
        if let old = table.renamedFrom,
            var seen = observed[TableIdentity(namespace: table.namespace, name: old)]
        {
            seen.table.name = table.name
            return (seen, old, nil)
        }
        let kept = record.quarantined.last {
            $0.column == nil && $0.namespace == table.namespace && $0.original == table.name
        }
        guard let kept,
            var seen = observed[TableIdentity(namespace: kept.namespace, name: kept.table)]
        else { return (nil, nil, nil) }
        seen.table.name = table.name
        return (seen, kept.table, kept)
    }

    private func declared(_ table: Table, _ renamedFrom: String?) -> Table? {
        let name = renamedFrom ?? table.name
        return record.owned.first {
            $0.table == TableIdentity(namespace: table.namespace, name: name)
        }?.declared
    }

    private mutating func considerRemovals() {
        let wanted = Set(desired.tables.map(\.identity))
        let renamed = Set(
            desired.tables.compactMap { table in
                table.renamedFrom.map { TableIdentity(namespace: table.namespace, name: $0) }
            })
        for owned in record.owned
        where !wanted.contains(owned.table) && !renamed.contains(owned.table) {
            if let seen = observed[owned.table] { difference.removed.append(seen) }
        }
        let restored = difference.tables.compactMap(\.restored)
        difference.expired = record.quarantined.filter { kept in
            kept.since < keptSince && !restored.contains(kept) && isThere(kept)
        }
    }

    private mutating func noteUndeclaredTables() {
        let known = Set(
            desired.tables.map(\.identity) + difference.removed.map(\.table.identity)
                + difference.tables.compactMap { table in
                    table.renamedFrom.map {
                        TableIdentity(namespace: table.desired.namespace, name: $0)
                    }
                })
        difference.undeclared += observed.tables.map(\.table)
            .filter {
                !$0.isView && !SchemaRecord.isInternal($0.name) && !known.contains($0.identity)
            }
            .map { "table " + ($0.namespace.map { $0 + "." } ?? "") + $0.name }
    }

    /// In a database without tables, each is made anew: there is nothing to rename.
    private mutating func noteLostName(of table: Table) {
        let others = observed.tables.map(\.table).filter {
            $0.namespace == table.namespace && !$0.isView && !SchemaRecord.isInternal($0.name)
                && desired[$0.name] == nil
        }
        guard let old = table.renamedFrom,
            observed.tables.contains(where: { !SchemaRecord.isInternal($0.table.name) })
        else { return }
        difference.lostNames.append(
            LostName.words(old, of: "table \(table.name)", among: others.map(\.name)))
    }

    /// A database refers only to uniques that count every row: SQLite would even find out when rows
    /// are written.
    private mutating func considerReferences() {
        let removed = difference.removed.map(\.table.identity)
        for table in difference.tables {
            let wanted = (table.desired.liveUniques ?? []).filter { columns in
                table.droppedIndexes.contains { $0.isUnique && $0.columns == columns }
            }
            for other in observed.tables where !removed.contains(other.table.identity) {
                let dropped =
                    difference.tables.first { $0.observed?.table.identity == other.table.identity }?
                    .droppedForeignKeys ?? []
                for column in other.table.columns where !dropped.contains(column.name) {
                    guard let foreign = column.foreign, isThis(table, foreign),
                        let unique = wanted.first(where: { old($0, in: table) == [foreign.column] })
                    else { continue }
                    difference.refusals.append(
                        "\(table.desired.name).\(unique[0]) must count deleted rows too, as "
                            + "\(other.table.name).\(column.name) refers to it: "
                            + "write `unique: all`")
                }
            }
        }
    }

    private func isThis(_ table: TableDifference, _ foreign: ForeignKey) -> Bool {
        foreign.namespace == table.desired.namespace
            && foreign.table == table.renamedFrom ?? table.desired.name
    }

    private func old(_ columns: [String], in table: TableDifference) -> [String] {
        columns.map { table.renamedColumns[$0] ?? $0 }
    }

    private func isThere(_ kept: SchemaRecord.Quarantined) -> Bool {
        guard let table = observed[TableIdentity(namespace: kept.namespace, name: kept.table)]
        else { return false }
        return kept.column.map { table.table[$0] != nil } ?? true
    }
}
