import Schemas

extension Column {
    /// A column in one expression.
    static func make(
        _ name: String, _ type: ColumnType, _ change: (inout Column) -> Void = { _ in }
    ) -> Column {
        var column = Column(name, type)
        change(&column)
        return column
    }

    static let id = make("id", .int) { $0.beAutoKey() }

    mutating func beAutoKey() {
        isPrimary = true
        isAuto = true
        isRequired = true
    }

    static func foreign(
        _ name: String, to table: String, _ action: ForeignKey.Action = .restrict,
        _ change: (inout Column) -> Void = { _ in }
    ) -> Column {
        make(name, .int) {
            $0.foreign = ForeignKey(table: table, column: "id", onDelete: action)
            change(&$0)
        }
    }
}

extension ColumnType {
    static func string(_ maximum: Int) -> ColumnType { ColumnType(.string, maximum: maximum) }
    static func decimal(_ precision: Int, _ scale: Int) -> ColumnType {
        ColumnType(.decimal, precision: precision, scale: scale)
    }
    static func choice(_ values: String...) -> ColumnType {
        ColumnType(.enumeration, values: values)
    }
}

extension Schema {
    /// Changes one table.
    func with(_ table: String, _ change: (inout Table) -> Void) -> Schema {
        var schema = self
        for index in schema.tables.indices where schema.tables[index].name == table {
            change(&schema.tables[index])
        }
        return schema
    }

    /// Changes one column.
    func with(_ table: String, _ column: String, _ change: (inout Column) -> Void) -> Schema {
        with(table) { table in
            for index in table.columns.indices where table.columns[index].name == column {
                change(&table.columns[index])
            }
        }
    }
}
