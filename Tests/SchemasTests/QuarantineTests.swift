import Schemas
import Testing

extension EngineTests {
    /// What is no longer declared is put aside, and dropped after seven days only.
    @Suite struct QuarantineTests {
        private func aside(_ subject: Subject) throws -> [SchemaRecord.Quarantined] {
            try subject.observed().record?.quarantined ?? []
        }

        @Test(
            "a column is put aside, brought back, and dropped later",
            arguments: DatabaseEngine.allCases)
        func columns(_ engine: DatabaseEngine) throws {
            let subject = try ChangeTests.subject(engine)
            let less = ChangeTests.schema.with("tasks") { table in
                table.columns.removeAll { ["position", "state", "project_id"].contains($0.name) }
                table.indexes = []
            }
            try subject.migrate(to: less)
            #expect(
                try aside(subject).map(\.original).sorted() == ["position", "project_id", "state"])
            let kept = try #require(try aside(subject).first { $0.original == "position" }?.column)
            let name = subject.quoted(kept)
            #expect(try subject.rows("SELECT \(name) FROM tasks ORDER BY id") == ["1", "2", "3"])
            try subject.script("INSERT INTO tasks (title) VALUES ('four')")
            // What is put aside keeps nobody from deleting what it refers to.
            try subject.script("DELETE FROM projects WHERE id = 2")
            #expect(try subject.rows("SELECT count(*) FROM tasks") == ["4"])
            try subject.script("INSERT INTO projects (id, name) VALUES (2, 'b')")
            try subject.migrate(to: ChangeTests.schema)
            #expect(try aside(subject).isEmpty)
            #expect(
                try subject.rows("SELECT position, state, project_id FROM tasks ORDER BY id")
                    == ["1|open|1", "2|done|1", "3|null|2", "0|null|null"])
            try subject.migrate(to: less)
            subject.now += 6 * 86_400
            try subject.expectConverged(less)
            subject.now += 2 * 86_400
            try subject.migrate(to: less)
            #expect(try aside(subject).isEmpty)
            let tasks = try #require(
                try subject.observed().tables.first { $0.table.name == "tasks" })
            #expect(tasks.table.columns.map(\.name) == ["id", "title", "note"])
            #expect(try subject.rows("SELECT count(*) FROM tasks") == ["4"])
            #expect(try subject.rows("SELECT count(*) FROM notes") == ["3"])
        }

        @Test(
            "a table is put aside, brought back, and dropped later",
            arguments: DatabaseEngine.allCases)
        func tables(_ engine: DatabaseEngine) throws {
            let subject = try ChangeTests.subject(engine)
            let less = Schema(tables: [ChangeTests.schema.tables[0]])
            try subject.migrate(to: less)
            #expect(try aside(subject).map(\.original).sorted() == ["notes", "tasks"])
            let kept = try #require(try aside(subject).first { $0.original == "tasks" })
            let name = subject.quoted(kept.table)
            #expect(
                try subject.rows("SELECT title FROM \(name) ORDER BY id") == ["one", "two", "3"])
            try subject.script("DELETE FROM projects WHERE id = 2")
            #expect(try subject.rows("SELECT count(*) FROM \(name)") == ["3"])
            #expect(try subject.obstacles(to: ChangeTests.schema).count == 1)
            try subject.script("INSERT INTO projects (id, name) VALUES (2, 'b')")
            try subject.migrate(to: ChangeTests.schema)
            #expect(try aside(subject).isEmpty)
            #expect(try subject.rows("SELECT title FROM tasks ORDER BY id") == ["one", "two", "3"])
            #expect(try subject.rows("SELECT count(*) FROM notes") == ["3"])
            try subject.migrate(to: less)
            subject.now += 8 * 86_400
            try subject.migrate(to: less)
            #expect(try subject.observed().tables.map(\.table.name) == ["projects"])
        }

        @Test("what was never declared is never touched", arguments: DatabaseEngine.allCases)
        func strangers(_ engine: DatabaseEngine) throws {
            let subject = try ChangeTests.subject(engine)
            try subject.script("CREATE TABLE strange (x INTEGER)")
            try subject.script("ALTER TABLE tasks ADD COLUMN strange INTEGER DEFAULT 4")
            try subject.script("CREATE INDEX strange_index ON tasks (strange, title)")
            try subject.script("CREATE VIEW seen AS SELECT title FROM tasks")
            let schema = ChangeTests.schema.with("tasks", "note") {
                $0.defaultValue = .literal("none")
            }
            try subject.migrate(to: schema)
            try subject.migrate(to: ChangeTests.schema)
            #expect(try subject.rows("SELECT strange FROM tasks") == ["4", "4", "4"])
            #expect(try subject.rows("SELECT count(*) FROM seen") == ["3"])
            let tasks = try #require(
                try subject.observed().tables.first { $0.table.name == "tasks" })
            #expect(tasks.indexes.contains { $0.name == "strange_index" })
            try subject.migrate(to: Schema())
            #expect(try subject.rows("SELECT count(*) FROM strange") == ["0"])
        }
    }
}
