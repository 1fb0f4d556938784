import Schemas
import Testing

extension EngineTests {
    /// Where rows are deleted softly, a deleted row's values are free again.
    @Suite struct LiveUniqueTests {
        static let stamp = Column("deleted_at", ColumnType(.datetime))

        /// People with a team, an e-mail, and a code that is never given twice.
        static func schema(
            live: [[String]]? = [["email"], ["team_id", "name"]], hasStamp: Bool = true
        ) -> Schema {
            var people = Table(
                "people",
                columns: [
                    .id, .foreign("team_id", to: "teams"), Column("name", .string(20)),
                    Column("email", .string(40)), Column("code", .string(9)),
                ] + (hasStamp ? [stamp] : []),
                uniques: [["email"], ["team_id", "name"], ["code"]])
            people.liveUniques = live
            return Schema(tables: [Table("teams", columns: [.id]), people])
        }

        static let rows = [
            "INSERT INTO teams (id) VALUES (1), (2)",
            "INSERT INTO people (id, team_id, name, email, code) VALUES (1, 1, 'a', 'a@x', 'A')",
        ]

        private func subject(_ engine: DatabaseEngine, _ schema: Schema = schema()) throws
            -> Subject
        {
            let subject = try Subject(engine)
            try subject.migrate(to: schema)
            for sql in Self.rows { try subject.script(sql) }
            return subject
        }

        private static let deletion =
            "UPDATE people SET deleted_at = '2026-01-02 03:04:05' WHERE deleted_at IS NULL"
        private static let again =
            "INSERT INTO people (id, team_id, name, email, code) VALUES (2, 1, 'a', 'a@x', 'B')"

        private func expectRefused(
            _ subject: Subject, _ sql: String, at place: SourceLocation = #_sourceLocation
        ) {
            #expect(throws: (any Error).self, "\(sql)", sourceLocation: place) {
                try subject.script(sql)
            }
        }

        private func expectLive(_ subject: Subject, at place: SourceLocation = #_sourceLocation)
            throws
        {
            expectRefused(subject, Self.again, at: place)
            try subject.script(Self.deletion)
            try subject.script(Self.again)
            expectRefused(
                subject, "UPDATE people SET deleted_at = NULL WHERE id = 1", at: place)
            // What counts deleted rows too still does.
            expectRefused(subject, "INSERT INTO people (code) VALUES ('A')", at: place)
            try subject.script("DELETE FROM people WHERE id = 2")
            try subject.script("UPDATE people SET deleted_at = NULL")
        }

        private func marks(_ subject: Subject) throws -> [String] {
            guard subject.engine == .mariadb else { return [] }
            return try subject.rows(
                """
                SELECT table_name FROM information_schema.columns
                WHERE table_schema = DATABASE() AND column_name = '_stead_live'
                """)
        }

        @Test("a value of a deleted row can be taken", arguments: DatabaseEngine.allCases)
        func taken(_ engine: DatabaseEngine) throws {
            let subject = try subject(engine)
            try expectLive(subject)
            let people = try #require(
                try subject.observed().tables.first { $0.table.name == "people" })
            #expect(people.table[Self.stamp.name] != nil && people.table.columns.count == 6)
            #expect(try subject.rows("SELECT * FROM people") == ["1|1|a|a@x|A|null"])
        }

