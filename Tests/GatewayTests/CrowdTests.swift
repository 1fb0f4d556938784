import Foundation
import SQL
import SQLServers
import TestSupport
import Testing

/// Rows that many ask for at the same time, on every engine: a server reads them together.
@Suite(.serialized) struct CrowdTests {
    private static let tables = """
          items:
            fields:
              id: {type: int, primary: true}
              name: {type: string, max: 20}
            public: [show]
          notes:
            fields:
              id: {type: int, primary: true}
              user_id: {type: int, foreign: users.id}
            filter: owner
        """

    private static let people = 8
    private static let rows = 100

    private let connections = 48

    private func site(_ engine: Engine, _ name: String) throws -> Site {
        let site = try Site([AppFixture(name: name, engine: engine, tables: Self.tables)])
        let users = (1...Self.people).map { "(\($0), '\($0)@example.com', NULL, NULL)" }
        let items = (1...Self.rows).map { "(\($0), 'item \($0)')" }
        let notes = (1...Self.rows).map { "(\($0), \(Self.owner(of: $0)))" }
        try site.outside(
            engine, name, "INSERT INTO users VALUES \(users.joined(separator: ", "))",
            "INSERT INTO items VALUES \(items.joined(separator: ", "))",
            "INSERT INTO notes VALUES \(notes.joined(separator: ", "))")
        return site
    }

    private static func owner(of note: Int) -> Int { 1 + note % people }

    @Test("everybody gets the own row, or is told that there is none", arguments: Engine.allCases)
    func own(_ engine: Engine) throws {
        let app = "crowd-\(engine.rawValue)"
        let site = try site(engine, app)
        let clients = try (1...Self.people).map { try site.client(app, as: $0) }
        let nobody = try site.client(app)
        let wires = try (0..<connections).map { _ in try Wire(port: site.port) }
        for round in 0..<12 {
            var expected: [String?] = []
            for (number, wire) in wires.enumerated() {
                // Some ask for the same row, and some for one that is not there.
                let key =
                    number % 8 == 7
                    ? Int.max - number : (number / 2 * 7 + round * 13) % (Self.rows + 20) + 1
                let isThere = key <= Self.rows
                let person = number % Self.people + 1
                switch number % 3 {
                case 0:
                    try wire.send(nobody.request("GET", "/api/items/\(key)"))
                    expected.append(isThere ? #"{"id":\#(key),"name":"item \#(key)"}"# : nil)
                case 1:
                    try wire.send(nobody.request("GET", "/api/items/\(key)?fields=name"))
                    expected.append(isThere ? #"{"name":"item \#(key)"}"# : nil)
                default:
                    try wire.send(clients[person - 1].request("GET", "/api/notes/\(key)"))
                    let isOwn = isThere && Self.owner(of: key) == person
                    expected.append(isOwn ? #"{"id":\#(key),"user_id":\#(person)}"# : nil)
                }
            }
            for (wire, row) in zip(wires, expected) {
                let answer = try wire.answer()
                #expect(answer.status == (row == nil ? 404 : 200), "\(answer)")
                if let row { #expect(answer.body.contains(#""data":\#(row),"#), "\(answer)") }
            }
        }
    }

    @Test("connections that end cost a 503 at most", arguments: [Engine.mariadb, .postgres])
    func cut(_ engine: Engine) throws {
        let app = "cut-\(engine.rawValue)"
        let site = try site(engine, app)
        let client = try site.client(app)
        let wires = try (0..<connections).map { _ in try Wire(port: site.port) }
        for round in 0..<10 {
            for (number, wire) in wires.enumerated() {
                try wire.send(client.request("GET", "/api/items/\(number + round + 1)"))
                if number == 10 { try cutConnections(engine, app) }
            }
            for (number, wire) in wires.enumerated() {
                let answer = try wire.answer()
                #expect([200, 503].contains(answer.status), "\(answer)")
                let name = #""item \#(number + round + 1)""#
                #expect(answer.status == 503 || answer.body.contains(name), "\(answer)")
            }
        }
        let isBack = try site.wait { try client.ask("GET", "items/1").status == 200 }
        #expect(isBack)
    }

    @Test("nobody waits for the answer of a connection that says nothing any more")
    func stopped() throws {
        let app = "stopped-postgres"
        let site = try site(.postgres, app)
        let client = try site.client(app)
        #expect(try client.ask("GET", "items/1").status == 200)
        var settings = try DatabaseServers.shared.get().postgreSQL
        settings.database = app
        let processes = try PostgreSQLDatabase(settings).all(
            """
            SELECT pid FROM pg_stat_activity
            WHERE datname = current_database() AND pid <> pg_backend_pid()
            """
        ) { $0.integer(0).map(Int32.init) }
        for case let process? in processes { kill(process, SIGSTOP) }
        defer { for case let process? in processes { kill(process, SIGCONT) } }
        let first = try Wire(port: site.port)
        try first.send(client.request("GET", "/api/items/2"))
        // Until it is under way, the next would be of the same statement.
        Thread.sleep(forTimeInterval: 0.5)
        let second = try client.ask("GET", "items/3")
        #expect(second.status == 200, "\(second)")
        for case let process? in processes { kill(process, SIGCONT) }
        let last = try first.answer()
        #expect(last.status == 200, "\(last)")
    }

    /// Ends all other connections to the app's database.
    private func cutConnections(_ engine: Engine, _ app: String) throws {
        let servers = try DatabaseServers.shared.get()
        var settings = engine == .mariadb ? servers.mariaDB : servers.postgreSQL
        settings.database = app
        guard engine == .mariadb else {
            try PostgreSQLDatabase(settings).query(
                """
                SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                WHERE datname = current_database() AND pid <> pg_backend_pid()
                """, []
            ) { _ throws(SQLError) in }
            return
        }
        let database = try MariaDBDatabase(settings)
        let others = try database.all(
            "SELECT id FROM information_schema.processlist WHERE db = ? AND id <> connection_id()",
            [.text(app)]
        ) { $0.integer(0) }
        // One may have ended by itself.
        for case let id? in others { try? database.script("KILL \(id)") }
    }
}
