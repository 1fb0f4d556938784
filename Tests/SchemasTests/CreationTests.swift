import Schemas
import Testing

extension EngineTests {
    /// What a schema can say comes about, and is recognised.
    @Suite struct CreationTests {
        @Test("every type is made and recognised", arguments: DatabaseEngine.allCases)
        func types(_ engine: DatabaseEngine) throws {
            let types: [(String, ColumnType)] = [
                ("int", .int), ("short", .string(40)), ("long", .string(4000)), ("text", .text),
                ("float", ColumnType(.float)), ("decimal", .decimal(10, 2)),
                ("whole", .decimal(15, 0)), ("bool", ColumnType(.bool)),
                ("date", ColumnType(.date)), ("datetime", ColumnType(.datetime)),
                ("json", ColumnType(.json)), ("uuid", ColumnType(.uuid)),
                ("blob", ColumnType(.blob)), ("enum", .choice("open", "it's", "a\\b", "[x, y]")),
                ("single", .choice("only")), ("empty", .choice("", "1")),
            ]
            let columns = types.map { Column($0.0, $0.1) }
            let required = types.map { name, type in
                Column.make("r_" + name, type) { $0.isRequired = true }
            }
            try expectRecognised(Table("kinds", columns: [.id] + columns + required), on: engine)
        }

        @Test("every default is made and recognised", arguments: DatabaseEngine.allCases)
        func defaults(_ engine: DatabaseEngine) throws {
            let defaults: [(ColumnType, DefaultValue)] = [
                (.int, .literal("0")), (.int, .literal("-7")), (.string(40), .literal("it's")),
                (.string(40), .literal("")), (.string(40), .literal("a\\b \"c\" `d` %s ?")),
                (.string(40), .literal("null")), (.string(40), .literal("true")),
                (.string(40), .literal("12")), (.string(40), .literal("now()")),
                (.string(40), .literal("-5")), (.text, .literal("long")), (.text, .literal("")),
                (ColumnType(.float), .literal("1.5")), (.decimal(10, 2), .literal("9.90")),
                (.decimal(10, 2), .literal("-0.5")), (ColumnType(.bool), .literal("true")),
                (ColumnType(.bool), .literal("false")), (ColumnType(.date), .now),
                (ColumnType(.date), .literal("2026-01-31")), (ColumnType(.datetime), .now),
                (ColumnType(.json), .literal("{\"a\": [1, \"b\"]}")), (ColumnType(.uuid), .uuid),
                (.choice("open", "done"), .literal("open")),
                (.string(40), .expression("upper('x')")), (.int, .expression("1 + 2")),
                (ColumnType(.datetime), .literal("2026-01-01T00:00:00Z")),
                (ColumnType(.datetime), .literal("2026-01-01 10:00:00.5")),
                (ColumnType(.json), .literal("{\"b\":1,\"a\":[ ]}")),
                (ColumnType(.uuid), .literal("6F1C1F2E-9F43-4F0E-8D6B-0A3A3A0F7A11")),
            ]
            let columns = defaults.enumerated().map { index, item in
                Column.make("c\(index)", item.0) { column in
                    column.defaultValue = item.1
                    column.isRequired = index % 2 == 0
                }
            }
            try expectRecognised(Table("kinds", columns: [.id] + columns), on: engine) { subject in
                let insert = engine == .mariadb ? "() VALUES ()" : "DEFAULT VALUES"
                try subject.script("INSERT INTO kinds \(insert)")
                #expect(
                    try subject.rows("SELECT c0, c1, c2, c3, c4, c9, c12, c13 FROM kinds")
                        == [
                            "0|-7|it's||a\\b \"c\" `d` %s ?|-5|1.5|"
                                + (engine == .sqlite ? "9.9" : "9.90")
                        ])
            }
        }

        @Test("keys of every sort are made and recognised", arguments: DatabaseEngine.allCases)
        func keys(_ engine: DatabaseEngine) throws {
            let uuid = Column.make("id", ColumnType(.uuid)) { $0.beAutoKey() }
            let text = Column.make("code", .string(20)) { $0.isPrimary = true }
            let parts = [
                Column.make("b", .int) { $0.isPrimary = true },
                Column.make("a", .string(10)) { $0.isPrimary = true }, Column("rest", .text),
            ]
            let plain = Column.make("id", .int) { $0.isPrimary = true }
            try expectRecognised(
                [
                    Table("numbered", columns: [.id]), Table("unique_ones", columns: [uuid]),
                    Table("coded", columns: [text]), Table("composed", columns: parts),
                    Table("plain", columns: [plain]),
                ], on: engine)
        }

