import Foundation
import SQL
import SQLServers
import TestSupport
import Testing

/// What only a server can do: refuse, go away, be slow, stand in somebody's way.
@Suite(.serialized) struct ServerTests {
    private let servers: DatabaseServers

    init() throws {
        servers = try DatabaseServers.shared.get()
    }

    private func reason(_ body: () throws(SQLError) -> Void) -> SQLError.Reason? {
        do throws(SQLError) {
            try body()
            return nil
        } catch {
            return error.reason
        }
    }

    @Test("a wrong password, database or port is told, and nothing hangs")
    func refused() throws {
        for settings in [servers.postgreSQL, servers.mariaDB] {
            let isPostgreSQL = settings == servers.postgreSQL
            func open(_ settings: ServerSettings) -> SQLError.Reason? {
                reason { () throws(SQLError) in
                    if isPostgreSQL {
                        _ = try PostgreSQLDatabase(settings)
                    } else {
                        _ = try MariaDBDatabase(settings)
                    }
                }
            }
            #expect(open(settings) == nil)
            var wrong = settings
            wrong.password = "wrong"
            #expect(open(wrong) == .cannotOpen)
            wrong = settings
            wrong.database = "nowhere"
            #expect(open(wrong) == .cannotOpen)
            wrong = settings
            wrong.endpoint = .tcp(host: "localhost", port: 1)
            #expect(open(wrong) == .cannotOpen)
        }
    }

    @Test("MariaDB's times are written as the server writes them")
    func times() throws {
        let database = try MariaDBDatabase(servers.mariaDB)
        for (text, decimals) in [
            ("2026-11-21 09:30:05.123456", 0), ("2026-11-21 09:30:05.120000", 1),
            ("0001-01-02 03:04:05.006000", 3), ("9999-12-31 23:59:59.999999", 6),
        ] {
            let time = "CAST(? AS DATETIME(\(decimals)))"
            let pair = try database.first(
                "SELECT \(time), CAST(\(time) AS CHAR)", [.text(text), .text(text)]
            ) { ($0.text(0), $0.text(1)) }
            #expect(pair?.0 != nil && pair?.0 == pair?.1)
        }
    }

