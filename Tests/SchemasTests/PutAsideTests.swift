import Schemas
import TestSupport
import Testing

extension EngineTests {
    /// Putting a column aside does no more than that, and says so.
    @Suite struct PutAsideTests {
        private static let id = "id: {type: int, primary: true, auto: true}"

        private func definition(_ subject: Subject) throws -> String {
            try subject.rows("SELECT sql FROM sqlite_schema WHERE name = 'tasks'")
                .joined(separator: "\n")
        }

        /// Somebody else's table, made Stead's by a first migration.
        private func adopted(_ key: String) throws -> (Subject, Schema) {
            let subject = try Subject(.sqlite)
            try subject.script(
                "CREATE TABLE tasks (\(key), title TEXT NOT NULL, note TEXT, due INTEGER)")
            try subject.script("INSERT INTO tasks (title, note) VALUES ('a', 'n'), ('b', NULL)")
            let table = Table(
                "tasks",
                columns: [
                    .id, .make("title", .text) { $0.isRequired = true }, .make("note", .text),
                    .make("due", .int),
                ], indexes: [["note"], ["due"]])
            let schema = Schema(tables: [table])
            try subject.migrate(to: schema)
            return (subject, schema)
        }

        @Test(
            "a nullable column of SQLite is renamed, and the table stays as it was",
            arguments: ["id INTEGER PRIMARY KEY", "id INTEGER PRIMARY KEY AUTOINCREMENT"])
        func renamed(_ key: String) throws {
            let (subject, schema) = try adopted(key)
            let before = try definition(subject)
            try subject.script("CREATE INDEX strange ON tasks (title, note)")
            let less = schema.with("tasks") { table in
                table.columns.removeAll { $0.name == "note" }
                table.indexes = [["due"]]
            }
            let statements = try subject.groups(to: less).flatMap(\.statements)
            #expect(!statements.contains { $0.contains("CREATE TABLE") }, "\(statements)")
            try subject.migrate(to: less)
            let kept = try #require(try subject.observed().record?.quarantined.first)
            let aside = try #require(kept.column)
            #expect(try definition(subject) == before.replacing("note", with: "\"\(aside)\""))
            #expect(try subject.rows("SELECT \"\(aside)\" FROM tasks") == ["n", "null"])
            let indexes = try subject.observed().tables[0].indexes.map(\.columns)
            #expect(indexes == [["due"]])
            try subject.migrate(to: schema)
            #expect(try subject.rows("SELECT note FROM tasks ORDER BY id") == ["n", "null"])
            #expect(try definition(subject).replacing("\"", with: "") == before)
            // It is dropped in the end.
            try subject.migrate(to: less)
            subject.now += 8 * 86_400
            try subject.migrate(to: less)
            #expect(
                try subject.observed().tables[0].table.columns.map(\.name)
                    == ["id", "title", "due"])
        }

        @Test(
            "what computes with a column, or wants a value of it, still has the table rebuilt",
            arguments: [
                "CREATE TABLE tasks (id INTEGER PRIMARY KEY, note TEXT, loud TEXT AS (upper(note)))",
                "CREATE TABLE tasks (id INTEGER PRIMARY KEY, note TEXT CHECK (note <> 'x'))",
                "CREATE TABLE tasks (id INTEGER PRIMARY KEY, note TEXT, UNIQUE (note))",
                "CREATE TABLE tasks (id INTEGER PRIMARY KEY, note TEXT NOT NULL)",
            ])
        func rebuilt(_ definition: String) throws {
            let subject = try Subject(.sqlite)
            try subject.script(definition)
            let table = try subject.observed().tables[0].asDeclared()
            // Any migration makes it Stead's.
            try subject.migrate(
                to: Schema(tables: [table]).with("tasks") { $0.columns.append(.make("x", .int)) })
            let less = Schema(tables: [
                Table("tasks", columns: table.columns.filter { $0.name == "id" })
            ])
            let statements = try subject.groups(to: less).flatMap(\.statements)
            #expect(statements.contains { $0.contains("CREATE TABLE") }, "\(statements)")
        }

        @Test("a rebuild leaves it to a table whether numbers are given twice")
        func sequence() throws {
            for (key, isSequenced) in [
                ("id INTEGER PRIMARY KEY", false), ("id INTEGER PRIMARY KEY AUTOINCREMENT", true),
            ] {
                let (subject, schema) = try adopted(key)
                let required = schema.with("tasks", "due") {
                    $0.isRequired = true
                    $0.defaultValue = .literal("0")
                }
                try subject.migrate(to: required)
                #expect(try definition(subject).contains("AUTOINCREMENT") == isSequenced)
                // Whatever the schema says of it.
                let silent = schema.with("tasks", "id") { $0.isAuto = false }
                try subject.migrate(to: silent)
                #expect(try definition(subject).contains("AUTOINCREMENT") == isSequenced)
                #expect(try subject.rows("SELECT id FROM tasks") == ["1", "2"])
                try subject.script("INSERT INTO tasks (title) VALUES ('c')")
                #expect(try subject.rows("SELECT max(id) FROM tasks") == ["3"])
            }
        }

        @Test(
            "the plan says how long it is kept, and what changes of the release",
            arguments: DatabaseEngine.allCases)
        func words(_ engine: DatabaseEngine) throws {
            let shop = try PlanRemarkTests.Shop(engine)
            let fields = "\(Self.id), title: {type: string, max: 9}, price: {type: int}"
            try shop.declare("tasks: {fields: {\(fields), note: {type: text}}}")
            #expect(try shop.stead.run("apply", "--yes").status == 0)
            try shop.declare("tasks: {fields: {\(fields)}}")
            let aside = try shop.stead.run("plan")
            #expect(aside.output.contains("put aside column tasks.note as _stead_old_"))
            #expect(aside.output.contains("(kept for 7 days, then dropped)"), "\(aside.output)")
            try shop.scratch.write("desired/stead.yaml", "version: 1\npolicy: {quarantine: 36h}\n")
            let hours = try shop.stead.run("plan")
            #expect(hours.output.contains("(kept for 36 hours, then dropped)"), "\(hours.output)")
            #expect(try shop.stead.run("apply", "--yes").status == 0)
            // Once the text of a release was the same, and said to be empty.
            try shop.declare("tasks: {fields: {\(fields)}, unique: [[title]]}")
            let unique = try shop.stead.run("plan")
            #expect(unique.output.contains("+tasks: unique (title)"), "\(unique.everything)")
            try shop.declare("tasks: {fields: {\(fields)}, index: [[price]]}")
            #expect(try shop.stead.run("apply", "--yes").status == 0)
            try shop.declare("tasks: {fields: {\(fields)}}")
            let index = try shop.stead.run("plan")
            #expect(
                index.output.contains("release: published → published anew: definition of tasks"),
                "\(index.everything)")
            #expect(!index.output.contains("empty"), "\(index.everything)")
            #expect(try shop.stead.run("apply", "--yes").status == 0)
            #expect(try shop.stead.run("plan", "--detailed-exitcode").status == 0)
        }

        @Test("a computed column that is edited shows in the release")
        func expression() throws {
            let shop = try PlanRemarkTests.Shop(.sqlite)
            let price = "tasks: {fields: {\(Self.id), price: {type: int, check: "
            try shop.declare(price + "price > 0}}}")
            #expect(try shop.stead.run("apply", "--yes").status == 0)
            try shop.declare(price + "price > 1}}}")
            let plan = try shop.stead.run("plan")
            #expect(
                plan.output.contains("+tasks.price int, only where price > 1"), "\(plan.output)")
        }
    }
}
