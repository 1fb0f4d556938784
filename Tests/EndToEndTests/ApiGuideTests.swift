import Foundation
import SQL
import SQLServers
import TestSupport
import Testing

/// The guide to an API, done as it is written: its blocks in order, in one shell.
@Suite(.serialized) struct ApiGuideTests {
    private func check(_ result: SteadProcess.Result) {
        #expect(result.status == 0, "\(result.everything)")
        let output = result.output
        #expect(output.contains("filter: owner"), "\(result.everything)")
        // An introspected schema plans to no change: only the app is new.
        #expect(output.contains("+ app/shop"), "\(result.everything)")
        #expect(output.contains("Plan: 1 to create"), "\(result.everything)")
        #expect(output.contains(#""title":"Call Charles""#), "\(result.everything)")
        #expect(output.contains(#""user":{"email":"ada@example.com"}"#), "\(result.everything)")
        #expect(output.contains(#"{"title":"Call Charles","done":false}"#), "\(result.everything)")
    }

    /// The guide's commands, on a port of the test's own.
    private func script(_ guide: Guide) throws -> String {
        let script = guide.script().replacing("8085", with: "\(try LoopbackListener().port)")
        #expect(script.contains("stead gateway"))
        return script
    }

    @Test("every command of the guide does what it says, from a database to a signed-in request")
    func fiveMinutes() throws {
        let scratch = try Scratch()
        check(try Guide.run(try script(Guide("api-in-five-minutes")), in: scratch.root))
    }

    /// The guide's tables, in the block that begins with the engine's name.
    private func tables(_ guide: Guide, of engine: String) -> String {
        let lines = guide.lines(of: "sql")
        let begin = lines.firstIndex { $0 == "-- \(engine)" } ?? lines.endIndex
        return lines[begin...].dropFirst().prefix { !$0.hasPrefix("-- ") }.joined(separator: "\n")
    }

    @Test(
        "the same commands begin from a server's database, with the line that the guide names",
        arguments: ["PostgreSQL", "MariaDB"])
    func servers(_ engine: String) throws {
        let servers = try DatabaseServers.shared.get()
        let isPostgreSQL = engine == "PostgreSQL"
        var settings = isPostgreSQL ? servers.postgreSQL : servers.mariaDB
        let guide = try Guide("api-in-five-minutes")
        let tables = tables(guide, of: engine)
        #expect(tables.contains("CREATE TABLE notes"))
        for (database, text) in [
            (settings.database, "CREATE DATABASE shop"), ("shop", tables),
        ] {
            settings.database = database
            for statement in text.split(separator: ";").map(String.init) {
                if isPostgreSQL {
                    try PostgreSQLDatabase(settings).script(statement)
                } else {
                    try MariaDBDatabase(settings).script(statement)
                }
            }
        }
        guard case .tcp(let host, let port) = settings.endpoint else { return }
        let scratch = try Scratch()
        let file = try scratch.secret("shop.password", settings.password ?? "")

        var script = try script(guide)
        let (scheme, name) = isPostgreSQL ? ("postgres", "postgres") : ("mysql", "mariadb")
        for (there, here) in [
            ("sqlite:shop.db", "\(scheme)://shop@db.example.com/shop"),
            (
                "{engine: sqlite, path: $PWD/shop.db}",
                "{engine: \(name), host: db.example.com, name: shop, user: shop, "
                    + "passwordFile: /etc/stead/shop.password}"
            ),
        ] {
            #expect(script.contains(there) && guide.text.contains(here), "\(here)")
            script = script.replacing(there, with: here)
        }
        // Where the tests' own server is.
        script = script.replacing("shop@db.example.com", with: "\(settings.user)@\(host):\(port)")
            .replacing("host: db.example.com", with: "host: \(host), port: \(port)")
            .replacing("user: shop", with: "user: \(settings.user)")
            .replacing("/etc/stead/shop.password", with: file)
        let lines = script.split(separator: "\n", omittingEmptySubsequences: false)
        let begin = try #require(lines.firstIndex { $0.hasPrefix("sqlite3 ") })
        let end = try #require(lines.firstIndex { $0 == "SQL" })
        let walk = (lines[..<begin] + lines[(end + 1)...]).joined(separator: "\n")
        check(
            try Guide.run(
                walk, in: scratch.root,
                environment: [
                    "STEAD_DATABASE_PASSWORD": settings.password ?? "",
                    "STEAD_SECRETS": scratch.root,
                ]))
    }
}
