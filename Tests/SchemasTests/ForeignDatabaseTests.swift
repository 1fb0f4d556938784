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

        private func expectTold(_ words: [String], of observed: ObservedSchema) {
            for word in words {
                #expect(
                    observed.unexpressed.contains { $0.contains(word) },
                    "\(word) is not among \(observed.unexpressed)")
            }
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
            expectTold(["words", "ind ex", "z_odd.of_id: ON UPDATE CASCADE"], of: observed)
        }

        @Test("a MariaDB database")
        func mariadb() throws {
            let observed = try expectRecognised(
                .mariadb, ForeignDatabases.mariadb)
            #expect(try type(observed, "select", "back`tick") == .choice("a", "b'c", "d\\e"))
            #expect(try type(observed, "select", "flag").base == .bool)
            #expect(try type(observed, "select", "small").base == .int)
            expectTold(
                [
                    "part", "trigger t", "referring", "at: ON UPDATE current_timestamp()",
                    "of z_odd: ON UPDATE CASCADE", "z_odd: system versioned",
                    "z_fast: MyISAM, which knows no transactions", "z_parts: partitioned",
                    "sequence z_numbers", "z_odd.unseen: invisible",
                    "select.twice: computed when it is read",
                    "reference away of z_abroad: to the database z_elsewhere",
                ], of: observed)
        }

        @Test("a PostgreSQL database")
        func postgres() throws {
            let observed = try expectRecognised(
                .postgres, ForeignDatabases.postgres)
            #expect(
                try type(observed, "select", "quo\"te") == .choice("happy", "it's", "a,b \"c\""))
            #expect(try type(observed, "select", "päron.🍐") == .choice("x", "y'z"))
            expectTold(
                [
                    "partial", "lowered", "referring", "exclusion", "parts: partitioned",
                    "kept: materialized", "z_odd: ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED",
                    "later of z_odd: NOT VALID", "of z_odd: NULLS NOT DISTINCT",
                    "z_odd: row level security", "policy own", "rule as_well", "z_fast: unlogged",
                    "sequence z_numbers", "z_odd.id: numbered in steps of 10",
                    "z_odd.id: numbered by the database alone",
                    "z_heir: inherits from z_fast", "whole of z_full: MATCH FULL",
                    "z_loosely.word: text is compared by z_loose",
                ], of: observed)
        }
    }
}
