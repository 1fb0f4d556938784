import Foundation
import SQL
import SQLServers
import Synchronization
import TestSupport
import Testing

/// A server's connection, as the tests below need it.
protocol Served: Database {
    static func settings(_ servers: DatabaseServers) -> ServerSettings
    /// The server's own number for the connection, and how that is ended.
    static var number: String { get }
    static func end(_ number: Int) -> String
    /// Something that takes longer than any test.
    static var slow: String { get }
    var isLost: Bool { get }
    init(_ settings: ServerSettings) throws(SQLError)
    func script(_ sql: String) throws(SQLError)
    func cancelFromElsewhere() -> @Sendable () -> Void
}

extension PostgreSQLDatabase: Served {
    static func settings(_ servers: DatabaseServers) -> ServerSettings { servers.postgreSQL }
    static var number: String { "SELECT pg_backend_pid()" }
    static func end(_ number: Int) -> String { "SELECT pg_terminate_backend(\(number))" }
    static var slow: String { "SELECT pg_sleep(600)" }

    func cancelFromElsewhere() -> @Sendable () -> Void {
        { [cancel] in try? cancel() }
    }
}

extension MariaDBDatabase: Served {
    static func settings(_ servers: DatabaseServers) -> ServerSettings { servers.mariaDB }
    static var number: String { "SELECT CONNECTION_ID()" }
    static func end(_ number: Int) -> String { "KILL \(number)" }
    static var slow: String {
        "SELECT count(*) FROM seq_1_to_100000 a, seq_1_to_100000 b, seq_1_to_100000 c"
    }

    func cancelFromElsewhere() -> @Sendable () -> Void {
        { [cancel] in try? cancel() }
    }
}

/// Pools of real servers' connections: what becomes of them when the servers do what servers do.
@Suite(.serialized) struct ServerPoolTests {
    private static func pool<Connection: Served>(
        _ type: Connection.Type, size: Int, of servers: DatabaseServers,
        timeoutMilliseconds: Int = 2000
    ) -> DatabasePool<Connection> {
        var settings = Connection.settings(servers)
        settings.statementTimeoutMilliseconds = timeoutMilliseconds
        return DatabasePool(
            name: "test", size: size, queueLimit: 1000, waitTimeoutMilliseconds: 10_000,
            connect: { [settings] () throws(SQLError) in try Connection(settings) },
            isLost: { $0.isLost })
    }

    private static func number<Connection: Served>(
        _ pool: DatabasePool<Connection>, inTransaction: Bool = false
    ) async throws(SQLError) -> Int {
        try await pool.run { database throws(SQLError) in
            let read = { () throws(SQLError) in
                try database.first(Connection.number) { $0.integer(0) } ?? nil
            }
            return try (inTransaction ? database.transaction(.reading, read) : read()) ?? 0
        }
    }

    @Test("a connection that the server ended while it was idle is replaced, unseen")
    func idleDeath() async throws {
        try await idleDeath(PostgreSQLDatabase.self)
        try await idleDeath(MariaDBDatabase.self)
    }

    private func idleDeath<Connection: Served>(_ type: Connection.Type) async throws {
        let servers = try DatabaseServers.shared.get()
        let pool = Self.pool(type, size: 1, of: servers)
        var seen: Set<Int> = []
        for round in 0..<6 {
            let number = try await Self.number(pool, inTransaction: round % 2 == 0)
            #expect(seen.insert(number).inserted)
            try Connection(Connection.settings(servers)).script(Connection.end(number))
            // The farewell is on its way; a transaction needs not wait for it.
            if round % 2 == 0 { try await Task.sleep(for: .milliseconds(300)) }
        }
        await pool.close()
    }

    @Test("servers that are killed and come back: every call ends, and the pools recover")
    func restart() async throws {
        let servers = try DatabaseServers()
        defer { servers.end() }
        let postgreSQL = Self.pool(PostgreSQLDatabase.self, size: 3, of: servers)
        let mariaDB = Self.pool(MariaDBDatabase.self, size: 3, of: servers)
        for _ in 0..<2 {
            try await Self.recover(postgreSQL)
            try await Self.recover(mariaDB)
            async let fallen: Void = Self.load(postgreSQL)
            async let gone: Void = Self.load(mariaDB)
            try await Task.sleep(for: .milliseconds(100))
            servers.kill()
            // Every call of the load ends, with a value or an error.
            await fallen
            await gone
            let error = await #expect(throws: SQLError.self) { try await Self.number(postgreSQL) }
            #expect(error?.reason == .cannotOpen)
            try servers.start()
        }
        try await Self.recover(postgreSQL)
        try await Self.recover(mariaDB)
        for _ in 0..<20 {
            _ = try await Self.number(postgreSQL)
            _ = try await Self.number(mariaDB)
        }
        await postgreSQL.close()
        await mariaDB.close()
    }

