import SQLServers
import Schemas
import TestSupport
import Testing

extension EngineTests {
    /// Tables of which every signed-in caller sees every row, by the whole program.
    @Suite struct OpenTableTests {
        private static let schema: Schema = {
            let users = Table(
                "users",
                columns: [.id, Column("email", .string(99)), Column("password", .text)],
                uniques: [["email"]])
            let projects = Table("projects", columns: [.id, .foreign("user_id", to: "users")])
            let tasks = Table("tasks", columns: [.id, .foreign("project_id", to: "projects")])
            let states = Table("states", columns: [.id])
            return Schema(tables: [users, projects, tasks, states])
        }()

        @Test(
            "introspection lists them with a filter, and validate and plan warn until each has one",
            arguments: DatabaseEngine.allCases)
        func open(_ engine: DatabaseEngine) throws {
            let shop = try PlanRemarkTests.Shop(engine)
            try shop.subject.migrate(to: Self.schema)
            try shop.subject.script("CREATE VIEW all_tasks AS SELECT id FROM tasks")
            try shop.scratch.write(
                "desired/apps/shop/app.yaml",
                "kind: App\ndatabase: \(shop.subject.document)\n"
                    + "auth: {table: users, login: email, password: password}\n")
            let printed = try shop.stead.run(
                "schema", "introspect", "--database", shop.subject.url, "--app", "shop")
            let name = shop.subject.quoted
            let condition =
                "\(name("project_id")) IN (SELECT \(name("id")) FROM \(name("projects")) "
                + "WHERE \(name("user_id")) = :user_id)"
            let tasks = try #require(
                printed.output.split(separator: "\n").first { $0.hasPrefix("# - tasks: filter: ") },
                "\(printed.everything)")
            #expect(tasks.contains("IN (SELECT"), "\(tasks)")
            #expect(printed.output.contains("\n# - states\n"), "\(printed.output)")
            #expect(printed.output.contains("\n# - all_tasks\n"), "\(printed.output)")
            #expect(!printed.output.contains("# - projects"), "\(printed.output)")
            // A warning changes no exit code.
            try shop.scratch.write("desired/apps/shop/schema.yaml", printed.output)
            let warned = try shop.stead.run("schema", "validate", "shop")
            #expect(warned.status == 0, "\(warned.everything)")
            #expect(warned.errors.contains("warning[MAN110]"), "\(warned.everything)")
            for table in ["tasks", "states", "all_tasks"] {
                #expect(warned.errors.contains("`\(table)`"), "\(warned.everything)")
            }
            let summary = warned.errors.split(separator: "\n").first ?? ""
            #expect(!summary.contains("projects"), "\(warned.everything)")
            #expect(warned.errors.contains("such as `\(condition)`"), "\(warned.everything)")
            let diff = try shop.stead.run("plan", "--only", "schema/shop", "--detailed-exitcode")
            #expect(diff.status == 0, "\(diff.everything)")
            #expect(diff.errors.contains("warning[MAN110]"), "\(diff.everything)")
            // What the comment proposes is a filter that the gateway can serve.
            let filter = tasks.dropFirst("# - tasks: ".count)
            var text = printed.output
            for (table, words) in [
                ("tasks", String(filter)), ("states", "filter: all"), ("all_tasks", "filter: all"),
            ] {
                text = text.replacing(
                    "\n  \(table):\n", with: "\n  \(table):\n    \(words)\n")
            }
            try shop.scratch.write("desired/apps/shop/schema.yaml", text)
            let decided = try shop.stead.run("plan", "--full", "--detailed-exitcode")
            #expect(decided.status == 2, "\(decided.everything)")
            #expect(!decided.everything.contains("MAN110"), "\(decided.everything)")
            #expect(decided.output.contains("+tasks: default"), "\(decided.everything)")
            let rows = "SELECT count(*) FROM tasks WHERE "
            #expect(
                try shop.subject.rows(rows + condition.replacing(":user_id", with: "1")) == ["0"])
        }

        @Test("names that the API has a use of its own for are warned of")
        func takenNames() throws {
            let shop = try PlanRemarkTests.Shop(.sqlite)
            let document = "kind: App\ndatabase: \(shop.subject.document)\n"
            try shop.scratch.write("desired/apps/shop/app.yaml", document)
            let id = "id: {type: int, primary: true}"
            try shop.scratch.write(
                "desired/apps/shop/schema.yaml",
                """
                kind: Schema
                tables:
                  auth: {fields: {\(id), email: {type: string}, password: {type: string}}, filter: all}
                  docs: {fields: {\(id), _etag: {type: string}}, filter: all}
                  openapi.json: {fields: {\(id)}, filter: all}
                """)
            let open = try shop.stead.run("schema", "validate", "shop")
            #expect(open.status == 0 && !open.errors.contains("`/auth`"), "\(open.everything)")
            try shop.scratch.write(
                "desired/apps/shop/app.yaml",
                document + "auth: {table: auth, login: email, password: password}\n")
            let warned = try shop.stead.run("schema", "validate", "shop")
            for words in [
                "`/auth` is for", "the API's own `/docs`", "the API's own `/openapi.json`",
                "`_etag` is a row's version",
            ] {
                #expect(warned.errors.contains(words), "\(warned.everything)")
            }
        }

        @Test("the example tree has none")
        func example() throws {
            let root = "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
            let result = try SteadProcess(folder: root).run("schema", "validate", "prokov")
            #expect(result.status == 0, "\(result.everything)")
            #expect(result.errors.isEmpty, "\(result.everything)")
        }
    }
}
