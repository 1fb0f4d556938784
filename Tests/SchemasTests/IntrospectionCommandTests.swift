import SQLServers
import Schemas
import SQLServers
import TestSupport
import Testing

extension EngineTests {
    /// What `stead schema introspect` prints declares the database as it is.
    @Suite struct IntrospectionCommandTests {
        private static let definitions: [DatabaseEngine: [String]] = [
            .sqlite: ForeignDatabases.sqlite, .mariadb: ForeignDatabases.mariadb,
            .postgres: ForeignDatabases.postgres,
        ]

        @Test("what somebody else made plans to no change", arguments: DatabaseEngine.allCases)
        func foreign(_ engine: DatabaseEngine) throws {
            let subject = try Subject(engine)
            for sql in try #require(Self.definitions[engine]) { try subject.script(sql) }
            let text = try expectNoChange(subject)
            #expect(text.contains("# What a schema can't say"))
        }

        @Test("what Stead made plans to no change", arguments: DatabaseEngine.allCases)
        func own(_ engine: DatabaseEngine) throws {
            let subject = try Subject(engine)
            var schema = ChangeTests.schema.with("projects") {
                $0.columns += [
                    .foreign("user_id", to: "users", .cascade),
                    Column("deleted_at", ColumnType(.datetime)),
                    .make("created_at", ColumnType(.datetime)) { $0.defaultValue = .now },
                    .make("word", .string(9)) { $0.defaultValue = .literal("null") },
                ]
                $0.uniques.append(["word"])
                $0.liveUniques = [["word"]]
            }
            schema.tables.append(
                Table(
                    "users", columns: [.id, Column("email", .string(99)), Column("passwd", .text)],
                    uniques: [["email"]]))
            try subject.migrate(to: schema)
            let text = try expectNoChange(subject)
            for part in [
                "auth: {table: users, login: email, password: passwd}", "filter: owner",
                "softDelete: true", "createdAt: true", "cascade: true", "onDelete: cascade",
                "{all: [name]}", "[word]",
            ] {
                #expect(text.contains(part), "\(part) in \(text)")
            }
            #expect(!text.contains("_stead_live"), "\(text)")
        }

        @Test(
            "how a text is compared otherwise is told",
            arguments: [DatabaseEngine.sqlite, .mariadb])
        func collations(_ engine: DatabaseEngine) throws {
            let subject = try Subject(engine)
            let name = engine == .sqlite ? "NOCASE" : "utf8mb4_general_ci"
            try subject.script(
                "CREATE TABLE words (id INTEGER PRIMARY KEY, word VARCHAR(9) COLLATE \(name), "
                    + "plain VARCHAR(9))")
            let text = try expectNoChange(subject)
            #expect(text.contains("# - words.word: text is compared by \(name)"), "\(text)")
            #expect(!text.contains("words.plain"), "\(text)")
        }

        private func expectNoChange(_ subject: Subject) throws -> String {
            let scratch = try Scratch()
            let password = try DatabaseServers.shared.get().mariaDB.password ?? ""
            let stead = SteadProcess(
                folder: scratch.root, environment: ["STEAD_DATABASE_PASSWORD": password])
            let printed = try stead.run(
                "schema", "introspect", "--database", subject.url, "--app", "shop")
            #expect(printed.status == 0, "\(printed.everything)")
            try scratch.write("desired/stead.yaml", "version: 1\n")
            let auth =
                printed.output.contains("login: email")
                ? "auth: {table: users, login: email, password: passwd}\n" : ""
            try scratch.write(
                "desired/apps/shop/app.yaml",
                "kind: App\nname: shop\ndatabase: \(subject.document)\n\(auth)")
            try scratch.write("desired/apps/shop/schema.yaml", printed.output)
            let checked = try stead.run("schema", "validate", "shop")
            #expect(checked.status == 0, "\(checked.everything)\n\(printed.output)")
            let plan = try stead.run("schema", "diff", "shop")
            #expect(plan.status == 0, "\(plan.everything)")
            #expect(plan.output.contains("0 to create, 0 to update"), "\(plan.everything)")
            #expect(plan.output.contains("0 unknown, 1 unchanged"), "\(plan.everything)")
            return printed.output
        }
    }
}
