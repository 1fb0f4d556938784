import Resources
import Schemas

/// What a `Schema` document says.
struct SchemaSpec: Sendable {
    var tables: [NamedEntry<TableSpec>] = []
}

/// What it says of one table.
struct TableSpec: Sendable {
    var fields: [NamedEntry<ColumnSpec>] = []
    var isView = false
    var namespace: String?
    var renamedFrom: String?
    var unique: [Unique] = []
    var index: [[String]] = []
    var filter: [RowFilter] = []
    var crud = Operation.allCases
    var publicOperations: [Operation] = []
    var order: String?
    var filters: [String: String] = [:]
    var softDelete: Bool?
    var cascade = false
    var concurrency = Concurrency.optional

    /// Whether a change must say which version it is of.
    enum Concurrency: String, Sendable, CaseIterable {
        case optional, required
    }

    /// Columns whose values no two rows share.
    struct Unique: Sendable {
        var columns: [String] = []
        /// Whether deleted rows count too.
        var isOfAll = false
    }
}

/// What it says of one column.
struct ColumnSpec: Sendable {
    var type = ColumnType.Base.text
    var max: Int?
    var precision: Int?
    var scale: Int?
    var values: [String]?
    var isPrimary = false
    var isAuto = false
    var isRequired = false
    var unique = Uniqueness.none
    var defaultText: String?
    var defaultSQL: String?
    var check: String?
    var index: Bool?
    var foreign: String?
    var foreignSchema: String?
    var onDelete = ForeignKey.Action.restrict
    var createdAt = false
    var updatedAt = false
    var generated: String?
    var renamedFrom: String?
    var read: [String]?
    var write: [String]?

    /// Which rows share no value.
    enum Uniqueness: Sendable {
        case none
        /// Those that are not deleted.
        case live
        case all
    }
}
