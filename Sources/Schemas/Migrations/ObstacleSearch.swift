/// What rows could stand against a change of their table.
struct ObstacleSearch {
    private let dialect: Dialect
    private let table: TableDifference
    private let others: [TableDifference]
    private let name: String

    /// - Parameters:
    ///   - dialect: the engine's.
    ///   - table: what changes.
    ///   - others: what else does, in the same migration.
    init(_ dialect: Dialect, _ table: TableDifference, among others: [TableDifference]) {
        self.dialect = dialect
        self.table = table
        self.others = others
        let now = table.renamedFrom ?? table.desired.name
        name = dialect.quoted(
            TableIdentity(namespace: table.desired.namespace, name: now))
    }

    /// Statements that run before the migration, on the names of before it.
    var all: [Obstacle] {
        var all: [Obstacle] = []
        for column in table.added { all += missingDefault(column).map { [$0] } ?? [] }
        for change in table.changed { all += obstacles(to: change) }
        for shape in table.addedIndexes where shape.isUnique { all += duplicates(of: shape) }
        for column in table.addedForeignKeys where isThere(column.name) {
            all.append(orphans(of: column))
        }
        for check in table.addedChecks {
            let isNew = table.added.contains { check.condition.contains($0.name) }
            let isRenamed = !table.renamedColumns.isEmpty
            // An enum's values were looked at with its type.
            if !isNew, !isRenamed, !check.isOfValues {
                all.append(
                    obstacle(
                        "NOT (\(check.condition))",
                        "break the new check \(check.condition)"))
            }
        }
        return all
    }

    private func isThere(_ column: String) -> Bool { table.observed?.table[column] != nil }

    /// A column's name before the migration.
    private func old(_ column: String) -> String {
        dialect.quoted(table.renamedColumns[column] ?? column)
    }

    private func obstacle(_ condition: String, _ words: String) -> Obstacle {
        let keys = table.desired.primaryKey.map { old($0.name) }.joined(separator: ", ")
        return Obstacle(
            words: "of \(table.desired.name) \(words)",
            count: "SELECT count(*) FROM \(name) WHERE \(condition)",
            sample: keys.isEmpty
                ? nil
                : "SELECT \(keys) FROM \(name) WHERE \(condition) ORDER BY \(keys) LIMIT 5")
    }

    private func missingDefault(_ column: Column) -> Obstacle? {
        guard column.isRequired, column.generated == nil, !column.isAuto,
            dialect.defaultValue(of: column) == nil
        else { return nil }
        return obstacle(
            "1 = 1", "would have no value for the new \(column.name): give it a default")
    }

    private func obstacles(to change: ColumnDifference) -> [Obstacle] {
        var all: [Obstacle] = []
        let column = old(change.new.name)
        if change.new.isRequired, !change.old.isRequired,
            dialect.defaultValue(of: change.new) == nil
        {
            all.append(
                obstacle(
                    "\(column) IS NULL",
                    "hold null in \(change.new.name), which is to be required"))
        }
        if change.changesType, !change.isWidening {
            all.append(
                obstacle(
                    dialect.unfit(column, from: change.old.type, for: change.new.type),
                    "hold in \(change.new.name) what \(change.new.type) can't"))
        }
        return all
    }

    private func duplicates(of shape: IndexShape) -> [Obstacle] {
        let there = shape.columns.filter(isThere)
        guard shape.columns.allSatisfy({ isThere($0) || isTheSameForAll($0) }) else { return [] }
        // Before there is the column, no row is deleted.
        let knowsDeleted = isThere(Table.deletionStamp)
        let live =
            shape.isLive && knowsDeleted ? " AND \(old(Table.deletionStamp)) IS NULL" : ""
        guard !there.isEmpty else {
            let rows = "SELECT count(*) FROM \(name) WHERE 1 = 1\(live)"
            return [
                obstacle(
                    "(\(rows)) > 1\(live)",
                    "would share the default of the new \(shape.columns.joined(separator: ", ")), "
                        + "which is to be unique")
            ]
        }
        let columns = there.map(old).joined(separator: ", ")
        let isWhole = there.map { "\(old($0)) IS NOT NULL" }.joined(separator: " AND ")
        let groups =
            "SELECT \(columns) FROM \(name) WHERE \(isWhole)\(live) GROUP BY \(columns) "
            + "HAVING count(*) > 1"
        let words = shape.columns.joined(separator: ", ")
        let scope = knowsDeleted && !shape.isLive ? " among deleted rows too" : ""
        return [
            obstacle(
                "(\(columns)) IN (\(groups))\(live)",
                "share their \(words), which is to be unique\(scope)")
        ]
    }

    /// Whether a new column has the same value in every row that is there already.
    private func isTheSameForAll(_ column: String) -> Bool {
        guard let column = table.added.first(where: { $0.name == column }) else { return false }
        return switch column.defaultValue {
        case .literal, .now: column.generated == nil
        case .uuid, .expression, nil: false
        }
    }

    private func orphans(of column: Column) -> Obstacle {
        let value = old(column.name)
        guard let foreign = column.foreign else { return obstacle("1 = 0", "") }
        let words = "refer in \(column.name) to rows of \(foreign.table) that are not there"
        let missing = "\(value) IS NOT NULL"
        guard let (target, key) = place(of: foreign) else { return obstacle(missing, words) }
        return obstacle(
            "\(missing) AND NOT EXISTS (SELECT 1 FROM \(target) AS target "
                + "WHERE target.\(key) = \(name).\(value))", words)
    }

    /// The table and the column that a reference leads to, as they are called before the
    /// migration; nil while they are not there.
    private func place(of foreign: ForeignKey) -> (table: String, column: String)? {
        var (target, key) = (foreign.target, foreign.column)
        if let change = others.first(where: { $0.desired.identity == target }) {
            guard let observed = change.observed, observed.table[key] != nil else { return nil }
            target.name = change.renamedFrom ?? target.name
            key = change.renamedColumns[key] ?? key
        }
        return (dialect.quoted(target), dialect.quoted(key))
    }
}
