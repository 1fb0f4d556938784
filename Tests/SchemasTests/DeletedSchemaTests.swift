import SQL
import TestSupport
import Testing

extension EngineTests {
    /// What becomes of tables whose schema, or whose part of it, leaves git.
    @Suite struct DeletedSchemaTests {
        private let scratch: Scratch
        private let stead: SteadProcess

        init() throws {
            scratch = try Scratch()
            stead = SteadProcess(
                folder: scratch.root, environment: ["STEAD_STATE": scratch.path("state")])
            try write(extra: "")
        }

        private func write(
            extra: String, tables: [String] = ["tasks", "notes"], policy: String = ""
        ) throws {
            try scratch.write("desired/stead.yaml", "version: 1\n\(policy)\n")
            for app in ["shop", "other"] {
                let database = "{engine: sqlite, path: \(scratch.path("\(app).db"))}"
                try scratch.write(
                    "desired/apps/\(app)/app.yaml",
                    "kind: App\nname: \(app)\ndatabase: \(database)\n")
                let text = tables.map { name in
                    "  \(name): {fields: {id: {type: int, primary: true, auto: true}}}\n"
                }
                try scratch.write(
                    "desired/apps/\(app)/schema.yaml",
                    "kind: Schema\nname: \(app)\n\(extra)\ntables:\n\(text.joined())")
            }
        }

        private func fill() throws {
            #expect(try stead.run("apply", "--yes").status == 0)
            let database = try SQLiteDatabase(.file(scratch.path("shop.db")))
            try database.script("INSERT INTO tasks (id) VALUES (1), (2), (3)")
        }

        private func tables() throws -> [String] {
            try SQLiteDatabase(.file(scratch.path("shop.db"))).all(
                "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%' "
                    + "AND name <> '_stead_schema' ORDER BY name"
            ) { $0.text(0) ?? "" }
        }

        @Test("a plan counts the rows, the tables come back by `stead restore`, with their rows")
        func restores() throws {
            try fill()
            try scratch.remove("desired/apps/shop")
            let plan = try stead.run("plan")
            #expect(plan.output.contains("put aside until 20"), "\(plan.everything)")
            #expect(plan.output.contains("table tasks (3 rows)"), "\(plan.everything)")
            #expect(plan.output.contains("lost at once: the release"), "\(plan.everything)")
            #expect(try stead.run("apply", "--yes").status == 0)
            #expect(try tables().allSatisfy { $0.hasPrefix("_stead_old_") })
            let list = try stead.run("restore", "--list").output
            #expect(list.contains("schema/shop  database:shop"), "\(list)")
            let restore = try stead.run("restore", "schema/shop")
            #expect(restore.status == 0, "\(restore.everything)")
            #expect(try tables() == ["notes", "tasks"])
            let rows = try SQLiteDatabase(.file(scratch.path("shop.db")))
                .first("SELECT count(*) FROM tasks") { $0.integer(0) }
            #expect(rows == 3)
            #expect(try stead.run("apply", "--yes").status == 0)
            #expect(try tables() == ["notes", "tasks"])
        }

        @Test("a table that was made anew under the same name is in the way")
        func obstructed() throws {
            try fill()
            try scratch.remove("desired/apps/shop")
            #expect(try stead.run("apply", "--yes").status == 0)
            let database = try SQLiteDatabase(.file(scratch.path("shop.db")))
            try database.script("CREATE TABLE tasks (theirs TEXT)")
            let restore = try stead.run("restore", "schema/shop")
            #expect(restore.status == 1, "\(restore.everything)")
            #expect(restore.errors.contains("table tasks of sqlite:"), "\(restore.everything)")
            #expect(try tables().count == 3)
        }

        @Test("when its time is over they are dropped, though no migration comes any more")
        func expires() throws {
            try write(extra: "", policy: "policy: {quarantine: 1s}")
            try fill()
            try scratch.remove("desired/apps/shop")
            #expect(try stead.run("apply", "--yes").status == 0)
            for _ in 0..<50 where try !tables().isEmpty {
                #expect(try stead.run("apply", "--yes").status == 0)
            }
            #expect(try tables().isEmpty)
            #expect(try stead.run("restore", "--list").output == "Nothing is in quarantine.\n")
        }

        @Test("a protected schema loses no table by an edit, nor all of them by its end")
        func protected() throws {
            try write(extra: "protect: true")
            try fill()
            try write(extra: "protect: true", tables: ["notes"])
            let plan = try stead.run("plan")
            #expect(plan.status == 1, "\(plan.everything)")
            #expect(
                plan.output.contains("it would lose table tasks (3 rows), and it is protected"),
                "\(plan.everything)")
            #expect(try stead.run("apply", "--yes").status == 1)
            // Not in the commit that takes the protection away either.
            try write(extra: "", tables: ["notes"])
            #expect(try stead.run("apply", "--yes").status == 1)
            try scratch.remove("desired/apps/shop")
            let gone = try stead.run("plan")
            #expect(
                gone.output.contains("✗ schema/shop  database:shop  refused: its document is gone"),
                "\(gone.everything)")
            #expect(try stead.run("apply", "--yes").status == 1)
            #expect(try tables() == ["notes", "tasks"])
            try write(extra: "")
            #expect(try stead.run("apply", "--yes").status == 0)
            try write(extra: "", tables: ["notes"])
            #expect(try stead.run("apply", "--yes").status == 0)
            #expect(try !tables().contains("tasks"))
        }
    }
}