        @Test("constraints and indexes are made and recognised", arguments: DatabaseEngine.allCases)
        func constraints(_ engine: DatabaseEngine) throws {
            let positive = Column.make("amount", .int) { $0.check = "amount >= 0" }
            let named = Column.make("name", .string(30)) { $0.check = "name IN ('a', 'b')" }
            let equal = Column.make("word", .string(30)) { $0.check = "word = 'x'" }
            let both = Column.make("state", .choice("a", "b")) { $0.check = "state <> 'z'" }
            let nested = Column.make("size", .int) {
                $0.check = "size > 0 AND (size < 10 OR size = 100)"
            }
            let table = Table(
                "things", columns: [.id, positive, named, equal, both, nested],
                uniques: [["amount"], ["name", "size"]],
                indexes: [["size"], ["state", "amount"], ["name"]])
            try expectRecognised(table, on: engine)
        }

        @Test(
            "references of every sort are made and recognised", arguments: DatabaseEngine.allCases)
        func references(_ engine: DatabaseEngine) throws {
            let actions = ForeignKey.Action.allCases.filter {
                // InnoDB knows the words, and refuses them.
                engine != .mariadb || $0 != .setDefault
            }
            let columns = actions.enumerated().map { index, action in
                Column.foreign("ref\(index)", to: "people", action)
            }
            let people = Table(
                "people",
                columns: [
                    .id, .foreign("boss_id", to: "people", .setNull),
                    .foreign("thing_id", to: "things"),
                    .make("code", .string(20)) { $0.isRequired = true },
                ], uniques: [["code"]], indexes: [["boss_id"]])
            let coded = Column.make("person_code", .string(20)) {
                $0.foreign = ForeignKey(table: "people", column: "code", onDelete: .cascade)
            }
            let joined = Table(
                "joined",
                columns: [
                    .foreign("a_id", to: "people", .cascade) { $0.isPrimary = true },
                    .foreign("b_id", to: "things", .cascade) { $0.isPrimary = true },
                ], indexes: [["b_id"]])
            try expectRecognised(
                [Table("things", columns: [.id] + columns + [coded]), people, joined], on: engine)
        }

        @Test("generated columns are made and recognised", arguments: DatabaseEngine.allCases)
        func generated(_ engine: DatabaseEngine) throws {
            let total = Column.make("total", .int) { $0.generated = "price * amount" }
            let table = Table(
                "order_lines",
                columns: [.id, Column("price", .int), Column("amount", .int), total],
                indexes: [["total"]])
            try expectRecognised(table, on: engine) { subject in
                try subject.script("INSERT INTO order_lines (price, amount) VALUES (6, 7)")
                #expect(try subject.rows("SELECT total FROM order_lines") == ["42"])
            }
        }

        @Test("other schemas of PostgreSQL are made and recognised")
        func namespaces() throws {
            var accounts = Table("accounts", columns: [.id], uniques: [["id"]])
            accounts.namespace = "Billing \"x\""
            var lines = Table(
                "lines",
                columns: [
                    .id,
                    .make("account_id", .int) {
                        $0.foreign = ForeignKey(
                            table: "accounts", namespace: "Billing \"x\"", column: "id")
                    },
                ], indexes: [["account_id"]])
            let usual = lines
            lines.namespace = "other"
            try expectRecognised([accounts, lines, usual], on: .postgres)
        }

        @Test("names of every sort are made and recognised", arguments: DatabaseEngine.allCases)
        func names(_ engine: DatabaseEngine) throws {
            let long = String(repeating: "long_", count: 12) + "xyz"
            let names = [
                "order", "Group By", "it's", "sa\"id", "b`ack", "päron_🍐", "a.b", "camelCase",
                "check", "[x]", "a,b", "per%cent", "que?stion", "dash-ed", "1st", long,
                "Constraint", "PRIMARY",
            ].filter { engine != .mariadb || !$0.contains("🍐") }
            let tables = names.filter { $0 != "Group By" }.map { name in
                Table(
                    name,
                    columns: [.id]
                        + names.map { column in
                            .make(column, .choice("a", column)) {
                                $0.defaultValue = .literal("a")
                            }
                        } + [.foreign("self ref", to: name)],
                    uniques: [[name]], indexes: [["self ref"], [name, "Group By"], ["camelCase"]])
            }
            try expectRecognised(tables, on: engine)
        }

        private func expectRecognised(
            _ table: Table, on engine: DatabaseEngine,
            _ more: (Subject) throws -> Void = { _ in }
        ) throws {
            try expectRecognised([table], on: engine, more)
        }

        private func expectRecognised(
            _ tables: [Table], on engine: DatabaseEngine,
            _ more: (Subject) throws -> Void = { _ in }
        ) throws {
            let subject = try Subject(engine)
            let schema = Schema(tables: tables)
            let isEmpty = try subject.difference(to: schema).isEmpty
            #expect(!isEmpty)
            try subject.migrate(to: schema)
            try more(subject)
            // What is recognised without Stead's own memory is not merely remembered.
            try subject.script("DROP TABLE _stead_schema")
            try subject.expectConverged(schema, "without the record")
        }
    }
}
