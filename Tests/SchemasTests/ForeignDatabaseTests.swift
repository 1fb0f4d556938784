import Schemas
import Testing

extension EngineTests {
    /// Databases that somebody else made are recognised, and what can't be said is told.
    @Suite struct ForeignDatabaseTests {
        private func expectRecognised(_ engine: DatabaseEngine, _ sql: [String]) throws
            -> ObservedSchema
        {
            let subject = try Subject(engine)
            for statement in sql { try subject.script(statement) }
            let observed = try subject.observed()
            let schema = Schema(tables: observed.tables.map { $0.asDeclared() })
            try subject.expectConverged(schema)
            // Another table is made beside them, and refers to them; nothing of theirs changes.
            var more = schema
            if let target = schema.tables.first(where: { $0.primaryKey.map(\.name) == ["id"] }) {
                more.tables.append(
                    Table(
                        "newcomer",
                        columns: [
                            .id,
                            .make("their_id", .int) {
                                $0.foreign = ForeignKey(
                                    table: target.name, namespace: target.namespace, column: "id")
                            },
                        ]))
            }
            try subject.migrate(to: more)
            let after = try subject.observed()
            for table in observed.tables { #expect(after[table.table.identity] == table) }
            return observed
        }

        private func type(_ observed: ObservedSchema, _ table: String, _ column: String) throws
            -> ColumnType
        {
            let found = try #require(observed.tables.first { $0.table.name == table })
            return try #require(found.table[column]).type
        }

        @Test("a SQLite database")
        func sqlite() throws {
            let observed = try expectRecognised(
                .sqlite, ForeignDatabases.sqlite)
            #expect(try type(observed, "Select \"all\"", "päron.🍐") == .choice("a", "b"))
            #expect(observed.unexpressed.contains { $0.contains("words") })
            #expect(observed.unexpressed.contains { $0.contains("ind ex") })
        }

        @Test("a MariaDB database")
        func mariadb() throws {
            let observed = try expectRecognised(
                .mariadb, ForeignDatabases.mariadb)
            #expect(try type(observed, "select", "back`tick") == .choice("a", "b'c", "d\\e"))
            #expect(try type(observed, "select", "flag").base == .bool)
            #expect(try type(observed, "select", "small").base == .int)
            for word in ["part", "trigger t", "referring", "ON UPDATE"] {
                #expect(observed.unexpressed.contains { $0.contains(word) }, "\(word)")
            }
        }

        @Test("a PostgreSQL database")
        func postgres() throws {
            let observed = try expectRecognised(
                .postgres, ForeignDatabases.postgres)
            #expect(
                try type(observed, "select", "quo\"te") == .choice("happy", "it's", "a,b \"c\""))
            #expect(try type(observed, "select", "päron.🍐") == .choice("x", "y'z"))
            for word in ["partial", "lowered", "referring", "exclusion"] {
                #expect(observed.unexpressed.contains { $0.contains(word) }, "\(word)")
            }
        }
    }
}
