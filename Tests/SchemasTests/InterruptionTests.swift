import Schemas
import Testing

extension EngineTests {
    /// A migration that ends after any of its groups is finished by the next one.
    @Suite struct InterruptionTests {
        private static let changed: Schema = {
            var schema = ChangeTests.schema.with("tasks") { table in
                table.columns.removeAll { $0.name == "note" }
                table.columns[1].foreign?.onDelete = .setNull
                table.columns[2].name = "headline"
                table.columns[2].renamedFrom = "title"
                table.columns[2].type = .string(60)
                table.columns[3].check = "position >= -5"
                table.columns += [
                    .make("due", ColumnType(.datetime)) { $0.defaultValue = .now },
                    .foreign("place_id", to: "places", .cascade),
                ]
                table.uniques = [["headline"]]
                table.indexes = [["project_id"], ["place_id"]]
            }
            schema = schema.with("projects") {
                $0.name = "works"
                $0.renamedFrom = "projects"
            }
            schema = schema.with("tasks", "project_id") { $0.foreign?.table = "works" }
            schema.tables.removeAll { $0.name == "notes" }
            schema.tables.append(
                Table(
                    "places", columns: [.id, .foreign("task_id", to: "tasks")],
                    indexes: [["task_id"]]))
            return schema
        }()

        @Test("making a schema", arguments: DatabaseEngine.allCases)
        func creation(_ engine: DatabaseEngine) throws {
            try interrupt(engine, from: nil, to: ChangeTests.schema)
        }

        @Test("changing a schema", arguments: DatabaseEngine.allCases)
        func change(_ engine: DatabaseEngine) throws {
            try interrupt(engine, from: ChangeTests.schema, to: Self.changed)
        }

        private func interrupt(_ engine: DatabaseEngine, from old: Schema?, to new: Schema) throws {
            func start() throws -> Subject {
                let subject = try Subject(engine)
                if let old {
                    try subject.migrate(to: old)
                    for sql in ChangeTests.rows { try subject.script(sql) }
                }
                return subject
            }
            let count = try start().groups(to: new).count
            for done in 0...count {
                let subject = try start()
                try subject.run(Array(try subject.groups(to: new).prefix(done)))
                try subject.migrate(to: new, "after \(done) of \(count)")
                guard old != nil else { continue }
                let rows = try subject.rows("SELECT headline, project_id FROM tasks ORDER BY id")
                #expect(rows == ["one|1", "two|1", "3|2"], "\(engine), \(done)")
                let aside = try subject.observed().record?.quarantined.map(\.original).sorted()
                #expect(aside == ["note", "notes"], "\(engine), \(done)")
            }
        }
    }
}
