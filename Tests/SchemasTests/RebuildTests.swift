import Schemas
import Testing

extension EngineTests {
    /// A SQLite table that is rebuilt keeps everything that nobody asked to change.
    @Suite struct RebuildTests {
        private static let definitions = [
            "CREATE TABLE users (id INTEGER PRIMARY KEY, a INT, b INT, UNIQUE (a, b))",
            """
            CREATE TABLE things (
                id INTEGER PRIMARY KEY AUTOINCREMENT, name VARCHAR(20) COLLATE NOCASE UNIQUE,
                a INT, b INT, user_id INTEGER REFERENCES users(id) ON DELETE CASCADE
                    ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED NOT NULL,
                size INT CHECK (size > 0), half INT GENERATED ALWAYS AS (size / 2) VIRTUAL,
                FOREIGN KEY (a, b) REFERENCES users (a, b) ON DELETE SET NULL,
                CONSTRAINT order_of CHECK (a <= b)
            )
            """,
            "CREATE TABLE parts (id INTEGER PRIMARY KEY, "
                + "thing_id INTEGER REFERENCES things (id) ON DELETE CASCADE)",
            "CREATE TABLE log (words TEXT)",
            "CREATE INDEX partial ON things (size) WHERE size > 1",
            "CREATE INDEX backwards ON things (size DESC)",
            "CREATE INDEX computed ON things (lower(name))",
            "CREATE INDEX plain ON things (a, size)",
            "CREATE TRIGGER told AFTER UPDATE ON things BEGIN "
                + "INSERT INTO log VALUES (new.name || '; told'); END",
            "CREATE VIEW big AS SELECT name FROM things WHERE size > 1",
            "INSERT INTO users VALUES (1, 1, 2)",
            "INSERT INTO things (id, name, a, b, user_id, size) VALUES (5, 'x', 1, 2, 1, 4), "
                + "(9, 'y', NULL, NULL, 1, 8)",
            "DELETE FROM things WHERE id = 9",
            "INSERT INTO parts VALUES (1, 5), (2, 5)",
        ]

        @Test("triggers, indexes, views, collations and references survive")
        func survival() throws {
            let subject = try Subject(.sqlite)
            for sql in Self.definitions { try subject.script(sql) }
            let schema = Schema(tables: try subject.observed().tables.map { $0.asDeclared() })
            try subject.expectConverged(schema)
            let changed = schema.with("things") {
                $0.columns.append(.make("at", ColumnType(.datetime)) { $0.defaultValue = .now })
            }
            try subject.migrate(to: changed)
            #expect(try subject.rows("SELECT id, name, half FROM things") == ["5|x|2"])
            #expect(try subject.rows("SELECT count(*) FROM parts") == ["2"])
            #expect(try subject.rows("SELECT name FROM big") == ["x"])
            try subject.script("UPDATE things SET size = 6")
            #expect(try subject.rows("SELECT words FROM log") == ["x; told"])
            let names = try subject.rows(
                "SELECT name FROM sqlite_schema WHERE tbl_name = 'things' AND sql IS NOT NULL "
                    + "ORDER BY name")
            #expect(names == ["backwards", "computed", "partial", "plain", "things", "told"])
            let sql = try subject.rows("SELECT sql FROM sqlite_schema WHERE name = 'things'")[0]
            for part in [
                "COLLATE NOCASE", "ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED", "size > 0",
                "CHECK (a <= b)", "REFERENCES users (a, b) ON DELETE SET NULL", "VIRTUAL",
            ] {
                #expect(sql.replacing("\"", with: "").contains(part), "\(part) in \(sql)")
            }
            // A number that was given once is not given again.
            try subject.script("INSERT INTO things (name, user_id) VALUES ('z', 1)")
            #expect(try subject.rows("SELECT max(id) FROM things") == ["10"])
            #expect(throws: (any Error).self) {
                try subject.script("INSERT INTO things (name, user_id) VALUES ('Z', 1)")
            }
            try subject.script("DELETE FROM things WHERE id = 5")
            #expect(try subject.rows("SELECT count(*) FROM parts") == ["0"])
        }

        @Test("rows that referred to nothing before are nobody's hindrance")
        func brokenBefore() throws {
            let subject = try Subject(.sqlite)
            try subject.migrate(to: ChangeTests.schema)
            try subject.script("PRAGMA foreign_keys = OFF")
            try subject.script("INSERT INTO notes (task_id) VALUES (77)")
            try subject.migrate(
                to: ChangeTests.schema.with("tasks", "note") { $0.defaultValue = .literal("x") })
            #expect(try subject.rows("SELECT task_id FROM notes") == ["77"])
        }

        @Test("renaming what has triggers, and changing it, is done one after the other")
        func triggers() throws {
            let subject = try Subject(.sqlite)
            try subject.migrate(to: ChangeTests.schema)
            try subject.script(
                "CREATE TRIGGER t AFTER DELETE ON tasks BEGIN DELETE FROM notes; END")
            let renamed = ChangeTests.schema.with("tasks", "note") {
                $0.name = "remark"
                $0.renamedFrom = "note"
            }
            let both = renamed.with("tasks", "remark") { $0.defaultValue = .literal("x") }
            #expect(try subject.refusals(of: both).count == 1)
            try subject.migrate(to: renamed)
            try subject.migrate(to: both)
        }

        @Test("what is computed from a renamed column goes on, through a rebuild as well")
        func renamedSource() throws {
            let subject = try Subject(.sqlite)
            let before = ChangeTests.schema.with("tasks") {
                $0.columns.append(.make("twice", .int) { $0.generated = "\"position\" * 2" })
            }
            try subject.migrate(to: before)
            for sql in ChangeTests.rows { try subject.script(sql) }
            let renamed = before.with("tasks") {
                $0.indexes = [["project_id"], ["state", "place"]]
            }.with("tasks", "position") {
                $0.name = "place"
                $0.renamedFrom = "position"
                $0.check = "place >= 0"
            }
            // One that forgot the expression is refused when it is read.
            let table = try #require(renamed.tables.first { $0.name == "tasks" })
            #expect(table.renamedColumn(in: "\"position\" * 2", .sqlite)?.name == "place")
            #expect(table.renamedColumn(in: "place * 2 || 'position'", .sqlite) == nil)
            let right = renamed.with("tasks", "twice") { $0.generated = "\"place\" * 2" }
            try subject.migrate(to: right)
            try subject.migrate(
                to: right.with("tasks", "note") { $0.defaultValue = .literal("none") })
            #expect(
                try subject.rows("SELECT twice FROM tasks ORDER BY id") == ["2", "4", "6"])
        }
    }
}
