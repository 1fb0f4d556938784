import SQL
import TestSupport
import Testing

extension EngineTests {
    /// A rename reaches what the database computes, by the whole program.
    @Suite struct RenamedNamesTests {
        private let scratch: Scratch
        private let stead: SteadProcess

        init() throws {
            scratch = try Scratch()
            stead = SteadProcess(
                folder: scratch.root, environment: ["STEAD_STATE": scratch.path("state")])
            try scratch.write("desired/stead.yaml", "version: 1\n")
            let database = "{engine: sqlite, path: \(scratch.path("app.db"))}"
            try scratch.write("desired/apps/shop/app.yaml", "kind: App\ndatabase: \(database)\n")
        }

        private func write(_ price: String, _ expression: String, _ note: String = "") throws {
            try scratch.write(
                "desired/apps/shop/schema.yaml",
                """
                kind: Schema
                tables:
                  orders:
                    fields:
                      id: {type: int, primary: true, auto: true}
                      \(price)
                      gross: {type: int, generated: '\(expression)'}
                      note: {type: string, max: 20\(note)}

                """)
        }

        @Test("an expression that calls a column by its former name is refused")
        func stale() throws {
            try write("price: {type: int}", #""price" * 2"#)
            #expect(try stead.run("apply", "--yes").status == 0)
            try SQLiteDatabase(.file(scratch.path("app.db")))
                .script("INSERT INTO orders (price) VALUES (10), (20)")
            let renamed = "amount: {type: int, renamedFrom: price}"
            for expression in [#""price" * 2"#, "Price * 2"] {
                try write(renamed, expression)
                let refused = try stead.run("validate")
                #expect(refused.status == 65, "\(refused.everything)")
                #expect(
                    refused.everything.contains("`price` is called `amount` now"),
                    "\(refused.everything)")
            }
            try write(renamed, #""amount" * 2"#)
            let applied = try stead.run("apply", "--yes")
            #expect(applied.status == 0, "\(applied.everything)")
            // What rebuilds the table.
            try write(renamed, #""amount" * 2"#, ", default: none")
            let rebuilt = try stead.run("apply", "--yes")
            #expect(rebuilt.status == 0, "\(rebuilt.everything)")
            let gross = try SQLiteDatabase(.file(scratch.path("app.db")))
                .all("SELECT gross FROM orders ORDER BY id") { $0.integer(0) }
            #expect(gross == [20, 40])
        }
    }
}
