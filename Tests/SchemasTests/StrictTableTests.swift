import Schemas
import Testing

extension EngineTests {
    /// SQLite's strict tables stay strict, and get only columns that they may have.
    @Suite struct StrictTableTests {
        private static let more: [Column] = [
            Column("at", ColumnType(.datetime)), Column("day", ColumnType(.date)),
            Column("doc", ColumnType(.json)), Column("key", ColumnType(.uuid)),
            Column("title", .string(20)), Column("price", .decimal(8, 2)),
            Column("flag", ColumnType(.bool)), Column("bytes", ColumnType(.blob)),
        ]

        private func options(_ subject: Subject) throws -> [String] {
            try subject.rows("SELECT wr, strict FROM pragma_table_list WHERE name = 'things'")
        }

        @Test("columns are added, and the table is rebuilt", arguments: ["", ", WITHOUT ROWID"])
        func columns(_ option: String) throws {
            let subject = try Subject(.sqlite)
            try subject.script(
                """
                CREATE TABLE things (id TEXT NOT NULL PRIMARY KEY, word TEXT COLLATE NOCASE, v ANY)
                    STRICT\(option)
                """)
            try subject.script("INSERT INTO things VALUES ('a', '2026-01-02', 4)")
            let before = try options(subject)
            #expect(before == [option.isEmpty ? "0|1" : "1|1"])
            var schema = Schema(tables: try subject.observed().tables.map { $0.asDeclared() })
            try subject.expectConverged(schema)
            schema = schema.with("things") { $0.columns += Self.more }
            try subject.migrate(to: schema, "added")
            #expect(try options(subject) == before)
            schema = schema.with("things") {
                $0.columns.append(
                    .make("made", ColumnType(.datetime)) {
                        $0.defaultValue = .now
                        $0.isRequired = true
                    })
            }
            schema = schema.with("things", "word") { $0.type = ColumnType(.date) }
            schema = schema.with("things", "flag") { $0.type = .int }
            try subject.migrate(to: schema, "rebuilt")
            #expect(try options(subject) == before)
            #expect(try subject.rows("SELECT id, word, v FROM things") == ["a|2026-01-02|4"])
            let sql = try subject.rows("SELECT sql FROM sqlite_schema WHERE name = 'things'")[0]
            #expect(sql.contains("COLLATE NOCASE"), "\(sql)")
            try subject.script("UPDATE things SET word = 'none'")
            schema = schema.with("things", "word") { $0.type = ColumnType(.datetime) }
            #expect(
                try subject.obstacles(to: schema)
                    == ["1 row of things hold in word what datetime can't: a"])
        }
    }
}
