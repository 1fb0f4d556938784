import Schemas
import Testing

extension EngineTests {
    /// Every change of a schema comes about, and leaves the rows as they are.
    @Suite struct ChangeTests {
        static let schema = Schema(tables: [
            Table(
                "projects",
                columns: [.id, .make("name", .string(20)) { $0.isRequired = true }],
                uniques: [["name"]]),
            Table(
                "tasks",
                columns: [
                    .id, .foreign("project_id", to: "projects", .cascade),
                    .make("title", .string(20)) { $0.isRequired = true },
                    .make("position", .int) {
                        $0.defaultValue = .literal("0")
                        $0.check = "position >= 0"
                    },
                    Column("note", .text), .make("state", .choice("open", "done")),
                ], indexes: [["project_id"], ["state", "position"]]),
            Table("notes", columns: [.id, .foreign("task_id", to: "tasks", .cascade)]),
        ])

        static let rows = [
            "INSERT INTO projects (name) VALUES ('a'), ('b')",
            """
            INSERT INTO tasks (project_id, title, position, note, state) VALUES
                (1, 'one', 1, 'x', 'open'), (1, 'two', 2, NULL, 'done'), (2, '3', 3, '', NULL)
            """,
            "INSERT INTO notes (task_id) VALUES (1), (2), (3)",
        ]

        /// A database of the schema, with the rows.
        static func subject(_ engine: DatabaseEngine) throws -> Subject {
            let subject = try Subject(engine)
            try subject.migrate(to: schema)
            for sql in rows { try subject.script(sql) }
            return subject
        }

        private func expectRows(_ subject: Subject, at place: SourceLocation = #_sourceLocation)
            throws
        {
            let projects = try subject.rows("SELECT id, name FROM projects ORDER BY id")
            #expect(projects == ["1|a", "2|b"], sourceLocation: place)
            let tasks = try subject.rows("SELECT id, title FROM tasks ORDER BY id")
            #expect(tasks == ["1|one", "2|two", "3|3"], sourceLocation: place)
            let notes = try subject.rows("SELECT id, task_id FROM notes ORDER BY id")
            #expect(notes == ["1|1", "2|2", "3|3"], sourceLocation: place)
        }

        @Test("columns of every sort are added", arguments: DatabaseEngine.allCases)
        func addition(_ engine: DatabaseEngine) throws {
            let subject = try Self.subject(engine)
            let schema = Self.schema.with("tasks") {
                $0.columns += [
                    Column("plain", .string(10)),
                    .make("with_default", .int) {
                        $0.isRequired = true
                        $0.defaultValue = .literal("7")
                    },
                    .make("made", ColumnType(.datetime)) {
                        $0.isRequired = true
                        $0.defaultValue = .now
                    },
                    .make("token", ColumnType(.uuid)) { $0.defaultValue = .uuid },
                    .make("kind", .choice("a", "b")) {
                        $0.isRequired = true
                        $0.defaultValue = .literal("a")
                    },
                    .make("size", .int) { $0.check = "size > position" },
                    .foreign("other_id", to: "projects", .setNull),
                    .make("twice", .int) { $0.generated = "position * 2" },
                ]
                $0.indexes.append(["other_id"])
                $0.uniques.append(["plain"])
            }
            try subject.migrate(to: schema)
            try expectRows(subject)
            let added = try subject.rows(
                "SELECT with_default, kind, twice, plain FROM tasks ORDER BY id")
            #expect(added == ["7|a|2|null", "7|a|4|null", "7|a|6|null"])
        }

        @Test(
            "a required column without a default is refused while there are rows",
            arguments: DatabaseEngine.allCases)
        func missingDefault(_ engine: DatabaseEngine) throws {
            let subject = try Self.subject(engine)
            let schema = Self.schema.with("tasks") {
                $0.columns.append(.make("due", ColumnType(.date)) { $0.isRequired = true })
            }
            let words = "would have no value for the new due: give it a default: 1, 2, 3"
            #expect(try subject.obstacles(to: schema) == ["3 rows of tasks \(words)"])
            try subject.script("DELETE FROM tasks")
            try subject.migrate(to: schema)
        }

        @Test(
            "tables and columns are renamed with all they hold", arguments: DatabaseEngine.allCases)
        func renaming(_ engine: DatabaseEngine) throws {
            let subject = try Self.subject(engine)
            var schema = Self.schema.with("projects") {
                $0.name = "works"
                $0.renamedFrom = "projects"
            }
            schema = schema.with("tasks") { table in
                table.columns[1].name = "work_id"
                table.columns[1].renamedFrom = "project_id"
                table.columns[1].foreign?.table = "works"
                table.columns[3].name = "rank"
                table.columns[3].renamedFrom = "position"
                table.columns[3].check = "\(subject.quoted("rank")) >= 0"
                table.indexes = [["work_id"], ["state", "rank"]]
            }
            try subject.migrate(to: schema)
            #expect(try subject.rows("SELECT name FROM works ORDER BY id") == ["a", "b"])
            let rank = subject.quoted("rank")
            let rows = try subject.rows("SELECT work_id, \(rank) FROM tasks ORDER BY id")
            #expect(rows == ["1|1", "1|2", "2|3"])
            #expect(throws: (any Error).self) {
                try subject.script("INSERT INTO tasks (work_id, title) VALUES (9, 'x')")
            }
            // A new table may have the old name, and the same indexes.
            schema.tables.append(Self.schema.tables[0])
            try subject.migrate(to: schema)
            #expect(try subject.rows("SELECT name FROM works ORDER BY id") == ["a", "b"])
        }

