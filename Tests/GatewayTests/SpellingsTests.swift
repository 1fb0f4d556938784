import Foundation
import TestSupport
import Testing

/// Keys that the database takes for one in several spellings.
@Suite(.serialized) struct SpellingsTests {
    private static let tables = """
          countries:
            fields:
              code: {type: string, max: 20, primary: true}
              name: {type: string, max: 20}
            public: [list, show, create]
          cities:
            fields:
              id: {type: int, primary: true, auto: true}
              country: {type: string, max: 20, foreign: countries.code}
            public: [list, show, create]
          marks:
            fields:
              code: {type: string, max: 20, primary: true}
              level: {type: int}
            order: level
            public: [list, show, create]
          country_marks:
            fields:
              country: {type: string, max: 20, primary: true, foreign: countries.code}
              mark: {type: string, max: 20, primary: true, foreign: marks.code}
            public: [list, show, create]
        """

    private static let site: Result<Site, any Error> = Result {
        let site = try Site(
            Engine.allCases.map { engine in
                AppFixture(
                    name: "spellings-\(engine.rawValue)", engine: engine, tables: tables)
            })
        atexit { try? SpellingsTests.site.get().end() }
        for (engine, text, id) in [
            (Engine.sqlite, "TEXT COLLATE NOCASE", "INTEGER PRIMARY KEY"),
            (.mariadb, "VARCHAR(20) COLLATE utf8mb4_general_ci", "INT AUTO_INCREMENT PRIMARY KEY"),
        ] {
            try site.outside(
                engine, "spellings-\(engine.rawValue)", "DROP TABLE country_marks",
                "DROP TABLE cities", "DROP TABLE countries", "DROP TABLE marks",
                "CREATE TABLE countries (code \(text) PRIMARY KEY, name VARCHAR(20))",
                "CREATE TABLE marks (code \(text) PRIMARY KEY, level INTEGER)",
                "CREATE TABLE cities (id \(id), country \(text), "
                    + "FOREIGN KEY (country) REFERENCES countries (code))",
                "CREATE TABLE country_marks (country \(text), mark \(text), "
                    + "PRIMARY KEY (country, mark), "
                    + "FOREIGN KEY (country) REFERENCES countries (code), "
                    + "FOREIGN KEY (mark) REFERENCES marks (code))")
        }
        return site
    }

    private let site: Site

    init() throws {
        site = try Self.site.get()
    }

    /// Writes rows: two countries, four cities of them in every spelling, and marks.
    private func fill(_ engine: Engine) throws -> Client {
        let isExact = engine == .postgres
        let client = try site.client("spellings-\(engine.rawValue)")
        for (table, rows) in [
            ("countries", #"[{"code":"de","name":"D"},{"code":"fr","name":"F"}]"#),
            (
                "cities",
                #"[{"country":"de"},{"country":"DE"},{"country":"fr"},{"country":null}]"#
            ),
            ("marks", #"[{"code":"Warm","level":2},{"code":"cold","level":null}]"#),
            (
                "country_marks",
                #"[{"country":"DE","mark":"warm"},{"country":"de","mark":"COLD"}]"#
            ),
        ] {
            let body =
                isExact
                ? rows.replacing("DE", with: "de").replacing("warm", with: "Warm")
                    .replacing("COLD", with: "cold") : rows
            let made = try client.ask("POST", table, body)
            #expect(made.status == 201, "\(made)")
        }
        return client
    }

    @Test("what a reference is to comes along, in whatever spelling", arguments: Engine.allCases)
    func relations(_ engine: Engine) throws {
        let client = try fill(engine)
        let cities = try client.ask("GET", "cities?order=id&include=countries")
        let names = cities.rows.map { ($0["countries"] as? [String: Any])?["name"] as? String }
        #expect(names == ["D", "D", "F", nil], "\(cities)")
        let countries = try client.ask("GET", "countries?order=code&include=cities(id),marks(code)")
        let counts = countries.rows.map { ($0["cities"] as? [Any])?.count }
        #expect(counts == [2, 1], "\(countries)")
        // By their level, of which null comes first on every engine.
        let marks = countries.rows.map { row in
            (row["marks"] as? [[String: Any]])?.compactMap { $0["code"] as? String }
        }
        #expect(marks == [["cold", "Warm"], []], "\(countries)")
        let back = try client.ask("GET", "marks/WARM?include=countries(name)")
        if engine == .postgres {
            #expect(back.status == 404, "\(back)")
        } else {
            #expect(back.body.contains(#""countries":[{"name":"D"}]"#), "\(back)")
        }
    }
}
