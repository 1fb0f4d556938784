import Diagnostics
import Kinds
import Manifests
import Resources
import Testing

/// What is wrong between the parts of an app is told before a database is asked.
@Suite("Trees of apps")
struct AppTreeTests {
    private static let schema = """
        kind: Schema
        tables:
          people:
            fields:
              id: {type: int, primary: true, auto: true}
              email: {type: string, required: true, unique: true}
              pw: {type: string, required: true}
            filter: owner
          items:
            fields:
              id: {type: int, primary: true, auto: true}
              title: {type: string}
              pw: {type: string}
              owner_id: {type: int, foreign: people.id}
            filter: all
        """

    private func app(_ engine: String = "sqlite") -> String {
        let place = engine == "sqlite" ? "path: shop.db" : "name: shop"
        return "kind: App\ndatabase: {engine: \(engine), \(place)}\n"
            + "auth: {table: people, password: pw}\n"
    }

    /// The errors of a tree with one app, `shop`.
    private func errors(
        app: String? = nil, schema: String = schema, query: String? = nil
    ) -> [String] {
        var files = [
            ("desired/apps/shop/app.yaml", app ?? self.app()),
            ("desired/apps/shop/schema.yaml", schema),
        ]
        if let query {
            files.append(
                (
                    "desired/apps/shop/queries/some.yaml",
                    "kind: Query\nname: some\nsql: |\n  \(query)\ncolumns: {id: {type: int}}\n"
                ))
        }
        let documents = files.map { SourceText(file: $0.0, bytes: Array($0.1.utf8)) }
        let loaded = Loader(catalog: Catalog.kinds).load(
            Tree(revision: Revision(id: "folder:test"), documents: documents))
        return loaded.diagnostics.filter { $0.severity == .error }.map { error in
            let file = error.location?.file.split(separator: "/").last ?? ""
            return "\(file):\(error.location?.line ?? 0) \(error.summary)"
        }
    }

    // MARK: - Queries

    @Test(
        "a query that could show a password's hash is refused",
        arguments: [
            "SELECT id, pw AS title FROM {people}", "SELECT p.PW FROM {people} p",
            "SELECT id FROM people WHERE \"pw\" LIKE 'x%'", "SELECT * FROM {people}",
            "SELECT p.* FROM {items} i JOIN {people} p ON p.id = i.owner_id",
            "SELECT id FROM {items} UNION SELECT * FROM people",
            "WITH x(a, b, c) AS (SELECT DISTINCT * FROM people) SELECT c FROM x",
            "SELECT id FROM {items} WHERE title IN (SELECT pw FROM {people})",
            "SELECT p.c FROM {people} AS p(a, b, c)", "SELECT p.'pw' FROM people p",
            "SELECT pw FROM 'people'", "SELECT \"p\".\"pw\" FROM main.people p",
        ])
    func password(_ sql: String) {
        let found = errors(query: sql).filter { !$0.contains("past its rules") }
        #expect(found.count == 1 && found[0].hasPrefix("some.yaml:3 "), "\(found)")
    }

    @Test(
        "so is one that reads the whole row, or hides what it reads",
        arguments: [
            ("postgres", "SELECT to_jsonb(p) AS id FROM {people} p"),
            ("postgres", "SELECT id, people FROM {people}"),
            ("postgres", "WITH x AS (TABLE people) SELECT id FROM x"),
            ("postgres", "SELECT U&\"p\\0077\" FROM {people}"),
            ("postgres", "SELECT $$'$$, pw, $$'$$ FROM {people}"),
            ("postgres", "SELECT e'\\'', pw, e'\\'' FROM {people}"),
            ("postgres", "SELECT /* /* */ ' */ pw /* ' */ FROM {people}"),
            ("mariadb", "SELECT id, /*!pw*/ AS title FROM {people}"),
            ("mariadb", "SELECT id--1, pw FROM {people}"),
            ("mariadb", "SELECT \"\\\"\", pw, \"\\\"\" FROM {people}"),
        ])
    func hidden(_ engine: String, _ sql: String) {
        let found = errors(app: app(engine), query: sql)
        #expect(found.contains { $0.hasPrefix("some.yaml:3 ") }, "\(found)")
    }

