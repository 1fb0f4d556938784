import Schemas

/// Releases to document.
enum Samples {
    /// People, their projects and tasks, tags through a join table.
    static var tasks: Release {
        var app = AppDefinition(name: "prokov", database: DatabaseAddress(engine: .sqlite))
        var auth = SignIn()
        auth.table = "users"
        auth.password = "password_hash"
        auth.role = "role"
        auth.allowsRegistration = true
        app.auth = auth
        return Release(
            app: app, schema: Schema(tables: [users, statuses, projects, taskTable, tags, joins]))
    }

    private static func key() -> Column {
        var column = Column("id", .int)
        column.isPrimary = true
        column.isRequired = true
        column.isAuto = true
        return column
    }

    private static func column(
        _ name: String, _ type: ColumnType, required: Bool = false, foreign: String? = nil
    ) -> Column {
        var column = Column(name, type)
        column.isRequired = required
        column.foreign = foreign.map { ForeignKey(table: $0, column: "id") }
        return column
    }

    private static func stamp(_ name: String, _ stamp: Column.Stamp) -> Column {
        var column = Column(name, ColumnType(.datetime))
        column.stamp = stamp
        return column
    }

    private static var owned: TableRules {
        var rules = TableRules()
        rules.filters = [RowFilter(role: "default", condition: .owner)]
        return rules
    }

    private static var users: Table {
        var password = column("password_hash", ColumnType(.string, maximum: 100), required: true)
        password.access = FieldAccess(readers: [], writers: [])
        var role = column("role", ColumnType(.enumeration, values: ["member", "admin"]))
        role.isRequired = true
        role.defaultValue = .literal("member")
        role.access.writers = ["admin"]
        var rules = owned
        rules.operations = [.list, .show, .update]
        return Table(
            "users",
            columns: [
                key(), column("email", ColumnType(.string, maximum: 190), required: true),
                password, column("name", ColumnType(.string, maximum: 120)), role,
                stamp("created_at", .created),
            ], uniques: [["email"]], rules: rules)
    }

    private static var statuses: Table {
        var rules = TableRules()
        rules.operations = [.list, .show]
        rules.publicOperations = [.list, .show]
        return Table(
            "statuses",
            columns: [key(), column("name", ColumnType(.string, maximum: 40), required: true)],
            uniques: [["name"]], rules: rules)
    }

    private static var projects: Table {
        var rules = owned
        rules.namedFilters = ["recent": "created_at > :since"]
        rules.cascade = true
        var position = column("position", .int, required: true)
        position.defaultValue = .literal("0")
        position.check = "position >= 0"
        return Table(
            "projects",
            columns: [
                key(), column("user_id", .int, required: true, foreign: "users"),
                column("name", ColumnType(.string, maximum: 120), required: true), position,
                stamp("created_at", .created), stamp("updated_at", .updated),
                column("deleted_at", ColumnType(.datetime)),
            ], uniques: [["user_id", "name"]], rules: rules)
    }

    private static var taskTable: Table {
        var rules = owned
        rules.requiresMatch = true
        var done = column("done", ColumnType(.bool), required: true)
        done.defaultValue = .literal("false")
        return Table(
            "tasks",
            columns: [
                key(), column("user_id", .int, required: true, foreign: "users"),
                column("project_id", .int, required: true, foreign: "projects"),
                column("status_id", .int, foreign: "statuses"),
                column("title", ColumnType(.string, maximum: 200), required: true),
                column("notes", .text), column("due", ColumnType(.date)),
                column("hours", ColumnType(.decimal, precision: 8, scale: 2)), done,
                column("deleted_at", ColumnType(.datetime)),
            ], rules: rules)
    }

    private static var tags: Table {
        Table(
            "tags",
            columns: [
                key(), column("user_id", .int, required: true, foreign: "users"),
                column("name", ColumnType(.string, maximum: 40), required: true),
                column("color", ColumnType(.string, maximum: 7)),
            ], uniques: [["user_id", "name"]], rules: owned)
    }

    private static var joins: Table {
        var task = column("task_id", .int, required: true, foreign: "tasks")
        var tag = column("tag_id", .int, required: true, foreign: "tags")
        task.isPrimary = true
        tag.isPrimary = true
        return Table("task_tags", columns: [task, tag])
    }

    /// Names that are words of every language, hold blanks and quotes, or no ASCII; every type.
    static var strange: Release {
        var app = AppDefinition(
            name: "a <b> \"c\" */", database: DatabaseAddress(engine: .sqlite))
        app.basePath = "/"
        var id = Column("key", ColumnType(.uuid))
        id.isPrimary = true
        id.isRequired = true
        let types = ColumnType.Base.allCases.map { base in
            Column(
                "a \(base.rawValue)",
                ColumnType(base, values: base == .enumeration ? ["a\"b", "*/", "</script>"] : nil))
        }
        let words = ["class", "default", "new", "a b", "a-b", "été", "名", "1st", "", "$", "${x}"]
        var rules = TableRules()
        rules.publicOperations = Operation.allCases
        var first = Table(
            "class", columns: [id] + words.map { Column($0, .int) } + types, rules: rules)
        first.columns[0].defaultValue = .uuid
        var second = Table("Класс \"x\"/{y}", columns: [id, Column("y", .text)], rules: rules)
        second.columns[1].foreign = ForeignKey(table: "class", column: "key")
        var view = Table("a view", columns: [Column("n", .int)], isView: true, rules: rules)
        view.rules.operations = [.list]
        return Release(app: app, schema: Schema(tables: [first, second, view]))
    }

    static let all = ["tasks": tasks, "strange": strange]

    static let roles: [String: CallerRole] = [
        "anonymous": .anonymous, "member": .named("member"), "admin": .admin,
    ]
}