        @Test("a wider type keeps the values", arguments: DatabaseEngine.allCases)
        func widening(_ engine: DatabaseEngine) throws {
            let subject = try Self.subject(engine)
            var schema = Self.schema.with("tasks", "title") { $0.type = .string(200) }
            schema = schema.with("tasks", "state") { $0.type = .choice("open", "done", "waiting") }
            schema = schema.with("tasks", "position") { $0.type = .decimal(12, 2) }
            try subject.migrate(to: schema)
            try expectRows(subject)
            try subject.script("UPDATE tasks SET state = 'waiting' WHERE id = 1")
            schema = schema.with("tasks", "title") { $0.type = .text }
            schema = schema.with("tasks", "state") { $0.type = .string(30) }
            try subject.migrate(to: schema)
            try expectRows(subject)
            #expect(throws: (any Error).self) {
                try subject.script("UPDATE tasks SET position = -1")
            }
        }

        @Test(
            "a narrower type is refused with the rows that stand against it",
            arguments: DatabaseEngine.allCases)
        func narrowing(_ engine: DatabaseEngine) throws {
            let subject = try Self.subject(engine)
            let short = Self.schema.with("tasks", "title") { $0.type = .string(2) }
            #expect(
                try subject.obstacles(to: short) == [
                    "2 rows of tasks hold in title what string(2) can't: 1, 2"
                ])
            let open = Self.schema.with("tasks", "state") { $0.type = .choice("open") }
            #expect(
                try subject.obstacles(to: open) == [
                    "1 row of tasks hold in state what enum(open) can't: 2"
                ])
            let number = Self.schema.with("tasks", "title") { $0.type = .int }
            #expect(
                try subject.obstacles(to: number) == [
                    "2 rows of tasks hold in title what int can't: 1, 2"
                ])
            try subject.script("UPDATE tasks SET title = '1' || '2', state = 'open'")
            try subject.migrate(to: number)
            #expect(
                try subject.rows("SELECT title + 1 FROM tasks ORDER BY id") == ["13", "13", "13"])
            try subject.migrate(to: short)
            try subject.migrate(to: open)
        }

        @Test(
            "every type becomes text, and text every type it fits",
            arguments: DatabaseEngine.allCases)
        func conversions(_ engine: DatabaseEngine) throws {
            let values: [(ColumnType, String)] = [
                (.int, "12"), (ColumnType(.float), "1.5"), (.decimal(10, 2), "2.50"),
                (ColumnType(.bool), "1"), (ColumnType(.date), "2026-01-31"),
                (ColumnType(.json), "{\"a\": 1}"), (.choice("a", "b"), "b"),
                (ColumnType(.uuid), "123e4567-e89b-42d3-a456-426614174000"),
                (ColumnType(.datetime), "2026-01-31 10:11:12"),
            ]
            for (type, value) in values {
                let subject = try Subject(engine)
                let text = Schema(tables: [Table("t", columns: [.id, Column("v", .text)])])
                let typed = text.with("t", "v") { $0.type = type }
                try subject.migrate(to: text)
                try subject.script("INSERT INTO t (v) VALUES ('\(value)')")
                try subject.migrate(to: typed, "\(type)")
                try subject.migrate(to: text, "\(type) back")
                try subject.migrate(to: typed, "\(type) again")
                let bad = try Subject(engine)
                try bad.migrate(to: text)
                try bad.script("INSERT INTO t (v) VALUES ('certainly not')")
                #expect(try bad.obstacles(to: typed).count == 1, "\(type)")
            }
        }

        @Test(
            "null is refused only where there is none, or a default",
            arguments: DatabaseEngine.allCases)
        func requiring(_ engine: DatabaseEngine) throws {
            let subject = try Self.subject(engine)
            var schema = Self.schema.with("tasks", "note") { $0.isRequired = true }
            #expect(
                try subject.obstacles(to: schema) == [
                    "1 row of tasks hold null in note, which is to be required: 2"
                ])
            schema = schema.with("tasks", "note") { $0.defaultValue = .literal("none") }
            try subject.migrate(to: schema)
            #expect(try subject.rows("SELECT note FROM tasks ORDER BY id") == ["x", "none", ""])
            schema = schema.with("tasks", "note") { $0.isRequired = false }
            try subject.migrate(to: schema)
            try expectRows(subject)
        }

        @Test("defaults are changed and removed", arguments: DatabaseEngine.allCases)
        func defaults(_ engine: DatabaseEngine) throws {
            let subject = try Self.subject(engine)
            for value in [
                DefaultValue.literal("5"), .expression("2 + 4"), .expression("2 + 5"), nil,
            ] {
                let schema = Self.schema.with("tasks", "position") { $0.defaultValue = value }
                try subject.migrate(to: schema, "\(String(describing: value))")
            }
            try expectRows(subject)
        }
    }
}
