import Foundation
import TestSupport
import Testing

/// A query's declared columns are held against what its SQL finds.
@Suite(.serialized) struct QueryColumnsTests {
    private static let tables = """
          items:
            fields:
              id: {type: int, primary: true, auto: true}
              title: {type: string, max: 20}
              price: {type: decimal, precision: 8, scale: 2}
            public: [list, create]
            filter: all
        """

    private static func query(_ sql: String, _ columns: String) -> String {
        "kind: Query\nname: some\nsql: \"\(sql)\"\ncolumns: {\(columns)}\npublic: true\n"
    }

    @Test(
        "other columns than the declared ones are told by apply, and the release stays",
        arguments: Engine.allCases)
    func declared(_ engine: Engine) throws {
        let both = "id: {type: int}, title: {type: string}"
        var app = AppFixture(
            name: "columns", engine: engine, tables: Self.tables,
            queries: ["some": Self.query("SELECT id, title FROM {items}", both)])
        let site = try Site([app])
        let client = try site.client("columns")
        #expect(try client.ask("POST", "items", #"{"title":"abc"}"#).status == 201)
        for (sql, words) in [
            ("SELECT id FROM {items}", "finds 1 columns, `id`, and `columns` declares 2"),
            ("SELECT id, title, price FROM {items}", "finds 3 columns, `id`, `title`, `price`"),
            ("SELECT title, id FROM {items}", "finds `title`, `id`, and `columns` declares `id`"),
        ] {
            app.queries["some"] = Self.query(sql, both)
            try app.write(to: site.scratch, servers: nil)
            let result = try site.stead.run(["apply", "--repo", "repo", "--yes"])
            #expect(result.status == 1, "\(result)")
            #expect(result.everything.contains("sql of queries/some.yaml: \(words)"), "\(result)")
        }
        #expect(try client.ask("GET", "some").rows.count == 1)
        // Another name for what stands at its place is the query's own right.
        app.queries["some"] = Self.query(
            "SELECT id, price, count(*) OVER () FROM {items}",
            "id: {type: int}, cost: {type: decimal}, all: {type: int}")
        try app.write(to: site.scratch, servers: nil)
        try site.apply()
    }

    @Test(
        "a value of another type is an error that the log explains, and never another value",
        arguments: Engine.allCases)
    func values(_ engine: Engine) throws {
        var app = AppFixture(
            name: "typed", engine: engine, tables: Self.tables,
            queries: [
                "some": Self.query("SELECT title AS n FROM {items} ORDER BY id", "n: {type: int}"),
                "sum": Self.query("SELECT sum(id) AS n FROM {items}", "n: {type: int}")
                    .replacingOccurrences(of: "name: some", with: "name: sum"),
            ])
        let site = try Site([app])
        let client = try site.client("typed")
        #expect(try client.ask("POST", "items", #"{"title":"12"}"#).status == 201)
        #expect(try client.ask("GET", "some").body.contains(#"[{"n":12}]"#))
        #expect(try client.ask("GET", "sum").body.contains(#"[{"n":1}]"#))
        #expect(try client.ask("POST", "items", #"{"title":"secret"}"#).status == 201)
        let answer = try client.ask("GET", "some")
        #expect(answer.status == 500 && !answer.body.contains("secret"), "\(answer.body)")
        let isLogged = try site.wait {
            try site.scratch.read("access.log").contains(
                "query some: the value of `n` is no int")
        }
        #expect(isLogged)
        for (type, value) in [("float", "1.5x"), ("date", "soon"), ("json", "{"), ("bool", "no")] {
            app.queries["some"] = Self.query("SELECT '\(value)' AS n", "n: {type: \(type)}")
            try app.write(to: site.scratch, servers: nil)
            try site.apply()
            let isRefused = try site.wait { try client.ask("GET", "some").status == 500 }
            #expect(isRefused, "\(type)")
            app.queries["some"] = Self.query("SELECT 1 AS n", "n: {type: int}")
            try app.write(to: site.scratch, servers: nil)
            try site.apply()
            let isServed = try site.wait { try client.ask("GET", "some").status == 200 }
            #expect(isServed)
        }
    }

    @Test("a release waits for a schema that does not become what it says")
    func unverified() throws {
        var app = AppFixture(name: "columns", engine: .postgres, tables: Self.tables)
        let site = try Site([app])
        let client = try site.client("columns")
        func note(_ sql: String) -> String {
            Self.tables.replacingOccurrences(
                of: "      price:",
                with: "      note: {type: text, defaultSQL: \"\(sql)\"}\n      price:")
        }
        for sql in ["NULL", "(null)"] {
            app.tables = note(sql)
            try app.write(to: site.scratch, servers: nil)
            try site.apply()
        }
        // PostgreSQL tells of it in words that don't show what they were.
        app.tables = note("CAST('a' AS text)")
        app.queries["some"] = Self.query("SELECT id FROM {items}", "id: {type: int}")
        try app.write(to: site.scratch, servers: nil)
        let result = try site.stead.run(["apply", "--repo", "repo", "--yes"])
        #expect(result.status == 1, "\(result)")
        let releases = try site.stead.run(["apply", "--repo", "repo", "--yes"])
        #expect(releases.status == 1, "\(releases)")
        #expect(try client.ask("GET", "some").status == 404)
    }

    @Test("the last app is withdrawn where the tree says that it may be empty")
    func last() throws {
        let site = try Site([AppFixture(name: "columns", tables: Self.tables)])
        let client = try site.client("columns")
        #expect(try client.ask("GET", "items").status == 200)
        try site.scratch.remove("repo/desired/apps")
        let refused = try site.stead.run(["apply", "--repo", "repo", "--yes"])
        #expect(refused.status == 65 && refused.everything.contains("allowEmpty"), "\(refused)")
        let settings = "repo/desired/stead.yaml"
        try site.scratch.write(
            settings, "version: 1\npolicy: {allowEmpty: true, maxDeletes: 0}\n")
        let held = try site.stead.run(["apply", "--repo", "repo", "--yes"])
        #expect(held.status != 0, "\(held)")
        #expect(try client.ask("GET", "items").status == 200)
        try site.scratch.write(settings, "version: 1\npolicy: {allowEmpty: true}\n")
        try site.apply()
        let isGone = try site.wait { try client.ask("GET", "items").status == 404 }
        #expect(isGone)
    }
}