        @Test(
            "a unique that counted deleted rows leaves them out", arguments: DatabaseEngine.allCases
        )
        func loosened(_ engine: DatabaseEngine) throws {
            let subject = try subject(engine, Self.schema(live: nil))
            try subject.script(Self.deletion)
            expectRefused(subject, Self.again)
            try subject.script("UPDATE people SET deleted_at = NULL")
            let groups = try subject.groups(to: Self.schema())
            let titles = groups.map(\.title).joined(separator: "; ")
            let made = try #require(
                titles.firstRange(of: "index people (email) of rows not deleted"))
            if engine != .sqlite {
                let dropped = try #require(titles.firstRange(of: "people_email_key"))
                #expect(made.upperBound < dropped.lowerBound, "\(titles)")
            }
            let text = groups.flatMap(\.statements).joined(separator: "\n")
            switch engine {
            case .sqlite: #expect(!text.contains("_stead_new_"), "\(text)")
            case .mariadb:
                #expect(text.contains("ALGORITHM=INSTANT"), "\(text)")
                #expect(text.contains("ALGORITHM=INPLACE LOCK=NONE"), "\(text)")
            case .postgres: #expect(text.contains("CREATE UNIQUE INDEX CONCURRENTLY"), "\(text)")
            }
            try subject.migrate(to: Self.schema())
            try expectLive(subject)
        }

        @Test("a unique is to count deleted rows again", arguments: DatabaseEngine.allCases)
        func tightened(_ engine: DatabaseEngine) throws {
            let subject = try subject(engine)
            try subject.script(Self.deletion)
            try subject.script(Self.again)
            let whole = Self.schema(live: nil)
            #expect(
                try subject.obstacles(to: whole) == [
                    "2 rows of people share their email, which is to be unique among deleted rows "
                        + "too: 1, 2",
                    "2 rows of people share their team_id, name, which is to be unique among "
                        + "deleted rows too: 1, 2",
                ])
            try subject.script("UPDATE people SET email = 'b@x', name = 'b' WHERE id = 1")
            try subject.migrate(to: whole)
            expectRefused(subject, "UPDATE people SET email = 'a@x'")
            #expect(try marks(subject).isEmpty)
        }

        @Test("only rows that are not deleted stand against it", arguments: DatabaseEngine.allCases)
        func obstacles(_ engine: DatabaseEngine) throws {
            var none = Self.schema(live: nil)
            none = none.with("people") { $0.uniques = [["code"]] }
            let subject = try subject(engine, none)
            try subject.script(Self.again)
            #expect(
                try subject.obstacles(
                    to: Self.schema(live: [["email"]]).with("people") {
                        $0.uniques = [["email"], ["code"]]
                    }) == ["2 rows of people share their email, which is to be unique: 1, 2"])
            try subject.script("UPDATE people SET deleted_at = '2026-01-02 03:04:05' WHERE id = 1")
            try subject.migrate(to: Self.schema())
            try subject.migrate(to: none)
            #expect(try marks(subject).isEmpty)
            try subject.script("UPDATE people SET deleted_at = NULL")
        }

        @Test("a table begins and ceases to keep deleted rows", arguments: DatabaseEngine.allCases)
        func stamp(_ engine: DatabaseEngine) throws {
            let hard = Self.schema(live: nil, hasStamp: false)
            let subject = try subject(engine, hard)
            for _ in 1...2 {
                try subject.migrate(to: Self.schema())
                try expectLive(subject)
                try subject.migrate(to: hard)
                expectRefused(subject, Self.again)
                #expect(try marks(subject).isEmpty)
            }
            subject.now += 8 * 86_400
            try subject.migrate(to: hard)
            #expect(try subject.rows("SELECT * FROM people") == ["1|1|a|a@x|A"])
        }

        @Test("it stays when its table is changed and renamed", arguments: DatabaseEngine.allCases)
        func changed(_ engine: DatabaseEngine) throws {
            let subject = try subject(engine)
            var schema = Self.schema().with("people", "email") {
                $0.type = .string(50)
                $0.isRequired = true
            }
            schema = schema.with("people", "name") {
                $0.name = "surname"
                $0.renamedFrom = "name"
            }
            schema = schema.with("people") {
                $0.uniques = [["email"], ["team_id", "surname"], ["code"]]
                $0.liveUniques = [["email"], ["team_id", "surname"]]
            }
            try subject.migrate(to: schema)
            try subject.script(Self.deletion)
            let again = Self.again.replacing(" name,", with: " surname,")
            try subject.script(again)
            expectRefused(subject, "UPDATE people SET deleted_at = NULL WHERE id = 1")
            // Put aside and brought back, it is as before.
            try subject.migrate(to: Schema(tables: [schema.tables[0]]))
            try subject.migrate(to: schema)
            expectRefused(subject, "UPDATE people SET deleted_at = NULL WHERE id = 1")
        }

        @Test("an interrupted change is finished", arguments: DatabaseEngine.allCases)
        func interrupted(_ engine: DatabaseEngine) throws {
            let whole = Self.schema(live: nil)
            for (old, new) in [
                (whole, Self.schema()), (Self.schema(), whole),
                (Self.schema(), Self.schema(live: nil, hasStamp: false)),
            ] {
                let count = try subject(engine, old).groups(to: new).count
                for done in 0...count {
                    let subject = try subject(engine, old)
                    try subject.run(Array(try subject.groups(to: new).prefix(done)))
                    try subject.migrate(to: new, "after \(done) of \(count)")
                    expectRefused(subject, Self.again)
                    let isMarked = engine == .mariadb && new == Self.schema()
                    #expect(try marks(subject) == (isMarked ? ["people"] : []))
                }
            }
        }

        @Test(
            "one that somebody else made is taken for the declared one, unless it is referred to",
            arguments: DatabaseEngine.allCases)
        func adopted(_ engine: DatabaseEngine) throws {
            let subject = try Subject(engine)
            let (time, none) = (engine == .postgres ? "timestamp" : "datetime", "NULL")
            try subject.script(
                """
                CREATE TABLE things (id bigint NOT NULL PRIMARY KEY, code varchar(9) UNIQUE,
                    deleted_at \(time) \(none))
                """)
            var things = Table(
                "things",
                columns: [
                    .make("id", .int) { $0.isPrimary = true }, Column("code", .string(9)),
                    Self.stamp,
                ], uniques: [["code"]])
            try subject.expectConverged(Schema(tables: [things]))
            things.liveUniques = [["code"]]
            let schema = Schema(tables: [things])
            try subject.script(
                """
                CREATE TABLE strangers (code varchar(9),
                    CONSTRAINT strangers_code FOREIGN KEY (code) REFERENCES things (code))
                """)
            #expect(
                try subject.refusals(of: schema) == [
                    "things.code must count deleted rows too, as strangers.code refers to it: "
                        + "write `unique: all`"
                ])
            try subject.script("DROP TABLE strangers")
            try subject.migrate(to: schema)
            try subject.script("INSERT INTO things VALUES (1, 'a', '2026-01-02 03:04:05')")
            try subject.script("INSERT INTO things VALUES (2, 'a', NULL)")
            expectRefused(subject, "INSERT INTO things (id, code) VALUES (3, 'a')")
        }
    }
}
