import SQL
import Schemas
import TestSupport
import Testing

extension EngineTests {
    /// `policy.quarantine` says how long what is put aside is kept.
    @Suite struct QuarantinePolicyTests {
        private let scratch: Scratch
        private let stead: SteadProcess

        init() throws {
            scratch = try Scratch()
            stead = SteadProcess(
                folder: scratch.root, environment: ["STEAD_STATE": scratch.path("state")])
            let database = "{engine: sqlite, path: \(scratch.path("app.db"))}"
            try scratch.write(
                "desired/apps/shop/app.yaml", "kind: App\nname: shop\ndatabase: \(database)\n")
        }

        private func write(_ policy: String, _ tables: String...) throws {
            try scratch.write("desired/stead.yaml", "version: 1\n\(policy)\n")
            let text = tables.map { name in
                "  \(name): {fields: {id: {type: int, primary: true, auto: true}}}\n"
            }
            try scratch.write(
                "desired/apps/shop/schema.yaml",
                "kind: Schema\nname: shop\ntables:\n\(text.joined())")
        }

        private func apply() throws {
            let result = try stead.run("apply", "--yes")
            #expect(result.status == 0, "\(result.everything)")
        }

        private func plansDrop() throws -> Bool {
            let plan = try stead.run("schema", "diff", "shop")
            #expect(plan.status == 0, "\(plan.everything)")
            let drops = plan.output.contains("drop table notes, put aside before")
            #expect(drops || plan.output.contains("1 unchanged"), "\(plan.everything)")
            return drops
        }

        /// Makes it seem as if everything had been put aside earlier.
        private func age(byDays days: Int) throws {
            let database = try SQLiteDatabase(.file(scratch.path("app.db")))
            try database.script(
                """
                UPDATE _stead_schema SET body = json_set(body, '$.quarantined[0].since',
                    json_extract(body, '$.quarantined[0].since') - \(days * 86_400))
                """)
        }

        @Test("a table is dropped after the days of the settings, by default seven")
        func days() throws {
            try write("", "tasks", "notes")
            try apply()
            try write("", "tasks")
            try apply()
            try age(byDays: 3)
            #expect(try !plansDrop())
            try write("policy: {quarantine: 2d}", "tasks")
            #expect(try plansDrop())
            try age(byDays: 5)
            try write("policy: {quarantine: 30d}", "tasks")
            #expect(try !plansDrop())
            try write("", "tasks")
            #expect(try plansDrop())
            try apply()
            let database = try SQLiteDatabase(.file(scratch.path("app.db")))
            let left = try database.all(
                "SELECT name FROM sqlite_schema WHERE name LIKE '%notes%'"
            ) { $0.text(0) }
            #expect(left.isEmpty)
        }
    }
}
