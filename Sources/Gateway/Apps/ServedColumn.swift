import Schemas

/// A column, ready to be read and written.
///
/// A class for the same reason as `ServedTable`.
final class ServedColumn: Sendable {
    let column: Column
    let name: String
    let type: ColumnType
    /// Its place among the table's columns.
    let index: Int
    /// Its name as the engine writes it.
    let quoted: String
    /// `"name":`, as an object's member begins.
    let label: [UInt8]
    /// What its check lets a number be, as far as that can be told.
    let bounds: CheckBounds
    /// What conditions compare it as.
    let comparand: String

    init(_ column: Column, index: Int, dialect: Dialect) {
        self.column = column
        self.index = index
        name = column.name
        type = column.type
        bounds = CheckBounds(column)
        quoted = dialect.quoted(column.name)
        var text = WireText()
        text.string(column.name)
        text.byte(UInt8(ascii: ":"))
        label = Array(text.bytes)
        comparand =
            switch (column.type.base, dialect.engine) {
            // MariaDB compares a decimal with text as floating-point numbers.
            case (.decimal, .mariadb):
                "CAST(? AS DECIMAL(\(column.type.precision ?? 65),\(column.type.scale ?? 30)))"
            // PostgreSQL refuses a number that a smaller column could not hold.
            case (.int, .postgres): "CAST(? AS bigint)"
            default: "?"
            }
    }

    /// Whether a role sees it.
    func isReadable(by role: String) -> Bool {
        column.access.readers.map { $0.contains(role) } ?? true
    }

    /// Whether a role may set it.
    func isWritable(by role: String) -> Bool {
        guard column.generated == nil, column.stamp == nil else { return false }
        return column.access.writers.map { $0.contains(role) } ?? true
    }
}
