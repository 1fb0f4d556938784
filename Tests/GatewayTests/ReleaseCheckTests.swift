import Foundation
import TestSupport
import Testing

/// SQL of an app's own that its database doesn't understand is refused before it is published.
@Suite(.serialized) struct ReleaseCheckTests {
    private static func tables(filter: String = "length(name) > 0", named: String = "id > :since")
        -> String
    {
        """
          items:
            fields:
              id: {type: int, primary: true, auto: true}
              name: {type: string, max: 20}
            public: [list, create]
            filter: {default: "\(filter)", admin: {list: "id > 0", show: "id > 0"}}
            filters: {recent: "\(named)"}
        """
    }

    private static func query(_ sql: String) -> String {
        """
        kind: Query
        name: some
        sql: \(sql)
        columns: {id: {type: int}}
        public: true
        """
    }

    @Test(
        "what the database refuses is told by apply, with its place, and the release stays",
        arguments: Engine.allCases)
    func refused(_ engine: Engine) throws {
        let good = AppFixture(
            name: "checked", engine: engine, tables: Self.tables(),
            queries: ["some": Self.query("SELECT id FROM {items} WHERE id > 0")])
        let site = try Site([good])
        let client = try site.client("checked")
        #expect(try client.ask("POST", "items", #"{"name":"a"}"#).status == 201)
        func refuse(
            _ app: AppFixture, _ places: [String], sourceLocation: SourceLocation = #_sourceLocation
        )
            throws
        {
            try app.write(to: site.scratch, servers: nil)
            let result = try site.stead.run(["apply", "--repo", "repo", "--yes"])
            #expect(result.status == 1, "\(result)", sourceLocation: sourceLocation)
            for place in places {
                #expect(
                    result.everything.contains(place), "\(result)", sourceLocation: sourceLocation)
            }
            #expect(try client.ask("GET", "items").rows.count == 1, sourceLocation: sourceLocation)
            #expect(try client.ask("GET", "some").rows.count == 1, sourceLocation: sourceLocation)
        }
        // A rule with a function that there is not, and a filter with a column that there is not.
        var bad = good
        bad.tables = Self.tables(filter: "lenght(name) > 0", named: "coalesce(nmae, '') > :since")
        bad.queries["some"] = Self.query("SELECT idd FROM {items}")
        try refuse(
            bad,
            [
                "tables.items.filter (default) of schema.yaml", "lenght",
                "tables.items.filters.recent of schema.yaml", "nmae",
                "sql of queries/some.yaml", "idd",
            ])
        // The same along with a change of the tables, which no plan can know of.
        bad.tables = bad.tables.replacingOccurrences(
            of: "      name:", with: "      extra: {type: int}\n      name:")
        try refuse(bad, ["tables.items.filter (default) of schema.yaml", "lenght"])
        // A rule that names a new column is none to complain about.
        var better = good
        better.tables = Self.tables(named: "fresh > :since").replacingOccurrences(
            of: "      name:", with: "      fresh: {type: int}\n      name:")
        try better.write(to: site.scratch, servers: nil)
        try site.apply("--allow-delete", "9")
        let isServed = try site.wait {
            try client.ask("GET", "items?filter=recent&since=1").status == 200
        }
        #expect(isServed)
    }

    @Test("a plan tells it where only the rules have changed")
    func planned() throws {
        let site = try Site([AppFixture(name: "checked", tables: Self.tables())])
        try AppFixture(name: "checked", tables: Self.tables(filter: "lenght(name) > 0")).write(
            to: site.scratch, servers: nil)
        let result = try site.stead.run(["plan", "--repo", "repo"])
        #expect(result.everything.contains("no such function: lenght"), "\(result)")
        #expect(result.everything.contains("tables.items.filter (default)"), "\(result)")
    }

    @Test("a condition that compares what is no column is an error of its line")
    func unknownColumn() throws {
        let site = try Site([AppFixture(name: "checked", tables: Self.tables())])
        for (tables, line) in [
            (Self.tables(filter: "nmae = 'x'"), "`items` has no column `nmae`"),
            (Self.tables(named: "\\\"ids\\\" > :since"), "`items` has no column `ids`"),
        ] {
            try AppFixture(name: "checked", tables: tables).write(to: site.scratch, servers: nil)
            let result = try site.stead.run(["validate", "--repo", "repo"])
            #expect(result.status == 65 && result.everything.contains(line), "\(result)")
        }
        for fine in [
            ":user_id = id", "name COLLATE nocase = 'x'", "current_date >= '2020-01-01'",
            "id IN (SELECT x FROM (SELECT 1 AS x) WHERE x = 1)", "items.id = 1 AND NOT ID < 0",
            "CASE WHEN id > 1 THEN 1 END = 1", "CAST(name AS text) = 'nmae = 1'",
        ] {
            try AppFixture(name: "checked", tables: Self.tables(filter: fine)).write(
                to: site.scratch, servers: nil)
            let result = try site.stead.run(["validate", "--repo", "repo"])
            #expect(result.status == 0, "\(fine): \(result)")
        }
    }
}
