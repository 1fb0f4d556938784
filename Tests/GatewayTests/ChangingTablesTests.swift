import Foundation
import TestSupport
import Testing

/// Requests while somebody changes the tables, and the gateway doesn't know of it yet.
@Suite(.serialized) struct ChangingTablesTests {
    private static let tables = """
          notes:
            fields:
              id: {type: int, primary: true, auto: true}
              title: {type: string, max: 20}
              weight: {type: int}
            public: [list, show, create, update, delete]
        """

    private static let site: Result<Site, any Error> = Result {
        let site = try Site(
            Engine.allCases.map {
                AppFixture(name: "changing-\($0.rawValue)", engine: $0, tables: tables)
            })
        atexit { try? ChangingTablesTests.site.get().end() }
        return site
    }

    private let site: Site

    init() throws {
        site = try Self.site.get()
    }

    @Test(
        "while a column or a table has another name, it is the database that is being changed",
        arguments: Engine.allCases)
    func renamed(_ engine: Engine) throws {
        let app = "changing-\(engine.rawValue)"
        let client = try site.client(app)
        let made = try client.ask("POST", "notes", #"{"title":"a","weight":1}"#)
        let id = try #require(made.data["id"] as? Int, "\(made)")
        let requests = [
            ("GET", "notes", nil), ("GET", "notes/\(id)", nil), ("GET", "notes?title=a", nil),
            ("GET", "notes?order=title&fields=id", nil),
            ("GET", "notes?title=a&count=exact&fields=id", nil),
            ("POST", "notes", #"{"title":"b"}"#), ("PATCH", "notes/\(id)", #"{"title":"c"}"#),
            ("PATCH", "notes?title=a&max-affected=1", #"{"weight":2}"#),
            ("DELETE", "notes/\(id)", nil),
        ]
        for (there, back) in [
            (
                "ALTER TABLE notes RENAME COLUMN title TO headline",
                "ALTER TABLE notes RENAME COLUMN headline TO title"
            ),
            ("ALTER TABLE notes RENAME TO kept_notes", "ALTER TABLE kept_notes RENAME TO notes"),
        ] {
            try site.outside(engine, app, there)
            for (method, target, body) in requests {
                let answer = try client.ask(method, target, body)
                #expect(
                    answer.status == 503 && answer.code == "database_changing",
                    "\(there): \(method) \(target): \(answer)")
                #expect(answer["Retry-After"] == "1")
                #expect(!answer.body.contains("title"), "\(answer)")
            }
            try site.outside(engine, app, back)
            let answer = try client.ask("GET", "notes/\(id)")
            #expect(answer.status == 200 && answer.data["title"] as? String == "a", "\(answer)")
        }
        // The log keeps the database's own words.
        let isLogged = try site.wait {
            try site.scratch.read("access.log").split(separator: "\n").contains {
                $0.contains("\"app\":\"\(app)\"") && $0.contains("\"status\":503")
                    && $0.contains("\"detail\":") && $0.contains("title")
            }
        }
        #expect(isLogged)
    }
}
