import Resources
import Schemas

extension Query {
    static let fields = FieldTable<NamedQuery>(
        from: { NamedQuery() },
        [
            Field(
                "sql", \.sql, .text, isRequired: true,
                "A SELECT; `{tasks}` stands for the rows of `tasks` that the caller may see, "
                    + "`:name` for a parameter, `:user_id` for the caller.",
                example: "\"SELECT id FROM {tasks}\""),
            Field(
                "columns", \.columns,
                FieldType<[NamedEntry<ColumnSpec>]>.entries(
                    of: .record(column) { ColumnSpec() }
                ).map { entries in
                    entries.map { .init(name: $0.name, type: $0.value.columnType) }
                }, isRequired: true,
                "What it finds, by name, in the order of the SELECT.", example: "{id: {type: int}}"
            ),
            Field(
                "parameters", \.parameters,
                FieldType<[NamedEntry<ColumnSpec>]>.entries(
                    of: .record(parameter) { ColumnSpec() }
                ).map { entries in
                    entries.map {
                        .init(
                            name: $0.name, type: $0.value.columnType,
                            defaultText: $0.value.defaultText)
                    }
                }, defaultText: "{}", "The values that a caller gives, by name.",
                example: "{before: {type: date}}"),
            Field(
                "roles", \.roles, .list(of: .string),
                "Who may ask; all who are signed in when omitted.", example: "[admin]"),
            Field(
                "public", \.isPublic, .boolean, defaultText: "false",
                "Whether it needs no token.", example: "true"),
            Field(
                "single", \.isSingle, .boolean, defaultText: "false",
                "Whether it finds one row; none is then 404.", example: "true"),
            Field(
                "overrides", \.override, .record(override) { .init(table: "", operation: .list) },
                "The generated route that it stands in for; `:id` is then the row's key.",
                example: "{table: tasks, operation: list}"),
        ])

    private static let column = FieldTable<ColumnSpec>(from: { ColumnSpec() }, typeFields)

    private static let parameter = FieldTable<ColumnSpec>(
        from: { ColumnSpec() },
        typeFields + [
            Field(
                "default", \.defaultText, .scalar,
                "What it is when the caller says nothing; without it, it must be said.",
                example: "0")
        ])

    private static let typeFields: [Field<ColumnSpec>] = [
        Field("type", \.type, .enumeration, isRequired: true, "What it holds.", example: "int"),
        Field(
            "precision", \.precision, .integer(1...65), "A decimal's digits.", example: "10"),
        Field("scale", \.scale, .integer(0...38), "Those after its point.", example: "2"),
    ]

    private static let override = FieldTable<NamedQuery.Override>(
        from: { .init(table: "", operation: .list) },
        [
            Field("table", \.table, .string, isRequired: true, "The table.", example: "tasks"),
            Field(
                "operation", \.operation, .enumeration, isRequired: true,
                "What it is asked for: list or show.", example: "list"),
        ])
}

extension ColumnSpec {
    /// As a query's value has it: without limits on its length.
    fileprivate var columnType: ColumnType {
        switch type {
        case .decimal: ColumnType(.decimal, precision: precision, scale: scale)
        case .string, .enumeration: .text
        default: ColumnType(type)
        }
    }
}