    private static func load<Connection: Served>(_ pool: DatabasePool<Connection>) async {
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<20 {
                group.addTask {
                    for _ in 0..<50 { _ = try? await Self.number(pool) }
                }
            }
        }
    }

    private static func recover<Connection: Served>(
        _ pool: DatabasePool<Connection>
    ) async throws {
        while (try? await number(pool)) == nil { try await Task.sleep(for: .milliseconds(50)) }
        // Every connection that died meanwhile is found out, none of the callers sees it.
        for _ in 0..<10 { _ = try await number(pool) }
    }

    @Test("another thread's cancel ends what runs, and nothing else")
    func cancel() async throws {
        try await cancel(PostgreSQLDatabase.self)
        try await cancel(MariaDBDatabase.self)
    }

    private func cancel<Connection: Served>(_ type: Connection.Type) async throws {
        let servers = try DatabaseServers.shared.get()
        let pool = Self.pool(type, size: 1, of: servers, timeoutMilliseconds: 60_000)
        let cancel = try await pool.run { database throws(SQLError) in
            database.cancelFromElsewhere()
        }
        // With nothing under way it does nothing, to what comes next either.
        cancel()
        #expect(try await Self.number(pool) > 0)
        let hasEnded = Atomic(false)
        async let error = #expect(throws: SQLError.self) {
            defer { hasEnded.store(true, ordering: .relaxed) }
            try await pool.run { database throws(SQLError) in _ = try database.execute(type.slow) }
        }
        // The first may come before the statement does.
        while !hasEnded.load(ordering: .relaxed) {
            try await Task.sleep(for: .milliseconds(50))
            cancel()
        }
        #expect(await error?.reason == .timeout)
        try await Task.sleep(for: .milliseconds(50))
        #expect(try await Self.number(pool) > 0)
        await pool.close()
    }

    @Test("of two transactions in each other's way one is told of the deadlock, and tries again")
    func deadlock() async throws {
        try await deadlock(PostgreSQLDatabase.self)
        try await deadlock(MariaDBDatabase.self)
    }

    private func deadlock<Connection: Served>(_ type: Connection.Type) async throws {
        let servers = try DatabaseServers.shared.get()
        let setup = try Connection(Connection.settings(servers))
        try setup.script("DROP TABLE IF EXISTS crossing")
        try setup.script("CREATE TABLE crossing (id INT PRIMARY KEY, n INT)")
        try setup.script("INSERT INTO crossing VALUES (1, 0), (2, 0)")
        let pool = Self.pool(type, size: 2, of: servers, timeoutMilliseconds: 60_000)
        let crossing = Crossing(pool)
        async let one: Void = crossing.update(1, then: 2)
        async let other: Void = crossing.update(2, then: 1)
        _ = try await (one, other)
        #expect(crossing.deadlocks.load(ordering: .relaxed) >= 1)
        #expect(try setup.all("SELECT n FROM crossing ORDER BY id") { $0.integer(0) } == [2, 2])
        await pool.close()
    }

    @Test("a socket of this machine does what a network does")
    func sockets() throws {
        let servers = try DatabaseServers.shared.get()
        let one = "SELECT 1"
        #expect(try PostgreSQLDatabase(servers.postgreSQLSocket).first(one) { $0.integer(0) } == 1)
        let mariaDB = try MariaDBDatabase(servers.mariaDBSocket)
        #expect(try mariaDB.first(one) { $0.integer(0) } == 1)
        #expect(!mariaDB.isLost)
        try mariaDB.cancel()
        #expect(try mariaDB.first(one) { $0.integer(0) } == 1)
    }
}

/// Two transactions that each hold what the other one wants.
private final class Crossing<Connection: Served>: Sendable {
    private let pool: DatabasePool<Connection>
    private let holding = Atomic(0)
    let deadlocks = Atomic(0)

    init(_ pool: DatabasePool<Connection>) { self.pool = pool }

    /// Tries again until no deadlock is in the way.
    func update(_ first: Int, then second: Int) async throws(SQLError) {
        while true {
            do throws(SQLError) {
                return try await pool.run { [self] database throws(SQLError) in
                    try once(first, second, database)
                }
            } catch {
                guard error.reason == .deadlock else { throw error }
                deadlocks.add(1, ordering: .relaxed)
            }
        }
    }

    private func once(_ first: Int, _ second: Int, _ database: Connection) throws(SQLError) {
        try database.transaction(.writing) { () throws(SQLError) in
            let sql = "UPDATE crossing SET n = n + 1 WHERE id = ?"
            try database.execute(sql, [.integer(first)])
            holding.add(1, ordering: .relaxed)
            // Neither asks for the other's before both hold their own.
            while holding.load(ordering: .relaxed) < 2 { usleep(500) }
            try database.execute(sql, [.integer(second)])
        }
    }
}