    @Test("a statement that takes too long is ended by the server, and the connection is good")
    func timeouts() throws {
        let postgreSQL = try PostgreSQLDatabase(servers.postgreSQL)
        #expect(
            reason { () throws(SQLError) in try postgreSQL.execute("SELECT pg_sleep(60)") }
                == .timeout)
        #expect(try postgreSQL.first("SELECT 1") { $0.integer(0) } == 1)
        let mariaDB = try MariaDBDatabase(servers.mariaDB)
        let slow = "SELECT count(*) FROM seq_1_to_100000 a, seq_1_to_100000 b, seq_1_to_100000 c"
        #expect(reason { () throws(SQLError) in try mariaDB.execute(slow) } == .timeout)
        #expect(try mariaDB.first("SELECT 1") { $0.integer(0) } == 1)
    }

    @Test("a connection that the server ends is told as lost, from then on")
    func lost() throws {
        let postgreSQL = try PostgreSQLDatabase(servers.postgreSQL)
        let process = try postgreSQL.first("SELECT pg_backend_pid()") { $0.integer(0) }
        try PostgreSQLDatabase(servers.postgreSQL).execute(
            "SELECT pg_terminate_backend(CAST(? AS INTEGER))", [SQLValue(process ?? nil)])
        for _ in 0..<2 {
            #expect(
                reason { () throws(SQLError) in try postgreSQL.execute("SELECT 1") }
                    == .connectionLost)
        }
        #expect(postgreSQL.isLost)
        let mariaDB = try MariaDBDatabase(servers.mariaDB)
        let thread = try mariaDB.first("SELECT CONNECTION_ID()") { $0.integer(0) } ?? nil
        try MariaDBDatabase(servers.mariaDB).script("KILL \(thread ?? 0)")
        for _ in 0..<2 {
            #expect(
                reason { () throws(SQLError) in try mariaDB.execute("SELECT 1") } == .connectionLost
            )
        }
        #expect(mariaDB.isLost)
    }

    @Test("TLS holds the certificate against who signed it and against the host's name")
    func encryption() throws {
        var postgreSQL = servers.postgreSQL
        postgreSQL.encryption = .verified(certificates: servers.certificates)
        let encrypted = try PostgreSQLDatabase(postgreSQL).first(
            "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()"
        ) { $0.integer(0) }
        #expect(encrypted == 1)
        var mariaDB = servers.mariaDB
        mariaDB.encryption = .verified(certificates: servers.certificates)
        let cipher = try MariaDBDatabase(mariaDB).first("SHOW STATUS LIKE 'Ssl_cipher'") {
            $0.text(1)
        }
        #expect((cipher ?? nil)?.isEmpty == false)
        // Signed by somebody the system does not know.
        postgreSQL.encryption = .verified(certificates: nil)
        mariaDB.encryption = .verified(certificates: nil)
        #expect(throws: SQLError.self) { try PostgreSQLDatabase(postgreSQL) }
        #expect(throws: SQLError.self) { try MariaDBDatabase(mariaDB) }
        // Another host's.
        postgreSQL = Self.at("127.0.0.1", servers.postgreSQL, servers.certificates)
        mariaDB = Self.at("127.0.0.1", servers.mariaDB, servers.certificates)
        #expect(throws: SQLError.self) { try PostgreSQLDatabase(postgreSQL) }
        #expect(throws: SQLError.self) { try MariaDBDatabase(mariaDB) }
    }

    private static func at(
        _ host: String, _ settings: ServerSettings, _ certificates: String
    ) -> ServerSettings {
        var settings = settings
        settings.encryption = .verified(certificates: certificates)
        if case .tcp(_, let port) = settings.endpoint {
            settings.endpoint = .tcp(host: host, port: port)
        }
        return settings
    }

    @Test("two transactions in each other's way: one is told of the deadlock, the other goes on")
    func deadlock() async throws {
        let setup = try PostgreSQLDatabase(servers.postgreSQL)
        try setup.script(
            "DROP TABLE IF EXISTS locks; CREATE TABLE locks (id INT PRIMARY KEY, n INT)")
        try setup.script("INSERT INTO locks VALUES (1, 0), (2, 0)")
        let reasons = await withTaskGroup(of: SQLError.Reason?.self) { group in
            for (first, second) in [(1, 2), (2, 1)] {
                group.addTask { [settings = servers.postgreSQL] in
                    await Self.cross(first, second, settings)
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(reasons.compactMap(\.self) == [.deadlock])
    }

    /// On a thread of its own: the calls block.
    private static func cross(
        _ first: Int, _ second: Int, _ settings: ServerSettings
    ) async -> SQLError.Reason? {
        await withCheckedContinuation { continuation in
            Thread.detachNewThread {
                do throws(SQLError) {
                    let database = try PostgreSQLDatabase(settings)
                    try database.transaction(.writing) { () throws(SQLError) in
                        let sql = "UPDATE locks SET n = n + 1 WHERE id = ?"
                        try database.execute(sql, [.integer(first)])
                        usleep(300_000)
                        try database.execute(sql, [.integer(second)])
                    }
                    continuation.resume(returning: nil)
                } catch {
                    continuation.resume(returning: error.reason)
                }
            }
        }
    }

    @Test("a text that PostgreSQL can't hold is refused before it is sent")
    func nul() throws {
        let database = try PostgreSQLDatabase(servers.postgreSQL)
        #expect(throws: SQLError.self) { try database.execute("SELECT ?", [.text("a\0b")]) }
        #expect(try database.first("SELECT 1") { $0.integer(0) } == 1)
    }
}
