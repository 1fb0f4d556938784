import Resources
import Schemas

extension AppSchema {
    static let summary = "The tables of an app: what its database holds and its API serves."

    static let example = """
        kind: Schema                 # desired/apps/prokov/schema.yaml
        name: prokov
        tables:
          users:
            fields:
              id: {type: int, primary: true, auto: true}
              email: {type: string, max: 190, required: true, unique: true}
              password_hash: {type: string, max: 100, required: true}
            filter: owner            # one sees oneself
          tasks:
            fields:
              id: {type: int, primary: true, auto: true}
              user_id: {type: int, required: true, foreign: users.id}
              title: {type: string, max: 120, required: true}
              due: {type: date}
              done: {type: bool, required: true, default: false}
              deleted_at: {type: datetime}
            filter: owner
            order: due ASC

        """

    static let fields = FieldTable<SchemaSpec>(
        from: { SchemaSpec() },
        [
            Field(
                "tables", \.tables, .entries(of: .record(table) { TableSpec() }),
                isRequired: true, "The tables, by name.",
                example: "{tags: {fields: {id: {type: int, primary: true, auto: true}}}}")
        ])

    private static let table = FieldTable<TableSpec>(
        from: { TableSpec() },
        [
            Field(
                "fields", \.fields, .entries(of: .record(column) { ColumnSpec() }),
                isRequired: true, "The columns, by name, in order.",
                example: "{id: {type: int, primary: true, auto: true}}"),
            Field(
                "view", \.isView, .boolean, defaultText: "false",
                "A view that is in the database already: only read.", example: "true"),
            Field(
                "schema", \.namespace, .string,
                "PostgreSQL's schema that the table lies in; the usual one when omitted.",
                example: "billing"),
            Field(
                "renamedFrom", \.renamedFrom, .string,
                "What the table was called before: it is renamed, not made anew.",
                example: "project"),
            Field(
                "unique", \.unique, .list(of: .unique), defaultText: "[]",
                "Columns whose values no two rows share; `{all: [a, b]}`: nor deleted ones.",
                example: "[[user_id, name], {all: [code]}]"),
            Field(
                "index", \.index, .list(of: .list(of: .string, minimum: 1)), defaultText: "[]",
                "Columns that are indexed together.", example: "[[user_id, position]]"),
            Field(
                "filter", \.filter, .rowFilters, defaultText: "every row",
                "The rows that one may touch: owner, all, none, or those by role.",
                example: "owner"),
            Field(
                "crud", \.crud, .list(of: .enumeration), defaultText: "all five",
                "What is served.", example: "[list, show]"),
            Field(
                "public", \.publicOperations, .list(of: .enumeration), defaultText: "[]",
                "What is served without a token.", example: "[list, show]"),
            Field(
                "order", \.order, .string,
                "The order of a list that asks for none; by the key when omitted.",
                example: "position ASC"),
            Field(
                "filters", \.filters, .map(of: .string), defaultText: "{}",
                "SQL conditions that a list may ask for by name, with `:parameter` marks.",
                example: "{recent: \"created_at > :since\"}"),
            Field(
                "softDelete", \.softDelete, .boolean,
                "Whether a delete only sets `deleted_at`; when omitted, if there is that column.",
                example: "true"),
            Field(
                "cascade", \.cascade, .boolean, defaultText: "false",
                "Whether a soft delete takes along the rows that refer to the deleted one.",
                example: "true"),
            Field(
                "concurrency", \.concurrency, .enumeration, defaultText: "optional",
                "Whether a change must carry `If-Match`, the version that it is of.",
                example: "required"),
        ])

    private static let column = FieldTable<ColumnSpec>(
        from: { ColumnSpec() },
        [
            Field(
                "type", \.type, .enumeration, isRequired: true,
                "What it holds; docs/schemas.md says what each engine makes of it.",
                example: "string"),
            Field(
                "max", \.max, .integer(1...1_000_000), "A string's most characters.",
                example: "120"),
            Field(
                "precision", \.precision, .integer(1...65), "A decimal's digits.", example: "10"),
            Field(
                "scale", \.scale, .integer(0...38), "Those after its point.", example: "2"),
            Field(
                "values", \.values, .list(of: .scalar, minimum: 1), "An enum's values.",
                example: "[open, done]"),
            Field(
                "primary", \.isPrimary, .boolean, defaultText: "false",
                "Part of the primary key.", example: "true"),
            Field(
                "auto", \.isAuto, .boolean, defaultText: "false",
                "Numbered by the database; a uuid is made up.", example: "true"),
            Field(
                "required", \.isRequired, .boolean, defaultText: "false", "Null is refused.",
                example: "true"),
            Field(
                "unique", \.unique, .uniqueness, defaultText: "false",
                "No two rows share a value; `all`: nor do deleted ones.", example: "true"),
            Field(
                "default", \.defaultText, .scalar,
                "What it holds when nobody says; `now` for the time, `uuid` for a new one.",
                example: "0"),
            Field(
                "defaultSQL", \.defaultSQL, .string,
                "The same as an SQL expression of the app's own engine.",
                example: "upper('x')"),
            Field(
                "check", \.check, .string, "An SQL condition on the value.",
                example: "position >= 0"),
            Field(
                "index", \.index, .boolean,
                "Whether it is indexed; when omitted, if it refers to another table.",
                example: "true"),
            Field(
                "foreign", \.foreign, .string, "The column of another table that it refers to.",
                example: "users.id"),
            Field(
                "foreignSchema", \.foreignSchema, .string,
                "PostgreSQL's schema that the other table lies in.", example: "auth"),
            Field(
                "onDelete", \.onDelete, .enumeration, defaultText: "restrict",
                "What happens to the row when the one it refers to is deleted.",
                example: "cascade"),
            Field(
                "createdAt", \.createdAt, .boolean, defaultText: "false",
                "Set when the row is made; nobody writes it.", example: "true"),
            Field(
                "updatedAt", \.updatedAt, .boolean, defaultText: "false",
                "Set each time the row is written; nobody writes it.", example: "true"),
            Field(
                "generated", \.generated, .string,
                "The SQL expression that the database computes it by; nobody writes it.",
                example: "price * amount"),
            Field(
                "renamedFrom", \.renamedFrom, .string,
                "What the column was called before: it is renamed, not made anew.",
                example: "title"),
            Field(
                "read", \.read, .roles, defaultText: "everybody",
                "The roles that see it; never for nobody.", example: "[admin]"),
            Field(
                "write", \.write, .roles, defaultText: "everybody",
                "The roles that set it; never for nobody.", example: "[admin]"),
        ])
}
