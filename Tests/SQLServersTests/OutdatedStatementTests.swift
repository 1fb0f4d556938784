import SQL
import SQLServers
import TestSupport
import Testing

/// Tables that change under statements which a connection keeps.
@Suite(.serialized) struct OutdatedStatementTests {
    private static let text = PreparedText("SELECT id, n FROM outdated WHERE id = ?")

    /// A connection that keeps statements of a table whose column then gets another type.
    private func connection(_ servers: DatabaseServers) throws -> PostgreSQLDatabase {
        let database = try PostgreSQLDatabase(servers.postgreSQL)
        try database.script(
            "DROP TABLE IF EXISTS outdated; CREATE TABLE outdated (id INT PRIMARY KEY, n INT)")
        try database.execute("INSERT INTO outdated VALUES (1, 7)")
        #expect(try ask(database) == "7")
        try change("ALTER TABLE outdated ALTER n TYPE text USING 'n' || n", servers)
        return database
    }

    private func change(_ sql: String, _ servers: DatabaseServers) throws {
        try PostgreSQLDatabase(servers.postgreSQL).script(sql)
    }

    private func ask(_ database: PostgreSQLDatabase) throws(SQLError) -> String? {
        try database.first(Self.text, [.integer(1)]) { row in row.text(1) } ?? nil
    }

    @Test("a kept statement is made anew when its table has changed, and nobody is told")
    func alone() throws {
        let servers = try DatabaseServers.shared.get()
        let database = try connection(servers)
        #expect(try ask(database) == "n7")
        let all = "SELECT * FROM outdated"
        #expect(try database.first(all) { $0.integer(0) } == 1)
        try change("ALTER TABLE outdated ADD more INT DEFAULT 3", servers)
        #expect(try database.first(all) { $0.integer(2) } == 3)
        try change("ALTER TABLE outdated ALTER n TYPE bytea USING '\\x01'", servers)
        var bytes: [[UInt8]?] = []
        try database.stream(Self.text, [.integer(1)]) { bytes.append($0.bytes(1)) }
        #expect(bytes == [[1]])
    }

    @Test("in a transaction it is told that one may try again, and then it is as it should be")
    func together() throws {
        let servers = try DatabaseServers.shared.get()
        let database = try connection(servers)
        var reason: SQLError.Reason?
        do throws(SQLError) {
            try database.transaction(.writing) { () throws(SQLError) in
                try database.execute("UPDATE outdated SET n = ?", [.text("lost")])
                _ = try ask(database)
            }
        } catch {
            reason = error.reason
        }
        #expect(reason == .outdated)
        let again = try database.transaction(.writing) { () throws(SQLError) in try ask(database) }
        #expect(again == "n7")
    }

    @Test("what a server doesn't support is no statement that is outdated")
    func unsupported() throws {
        let database = try PostgreSQLDatabase(try DatabaseServers.shared.get().postgreSQL)
        try database.script(
            """
            CREATE TEMP TABLE viewed (a INT);
            CREATE TEMP VIEW viewing AS SELECT a FROM viewed;
            """)
        var reason: SQLError.Reason?
        do throws(SQLError) {
            try database.execute("ALTER TABLE viewed ALTER a TYPE text")
        } catch {
            reason = error.reason
        }
        #expect(reason == .other)
    }
}