    @Test(
        "tables of the database's own are refused",
        arguments: [
            ("sqlite", "SELECT sql FROM sqlite_master"),
            ("sqlite", "SELECT name FROM pragma_table_info('people')"),
            ("sqlite", "SELECT * FROM _stead_schema"),
            ("postgres", "SELECT rolpassword FROM pg_catalog.pg_authid"),
            ("postgres", "SELECT 1 FROM information_schema.tables"),
            ("postgres", "SELECT query_to_xml('SELECT 1', true, true, '')"),
            ("mariadb", "SELECT user FROM mysql.user"),
            ("mariadb", "SELECT user FROM `mysql`.`user`"),
            ("mariadb", "SELECT 1 FROM `information_schema`.TABLES"),
            ("mariadb", "SELECT load_file('/etc/passwd')"),
        ])
    func system(_ engine: String, _ sql: String) {
        let found = errors(app: app(engine), query: sql)
        #expect(
            found.count == 1 && found[0].hasSuffix("is the database's own")
                && found[0].hasPrefix("some.yaml:3 "), "\(found)")
    }

    @Test(
        "what only looks like it is not",
        arguments: ["sqlite", "mariadb", "postgres"])
    func allowed(_ engine: String) {
        for sql in [
            "SELECT id, pw FROM {items}", "SELECT count(*) AS id FROM {people}",
            "SELECT p.id * 2 AS id FROM {people} p WHERE p.email <> 'pw' -- no pw",
            "SELECT i.id FROM {items} i JOIN {people} p ON p.id = i.owner_id ORDER BY p.email",
            "SELECT id FROM {items} WHERE owner_id IN (SELECT id FROM {people})",
            "SELECT * FROM {items}", "SELECT id AS mysql FROM {items}",
            "SELECT people.id FROM {people} WHERE id = :user_id",
        ] {
            let found = errors(app: app(engine), query: sql)
            #expect(found.isEmpty, "\(sql): \(found)")
        }
    }

    @Test("a named filter can't be used to guess a hash")
    func filter() {
        let schema = Self.schema.replacing(
            "    filter: owner\n", with: "    filter: owner\n    filters: {a: \"pw LIKE :like\"}\n")
        let found = errors(schema: schema)
        #expect(found.count == 1 && found[0].hasPrefix("schema.yaml:9 "), "\(found)")
    }

    // MARK: - Defaults

    private func errors(ofDefault column: String) -> [String] {
        errors(
            schema: Self.schema.replacing(
                "      title: {type: string}", with: "      title: {\(column)}"))
    }

    @Test(
        "a default that no row can hold is an error of its line",
        arguments: [
            "type: int, default: abc", "type: int, default: 1.5", "type: int, default: 0x10",
            "type: string, max: 3, default: abcdef", "type: enum, values: [a, b], default: c",
            "type: datetime, default: yesterday", "type: datetime, default: 2026-13-01",
            "type: datetime, default: \"2026-01-01T00:00:00+02:00\"",
            "type: date, default: 2026-02-30", "type: date, default: \"2026-02-01 10:00:00\"",
            "type: json, default: \"{\"", "type: json, default: abc", "type: bool, default: 7",
            "type: bool, default: \"yes\"", "type: float, default: nan", "type: float, default: x",
            "type: decimal, precision: 4, scale: 2, default: 1.234",
            "type: decimal, precision: 4, scale: 2, default: 123.4", "type: uuid, default: x",
        ])
    func wrongDefault(_ column: String) {
        let found = errors(ofDefault: column)
        #expect(found.count == 1 && found[0].hasPrefix("schema.yaml:12 the default of"), "\(found)")
    }

    @Test(
        "one that it can hold is none",
        arguments: [
            "type: int, default: -5", "type: string, max: 3, default: abc",
            "type: text, default: x",
            "type: enum, values: [a, b], default: b", "type: datetime, default: now",
            "type: datetime, default: \"2026-01-01T00:00:00Z\"", "type: date, default: now",
            "type: datetime, default: 2026-01-01", "type: date, default: 2024-02-29",
            "type: json, default: \"{\\\"a\\\": [1, null]}\"", "type: json, default: \"[]\"",
            "type: bool, default: true", "type: bool, default: False", "type: bool, default: 1",
            "type: float, default: 1e3", "type: decimal, precision: 4, scale: 2, default: 12.500",
            "type: uuid, default: uuid", "type: int, default: null",
            "type: uuid, default: 6f1c1f2e-9f43-4f0e-8d6b-0a3a3a0f7a11",
        ])
    func rightDefault(_ column: String) {
        #expect(errors(ofDefault: column).isEmpty)
    }

    // MARK: - All at once

    @Test("an app whose schema has errors is not told that it has none")
    func oneError() {
        for (old, new, error) in [
            ("title: {type: string}", "title: {type: strin}", "schema.yaml:12"),
            ("title: {type: string}", "title: {type: [", "schema.yaml:"),
        ] {
            let found = errors(schema: Self.schema.replacing(old, with: new))
            #expect(found.allSatisfy { $0.hasPrefix(error) } && !found.isEmpty, "\(found)")
        }
        let found = errors(app: app() + "origins: 5\n")
        #expect(found.count == 1 && found[0].hasPrefix("app.yaml:4"), "\(found)")
    }

    @Test("names that lead nowhere are told along with what can't be read")
    func names() {
        let rules = """
                filter: all
                public: [lst]
                order: nmae ASC
                unique: [[tittle]]
                index: [[titel]]
                filters: {a: "itle = :x"}
            """
        let schema = Self.schema.replacing("    filter: all", with: rules)
            .replacing("foreign: people.id", with: "")
        let found = errors(schema: schema)
        for line in 16...20 {
            #expect(found.contains { $0.hasPrefix("schema.yaml:\(line) ") }, "\(line): \(found)")
        }
        #expect(found.count == 5, "\(found)")
    }

    @Test("a sign-in that leads nowhere is told along with what is wrong with the tables")
    func signIn() {
        let found = errors(
            schema: Self.schema.replacing("email:", with: "mail:").replacing(
                "title: {type: string}", with: "title: {type: int, default: x}"))
        #expect(found.count == 2, "\(found)")
        #expect(found.contains { $0.hasSuffix("has no column `email`") }, "\(found)")
    }

    // MARK: - The last one

    @Test("a tree may only be empty where it says so")
    func empty() {
        func load(_ settings: String) -> LoadedTree {
            let file = SourceText(file: "desired/stead.yaml", bytes: Array(settings.utf8))
            return Loader(catalog: Catalog.kinds).load(
                Tree(revision: Revision(id: "folder:test"), documents: [file]))
        }
        let refused = load("version: 1\n")
        #expect(refused.desired == nil && refused.diagnostics.map(\.code) == [.treeEmpty])
        #expect(refused.diagnostics[0].fix?.contains("policy: {allowEmpty: true}") == true)
        let allowed = load("version: 1\npolicy: {allowEmpty: true}\n")
        #expect(allowed.desired?.resources.isEmpty == true && allowed.diagnostics.isEmpty)
    }
}
