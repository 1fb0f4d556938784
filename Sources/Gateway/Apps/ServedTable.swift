import SQL
import Schemas
import Synchronization

/// A table, with everything that a request needs of it made beforehand.
///
/// A class, so that handing it on costs one count and not one for each of its parts.
final class ServedTable: Sendable {
    let table: Table
    /// Its place among the app's tables.
    let index: Int
    let columns: [ServedColumn]
    let key: [ServedColumn]
    /// The column that says whose a row is; nil where nothing does.
    let owner: ServedColumn?
    /// `deleted_at`, where a delete only sets it.
    let deletedAt: ServedColumn?
    let relations: [Relation]
    /// The table's name as the engine writes it.
    let quoted: String
    /// All columns, as a `SELECT` lists them.
    let selectList: String
    /// `… = ?` for each column of the key.
    let keyCondition: String
    /// The order of a list that asks for none.
    let order: [OrderTerm]
    /// The sets of columns whose values no two rows share, the key's first.
    let uniques: [ServedUnique]
    /// The conditions that a list may ask for by name.
    let namedFilters: [String: NamedSQL]
    /// Whether every role may read every column.
    let isForAllEyes: Bool
    private let positions: [ByteText: Int]
    /// The statements that read rows by their keys.
    private let keyed = Mutex<[KeyedText: PreparedText]>([:])

    init(_ table: Table, index: Int, in schema: Schema, app: AppDefinition, dialect: Dialect) {
        self.table = table
        self.index = index
        let columns = table.columns.enumerated().map {
            ServedColumn($1, index: $0, dialect: dialect)
        }
        self.columns = columns
        key = columns.filter { $0.column.isPrimary }
        let ownerName = app.auth.flatMap { table.ownerColumn(signIn: $0) }?.name
        owner = columns.first { $0.name == ownerName }
        deletedAt = columns.first {
            table.deletesSoftly && !table.isView && $0.name == "deleted_at"
        }
        isForAllEyes = columns.allSatisfy { $0.column.access.readers == nil }
        relations = schema.relations(of: table)
        quoted = dialect.quoted(table.identity)
        selectList = columns.map(\.quoted).joined(separator: ", ")
        keyCondition = key.map { "\($0.quoted) = \($0.comparand)" }.joined(separator: " AND ")
        positions = Dictionary(
            columns.map { (ByteText($0.name), $0.index) }, uniquingKeysWith: { first, _ in first })
        let key = key
        let sets = key.isEmpty ? [] : [ServedUnique(columns: key, isLive: false)]
        uniques =
            sets
            + table.shapes.filter(\.isUnique).map { shape in
                ServedUnique(
                    columns: shape.columns.compactMap { name in
                        columns.first { $0.name == name }
                    }, isLive: shape.isLive)
            }
        order = Self.order(table.rules.order, columns)
        namedFilters = table.rules.namedFilters.mapValues(NamedSQL.init)
    }

    /// The column of a name; nil when there is none.
    func column(_ name: String) -> ServedColumn? {
        positions[ByteText(name)].map { columns[$0] }
    }

    private struct KeyedText: Hashable {
        var count: Int
        var condition: String?
    }

    /// The statement that reads rows by so many keys, and under a condition of the schema's; each
    /// is made once.
    func select(byKeys count: Int, and condition: String?) -> PreparedText {
        keyed.withLock { known in
            let key = KeyedText(count: count, condition: condition)
            if let found = known[key] { return found }
            let marks = repeatElement(self.key[0].comparand, count: count).joined(separator: ", ")
            let keys = count == 1 ? keyCondition : "\(self.key[0].quoted) IN (\(marks))"
            let made = PreparedText(
                "SELECT \(selectList) FROM \(quoted) WHERE \(keys)"
                    + (condition.map { " AND \($0)" } ?? ""))
            known[key] = made
            return made
        }
    }

    var name: String { table.name }
    var rules: TableRules { table.rules }

    private static func order(_ text: String?, _ columns: [ServedColumn]) -> [OrderTerm] {
        (text ?? "").split(separator: ",").compactMap { part in
            let words = part.split(separator: " ")
            guard let name = words.first,
                let column = columns.first(where: { $0.name == name })
            else { return nil }
            let isDescending = words.dropFirst().contains { $0.uppercased() == "DESC" }
            return OrderTerm(column: column, isDescending: isDescending)
        }
    }
}

/// Columns whose values no two rows share.
struct ServedUnique: Sendable {
    var columns: [ServedColumn]
    /// Whether only rows that are not deleted count.
    var isLive: Bool
}

/// One term of an order.
struct OrderTerm: Sendable {
    var column: ServedColumn
    var isDescending: Bool
    var nullsFirst: Bool

    /// Nulls come first, and in descending order last, unless it is said otherwise.
    init(column: ServedColumn, isDescending: Bool, nullsFirst: Bool? = nil) {
        self.column = column
        self.isDescending = isDescending
        self.nullsFirst = nullsFirst ?? !isDescending
    }
}
