import Schemas
import Testing

extension EngineTests {
    /// Constraints come and go; what the rows break is told before.
    @Suite struct ConstraintTests {
        @Test("checks are added, changed and removed", arguments: DatabaseEngine.allCases)
        func checks(_ engine: DatabaseEngine) throws {
            let subject = try ChangeTests.subject(engine)
            var schema = ChangeTests.schema.with("tasks", "position") { $0.check = "position > 1" }
            let words = "break the new check position > 1: 1"
            #expect(try subject.obstacles(to: schema) == ["1 row of tasks \(words)"])
            schema = schema.with("tasks", "position") { $0.check = "position >= 1" }
            schema = schema.with("tasks", "title") { $0.check = "title <> 'zero' OR position = 0" }
            try subject.migrate(to: schema)
            #expect(throws: (any Error).self) {
                try subject.script("UPDATE tasks SET position = 0")
            }
            schema = schema.with("tasks", "position") { $0.check = nil }
            schema = schema.with("tasks", "title") { $0.check = nil }
            try subject.migrate(to: schema)
            try subject.script("UPDATE tasks SET position = -1, title = 'zero'")
            #expect(try subject.rows("SELECT count(*) FROM notes") == ["3"])
        }

        @Test("a unique is added where no values are double", arguments: DatabaseEngine.allCases)
        func uniques(_ engine: DatabaseEngine) throws {
            let subject = try ChangeTests.subject(engine)
            var schema = ChangeTests.schema.with("tasks") { $0.uniques = [["project_id"]] }
            #expect(
                try subject.obstacles(to: schema) == [
                    "2 rows of tasks share their project_id, which is to be unique: 1, 2"
                ])
            schema = schema.with("tasks") { $0.uniques = [["project_id", "title"], ["title"]] }
            try subject.migrate(to: schema)
            #expect(throws: (any Error).self) { try subject.script("UPDATE tasks SET title = 'x'") }
            schema = schema.with("tasks") { $0.uniques = [["title"]] }
            schema = schema.with("projects") { $0.uniques = [] }
            try subject.migrate(to: schema)
            #expect(try subject.rows("SELECT count(*) FROM notes") == ["3"])
        }

        @Test("a reference is added where no row is an orphan", arguments: DatabaseEngine.allCases)
        func references(_ engine: DatabaseEngine) throws {
            let subject = try ChangeTests.subject(engine)
            var schema = ChangeTests.schema.with("tasks", "position") {
                $0.foreign = ForeignKey(table: "projects", column: "id")
                // MariaDB has no check on what a delete may set to null.
                $0.check = nil
            }
            #expect(
                try subject.obstacles(to: schema) == [
                    "1 row of tasks refer in position to rows of projects that are not there: 3"
                ])
            try subject.script("UPDATE tasks SET position = 2 WHERE id = 3")
            try subject.migrate(to: schema)
            for action in [ForeignKey.Action.cascade, .setNull, .restrict] {
                schema = schema.with("tasks", "position") { $0.foreign?.onDelete = action }
                try subject.migrate(to: schema, "\(action)")
            }
            schema = schema.with("tasks", "position") { $0.foreign = nil }
            try subject.migrate(to: schema)
            try subject.script("UPDATE tasks SET position = 99")
            #expect(try subject.rows("SELECT count(*) FROM notes") == ["3"])
        }

        @Test("a reference to a table that comes with it", arguments: DatabaseEngine.allCases)
        func newTarget(_ engine: DatabaseEngine) throws {
            let subject = try ChangeTests.subject(engine)
            var schema = ChangeTests.schema.with("tasks", "position") {
                $0.foreign = ForeignKey(table: "places", column: "id")
            }
            schema.tables.append(
                Table("places", columns: [.id, .foreign("task_id", to: "tasks")]))
            #expect(try subject.obstacles(to: schema).count == 1)
            try subject.script("UPDATE tasks SET position = NULL")
            try subject.migrate(to: schema)
        }

        @Test("indexes are added and dropped", arguments: DatabaseEngine.allCases)
        func indexes(_ engine: DatabaseEngine) throws {
            let subject = try ChangeTests.subject(engine)
            var schema = ChangeTests.schema.with("tasks") {
                $0.indexes = [["project_id", "position"], ["title"]]
            }
            try subject.migrate(to: schema)
            schema = schema.with("tasks") {
                $0.indexes = []
                $0.uniques = [["title"]]
            }
            try subject.migrate(to: schema)
            schema = schema.with("tasks") {
                $0.indexes = [["title"]]
                $0.uniques = []
            }
            try subject.migrate(to: schema)
        }

        @Test("another primary key is refused", arguments: DatabaseEngine.allCases)
        func keys(_ engine: DatabaseEngine) throws {
            let subject = try ChangeTests.subject(engine)
            let schema = ChangeTests.schema.with("tasks", "title") { $0.isPrimary = true }
            #expect(
                try subject.refusals(of: schema) == [
                    "the primary key of tasks is (id) and can't become (id, title): "
                        + "make a new table"
                ])
        }
    }
}
