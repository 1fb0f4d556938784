import Foundation
import SQL
import TestSupport
import Testing

/// Sign-ins that end, and keys that change, while several gateways serve one app.
@Suite(.serialized) struct SessionEndsTests {
    private static let tables = """
          users:
            fields:
              id: {type: int, primary: true, auto: true}
              email: {type: string, max: 190, required: true, unique: true}
              password_hash: {type: string, max: 100, required: true}
            filter: owner
            crud: [list, show, update]
          notes:
            fields:
              id: {type: int, primary: true, auto: true}
              user_id: {type: int, required: true, foreign: users.id}
            filter: owner
        """

    private static func app(_ engine: Engine) -> AppFixture {
        AppFixture(
            name: "ends-\(engine.rawValue)", engine: engine, tables: tables,
            settings: "auth: {table: users, login: email, password: password_hash, "
                + "register: true}\n")
    }

    /// Signs somebody up, or in.
    private func sign(_ path: String, _ client: Client, _ email: String) throws -> Answer {
        let answer = try client.ask(
            "POST", path, #"{"email":"\#(email)","password":"correct horse"}"#,
            [Client.elsewhere])
        client.token = try #require(answer.data["token"] as? String, "\(answer)")
        return answer
    }

    @Test("a sign-in that has ended is over at every gateway, and after a restart")
    func ended() throws {
        let site = try Site(Engine.allCases.map(Self.app))
        let another = try site.another()
        defer { another.process?.end() }
        var clients: [Client] = []
        for engine in Engine.allCases {
            let client = try site.client("ends-\(engine.rawValue)")
            _ = try sign("auth/register", client, "ada@x.test")
            let other = Client(site, client.app, as: client.token, port: another.port)
            let laptop = Client(site, client.app, port: another.port)
            _ = try sign("auth/login", laptop, "ada@x.test")
            #expect(try other.ask("GET", "notes").status == 200)
            #expect(try client.ask("POST", "auth/logout", "{}").status == 200)
            let here = try client.ask("GET", "auth/me")
            #expect(here.status == 401 && here.code == "token_revoked", "\(here)")
            #expect(try site.wait { try other.ask("GET", "notes").status == 401 }, "\(engine)")
            #expect(try laptop.ask("GET", "notes").status == 200, "the other sign-in goes on")
            // A new password ends what was begun with the old one.
            _ = try sign("auth/login", client, "ada@x.test")
            let changed = try client.ask(
                "POST", "auth/password",
                #"{"current":"correct horse","new":"battery staple"}"#)
            #expect(changed.status == 200, "\(changed)")
            #expect(try site.wait { try laptop.ask("GET", "notes").status == 401 }, "\(engine)")
            #expect(try client.ask("GET", "notes").status == 200)
            clients += [other, laptop].map { Client(site, $0.app, as: $0.token) }
        }
        site.stop()
        try site.start()
        for client in clients {
            let answer = try client.ask("GET", "notes")
            #expect(answer.status == 401, "\(client.app) forgot: \(answer)")
        }
    }

    @Test("ends whose tokens have expired are forgotten, and a release takes none back")
    func forgotten() throws {
        let site = try Site([Self.app(.sqlite)])
        let client = try site.client("ends-sqlite")
        _ = try sign("auth/register", client, "ada@x.test")
        #expect(try client.ask("POST", "auth/logout", "{}").status == 200)
        let ended = client.token
        let database = try SQLiteDatabase(
            .file(site.scratch.path("state/databases/ends-sqlite.db")))
        try database.execute("INSERT INTO _stead_session_ends VALUES (1000, 'old')")
        _ = try sign("auth/login", client, "ada@x.test")
        let left = try database.all("SELECT family FROM _stead_session_ends") { $0.text(0) ?? "" }
        #expect(left.count == 1 && left != ["old"], "\(left)")
        var next = Self.app(.sqlite)
        next.tables = Self.tables.replacing(
            "user_id: {type: int, required: true, foreign: users.id}",
            with: "user_id: {type: int, required: true, foreign: users.id}\n"
                + "      text: {type: text}")
        try next.write(to: site.scratch, servers: nil)
        try site.apply()
        let isServed = try site.wait { try client.ask("GET", "notes?fields=text").status == 200 }
        #expect(isServed)
        client.token = ended
        #expect(try client.ask("GET", "notes").status == 401)
    }

    @Test("a sign-in's end is not taken for unknown while the database is away")
    func away() throws {
        let servers = try DatabaseServers()
        defer { servers.end() }
        let site = try Site([Self.app(.postgres)], servers: servers)
        let client = try site.client("ends-postgres")
        _ = try sign("auth/register", client, "ada@x.test")
        #expect(try client.ask("POST", "auth/logout", "{}").status == 200)
        site.stop()
        servers.kill()
        try site.start()
        #expect(try client.ask("GET", "notes").status == 503)
        try servers.start()
        #expect(try site.wait { try client.ask("GET", "notes").status != 503 })
        #expect(try client.ask("GET", "notes").status == 401)
    }

    // MARK: - Keys

    private func kid(_ token: String?) throws -> String {
        let part = try #require(token?.split(separator: ".").first)
        var text = String(part).replacing("-", with: "+").replacing("_", with: "/")
        while text.count % 4 != 0 { text += "=" }
        let header = try JSONSerialization.jsonObject(with: Data(base64Encoded: text) ?? Data())
        return try #require((header as? [String: Any])?["kid"] as? String)
    }

    private func rotate(_ site: Site, _ arguments: String...) throws -> [String: Any] {
        let result = try site.stead.run(
            ["app", "rotate-key", "ends-sqlite", "--format", "json"] + arguments)
        #expect(result.status == 0, "\(result.everything)")
        let json = try JSONSerialization.jsonObject(with: Data(result.output.utf8))
        return try #require(json as? [String: Any])
    }

    @Test("a new key signs from now on, the old one's tokens run out, and nobody is signed out")
    func rotated() throws {
        let site = try Site([Self.app(.sqlite)])
        let another = try site.another()
        defer { another.process?.end() }
        let client = try site.client("ends-sqlite")
        let first = try sign("auth/register", client, "ada@x.test")
        let old = try #require(client.token)
        let file = try site.scratch.read("state/keys/ends-sqlite.json")
        #expect(try rotate(site, "--dry-run")["isDryRun"] as? Bool == true)
        #expect(try site.scratch.read("state/keys/ends-sqlite.json") == file)

        let rotation = try rotate(site)
        let new = try #require(rotation["kid"] as? String)
        #expect(try new != kid(old))
        let isTaken = try site.wait {
            _ = try sign("auth/login", client, "ada@x.test")
            return try kid(client.token) == new
        }
        #expect(isTaken)
        for port in [site.port, another.port] {
            for token in [old, client.token] {
                let answer = try Client(site, client.app, as: token, port: port).ask("GET", "notes")
                #expect(answer.status == 200, "\(answer)")
            }
        }
        let mode = try FileManager.default.attributesOfItem(
            atPath: site.scratch.path("state/keys/ends-sqlite.json"))[.posixPermissions]
        #expect(mode as? Int == 0o600)

        #expect(try rotate(site, "--overlap", "0s")["former"] as? [String] == [])
        for port in [site.port, another.port] {
            for token in [old, client.token] {
                let stranger = Client(site, client.app, as: token, port: port)
                #expect(try site.wait { try stranger.ask("GET", "notes").status == 401 })
            }
        }
        let refresh = try #require(first.data["refresh_token"] as? String)
        let renewed = try client.ask("POST", "auth/refresh", #"{"refresh_token":"\#(refresh)"}"#)
        #expect(renewed.status == 200, "\(renewed)")
        client.token = renewed.data["token"] as? String
        #expect(try client.ask("GET", "notes").status == 200)
        let log = try site.stead.run(["audit", "list", "--action", "key.rotated"])
        #expect(log.output.split(separator: "\n").count == 2, "\(log.everything)")
    }

    @Test("what can't be rotated is said, and a file that holds no keys leaves the ones before")
    func refused() throws {
        let site = try Site([Self.app(.sqlite)])
        let unknown = try site.stead.run(["app", "rotate-key", "ends-sqlit"])
        #expect(unknown.status == 1 && unknown.everything.contains("ends-sqlite"))
        let usage = try site.stead.run(["app", "rotate-key", "ends-sqlite", "--overlap", "soon"])
        #expect(usage.status == 64, "\(usage.everything)")
        let client = try site.client("ends-sqlite")
        _ = try sign("auth/register", client, "ada@x.test")
        try site.scratch.write("state/keys/ends-sqlite.json", "{}")
        #expect(
            try site.wait { try site.scratch.read("gateway.log").contains("the ones before stay") })
        #expect(try client.ask("GET", "notes").status == 200)
        let broken = try site.stead.run(["app", "rotate-key", "ends-sqlite"])
        #expect(broken.status == 1, "\(broken.everything)")
    }
}
