import Schemas
import Testing

extension EngineTests {
    /// Columns that come, and what becomes of them when their migration doesn't come to its end.
    @Suite struct AddedColumnTests {
        @Test(
            "a unique that all rows would share the default of is told before",
            arguments: DatabaseEngine.allCases)
        func sharedDefault(_ engine: DatabaseEngine) throws {
            let subject = try ChangeTests.subject(engine)
            let schema = ChangeTests.schema.with("tasks") {
                $0.columns.append(.make("code", .int) { $0.defaultValue = .literal("5") })
                $0.uniques = [["code"]]
            }
            #expect(
                try subject.obstacles(to: schema) == [
                    "3 rows of tasks would share the default of the new code, which is to be "
                        + "unique: 1, 2, 3"
                ])
            // Beside a column that tells rows apart, the default stands in nobody's way.
            let pair = schema.with("tasks") { $0.uniques = [["code", "title"]] }
            #expect(try subject.obstacles(to: pair) == [])
            try subject.migrate(to: pair)
            try subject.script("DELETE FROM notes")
            try subject.script("DELETE FROM tasks WHERE id > 1")
            #expect(try subject.obstacles(to: schema) == [])
        }

        @Test(
            "what an interrupted migration has added is Stead's own, and is put aside by the next",
            arguments: DatabaseEngine.allCases)
        func interrupted(_ engine: DatabaseEngine) throws {
            let changed = ChangeTests.schema.with("tasks") {
                $0.columns += [Column("one", .int), Column("two", .int)]
                $0.indexes += [["one"], ["two"]]
            }
            let count = try ChangeTests.subject(engine).groups(to: changed).count
            for done in 0...count {
                let subject = try ChangeTests.subject(engine)
                try subject.run(Array(try subject.groups(to: changed).prefix(done)))
                #expect(
                    try subject.difference(to: ChangeTests.schema).undeclared == [],
                    "after \(done) of \(count)")
                try subject.migrate(to: ChangeTests.schema, "after \(done) of \(count)")
            }
        }

        @Test("a date is no time of day by itself", arguments: DatabaseEngine.allCases)
        func dates(_ engine: DatabaseEngine) throws {
            let subject = try Subject(engine)
            try subject.migrate(to: Self.schema(.date))
            try subject.script("INSERT INTO days (day) VALUES ('2020-02-29')")
            #expect(
                try subject.obstacles(to: Self.schema(.datetime)) == [
                    "1 row of days hold in day what datetime can't: 1"
                ])
            try subject.script("DELETE FROM days")
            try subject.migrate(to: Self.schema(.datetime))
        }

        @Test("truth becomes a number", arguments: DatabaseEngine.allCases)
        func numbers(_ engine: DatabaseEngine) throws {
            let subject = try Subject(engine)
            try subject.migrate(to: Self.schema(.bool))
            try subject.script(
                "INSERT INTO days (day) VALUES (\(engine == .postgres ? "true" : "1"))")
            #expect(try subject.obstacles(to: Self.schema(.int)) == [])
            try subject.migrate(to: Self.schema(.int))
            #expect(try subject.rows("SELECT day FROM days") == ["1"])
        }

        private static func schema(_ base: ColumnType.Base) -> Schema {
            Schema(tables: [Table("days", columns: [.id, Column("day", ColumnType(base))])])
        }
    }
}
