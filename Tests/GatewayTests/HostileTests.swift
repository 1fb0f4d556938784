import Foundation
import Identity
import TestSupport
import Testing

/// Requests that nobody of good will would send.
@Suite(.serialized) struct HostileTests {
    private static let tables = """
          notes:
            fields:
              id: {type: int, primary: true, auto: true}
              user_id: {type: int, required: true, foreign: users.id}
              text: {type: string, max: 80}
              extra: {type: json}
              created_at: {type: datetime, createdAt: true}
              deleted_at: {type: datetime}
            filter: owner
            filters: {like: "text = :wanted"}
          users:
            fields:
              id: {type: int, primary: true, auto: true}
              email: {type: string, max: 190, required: true, unique: true}
              password_hash: {type: string, max: 100, required: true}
              role: {type: string, max: 20, default: member, write: [admin]}
            filter: owner
            crud: [list, show, update]
        """

    private static let site: Result<Site, any Error> = Result {
        let apps = Engine.allCases.map { engine in
            AppFixture(
                name: "hostile-\(engine.rawValue)", engine: engine, tables: tables,
                settings: "auth: {table: users, login: email, password: password_hash, "
                    + "role: role, register: true}\n")
        }
        let site = try Site(apps)
        atexit { try? HostileTests.site.get().end() }
        return site
    }

    private let site: Site

    init() throws {
        site = try Self.site.get()
    }

    /// Somebody new, with a note.
    private func person(_ engine: Engine = .sqlite) throws -> (client: Client, id: Int, note: Int) {
        let client = try site.client("hostile-\(engine.rawValue)")
        let name = UUID().uuidString.lowercased()
        let answer = try client.ask(
            "POST", "auth/register", #"{"email":"\#(name)@x.test","password":"correct horse"}"#,
            [Client.elsewhere])
        let token = try #require(answer.data["token"] as? String, "\(answer)")
        client.token = token
        let user = answer.data["user"] as? [String: Any] ?? [:]
        let note = try client.ask("POST", "notes", #"{"text":"secret of \#(name)"}"#)
        return (
            client, try #require(user["id"] as? Int),
            try #require(note.data["id"] as? Int, "\(note)")
        )
    }

    private static let hostile = [
        "'; DROP TABLE notes; --", "1 OR 1=1", "\") OR 1=1 --", "`; DELETE FROM users; #", "\\'",
        "*/ UNION SELECT password_hash FROM users /*", "?", "$1", ":user_id",
    ]

    @Test("no text is ever read as SQL, wherever it stands", arguments: Engine.allCases)
    func injection(_ engine: Engine) throws {
        let (client, _, note) = try person(engine)
        for text in Self.hostile {
            let word = text.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
            for target in [
                "notes?\(word)=1", "notes?text[\(word)]=1", "notes?order=\(word)",
                "notes?fields=\(word)", "notes?include=\(word)", "notes?cursor=\(word)",
                "notes?limit=\(word)", "notes?count=\(word)", "notes?filter=\(word)",
                "notes?or=(\(word).eq.1)", "notes?or=(text.\(word).1)", "notes?id[in]=\(word)",
                "notes?on_conflict=\(word)", "notes/\(word)", "\(word)",
            ] {
                let answer = try client.ask("GET", target)
                #expect((200..<500).contains(answer.status), "\(target): \(answer)")
                if answer.status == 200 { #expect(answer.rows.count <= 1, "\(target)") }
            }
            for operation in ["eq", "like", "ilike", "contains", "in", "gt", "nin"] {
                let answer = try client.ask("GET", "notes?text[\(operation)]=\(word)")
                #expect(answer.status == 200, "\(operation) \(text): \(answer)")
            }
            let named = try client.ask("GET", "notes?filter=like&wanted=\(word)")
            #expect(named.status == 200 && named.rows.isEmpty, "\(named)")
            let body = String(
                decoding: try JSONSerialization.data(withJSONObject: ["text": text, "extra": text]),
                as: UTF8.self)
            let made = try client.ask("POST", "notes", body, ["Prefer: \(text)", "If-Match: *"])
            #expect(made.data["text"] as? String == text, "\(made)")
            #expect(try client.ask("GET", "notes?text=\(word)").rows.count == 1)
            _ = try client.ask("DELETE", "notes/\(made.data["id"] ?? 0)")
        }
        #expect(try client.ask("GET", "notes/\(note)").status == 200)
    }

    @Test("nobody sets what is not theirs to set", arguments: Engine.allCases)
    func massAssignment(_ engine: Engine) throws {
        let (client, me, note) = try person(engine)
        for field in [
            #""id":7000"#, #""user_id":7000"#, #""created_at":"2020-01-01T00:00:00Z""#,
            #""deleted_at":"2020-01-01T00:00:00Z""#, #""_deleted":1"#,
        ] {
            for (method, target) in [("POST", "notes"), ("PATCH", "notes/\(note)")] {
                let answer = try client.ask(method, target, #"{"text":"x",\#(field)}"#)
                #expect(answer.status == 422, "\(method) \(field): \(answer)")
            }
        }
        for field in [#""role":"admin""#, #""password_hash":"x""#, #""id":1234567"#] {
            let answer = try client.ask("PATCH", "users/\(me)", "{\(field)}")
            #expect(answer.status == 422, "\(field): \(answer)")
            let register = try site.client(client.app).ask(
                "POST", "auth/register",
                #"{"email":"\#(UUID().uuidString)@x","password":"correct horse",\#(field)}"#,
                [Client.elsewhere])
            if register.status == 201 {
                let user = register.data["user"] as? [String: Any]
                #expect(user?["role"] as? String == "member" && user?["id"] as? Int != 1_234_567)
            } else {
                #expect(register.status == 422, "\(field): \(register)")
            }
        }
    }

    @Test("no other rows are written by registering")
    func registeredNested() throws {
        let stranger = try site.client("hostile-sqlite")
        let email = "\(UUID().uuidString)@x"
        let answer = try stranger.ask(
            "POST", "auth/register",
            #"{"email":"\#(email)","password":"correct horse","notes":[{"text":"x"}]}"#,
            [Client.elsewhere])
        #expect(answer.status == 422 && answer.problems == ["notes:read_only"], "\(answer)")
        let login = try stranger.ask(
            "POST", "auth/login", #"{"email":"\#(email)","password":"correct horse"}"#,
            [Client.elsewhere])
        #expect(login.status == 401, "nobody was made: \(login)")
    }

    @Test("other people's rows are not there, on any path", arguments: Engine.allCases)
    func strangers(_ engine: Engine) throws {
        let (ada, adaID, note) = try person(engine)
        let (bob, bobID, own) = try person(engine)
        for (method, target, body) in [
            ("GET", "notes/\(note)", nil), ("PATCH", "notes/\(note)", "{}"),
            ("PUT", "notes/\(note)", "{}"), ("DELETE", "notes/\(note)", nil),
            ("POST", "notes/\(note)/restore", nil), ("GET", "users/\(adaID)", nil),
            ("PATCH", "users/\(adaID)", "{}"), ("GET", "notes/\(note)?include=user", nil),
        ] as [(String, String, String?)] {
            let answer = try bob.ask(method, target, body)
            #expect(answer.status == 404, "\(method) \(target): \(answer)")
        }
        #expect(try bob.ask("GET", "notes?id=\(note)").rows.isEmpty)
        #expect(try bob.ask("GET", "notes?count=exact").meta["count"] as? Int == 1)
        let nested = try bob.ask(
            "PATCH", "users/\(bobID)", #"{"notes":[{"id":\#(note),"text":"mine"}]}"#)
        #expect(nested.status == 404, "\(nested)")
        let upsert = try bob.ask(
            "POST", "notes", #"{"id":\#(note),"text":"mine"}"#, ["Prefer: resolution=merge"])
        #expect((400..<500).contains(upsert.status), "\(upsert)")
        let many = try bob.ask("PATCH", "notes?id[gt]=0&max-affected=9", #"{"text":"mine"}"#)
        #expect((many.meta["affected"] as? [String: Int]) == ["notes": 1], "\(many)")
        // A cursor of somebody else's list leads through one's own rows only.
        _ = try ada.ask("POST", "notes", #"{"text":"second"}"#)
        let page = try ada.ask("GET", "notes?limit=1")
        let cursor = try #require(page.meta["next_cursor"] as? String)
        let rows = try bob.ask("GET", "notes?limit=9&cursor=\(cursor)").rows
        #expect(rows.allSatisfy { $0["id"] as? Int == own })
        #expect(try ada.ask("GET", "notes/\(note)").data["text"] as? String != "mine")
    }

    @Test("what one can't read can't be asked about either")
    func sideChannels() throws {
        let (client, me, _) = try person()
        for target in [
            "users?password_hash[like]=$2*", "users?order=password_hash",
            "users?fields=password_hash", "users?or=(password_hash.like.$2*)",
            "users?password_hash[null]=false", "notes?include=user(password_hash)",
        ] {
            let answer = try client.ask("GET", target)
            #expect(answer.code == "unknown_field", "\(target): \(answer)")
        }
        #expect(try !client.ask("GET", "users/\(me)").body.contains("$2"))
    }

    @Test("a token that was not made here proves nothing")
    func tokens() throws {
        let (client, me, _) = try person()
        let good = try #require(client.token)
        let parts = good.split(separator: ".").map(String.init)
        func header(_ text: String) -> String { Base64URL.encode(Array(text.utf8)) }
        let other = try site.token("hostile-mariadb", subject: "\(me)")
        let foreign = try KeySet(current: SigningKey.generate(.hs256)).sign(
            TokenClaims(
                issuer: "stead", audience: client.app, subject: "\(me)",
                expiresAt: 4_000_000_000, role: "admin"))
        let claims = #"{"iss":"stead","aud":"\#(client.app)","sub":"1","exp":4000000000}"#
        for token in [
            other, foreign, parts[0] + "." + parts[1] + ".", parts[0] + "." + parts[1],
            header(#"{"alg":"none"}"#) + "." + header(claims) + ".",
            header(#"{"alg":"HS512"}"#) + "." + parts[1] + "." + parts[2],
            parts[0] + "." + header(claims) + "." + parts[2], "x", "", "a.b.c", good + "x",
            String(repeating: "a", count: 9000),
        ] {
            client.token = token
            let answer = try client.ask("GET", "notes")
            #expect(answer.status == 401, "\(token.prefix(60)): \(answer)")
        }
        client.token = good
        #expect(try client.ask("GET", "notes").status == 200)
    }

    @Test("JSON that is no JSON is refused, and what follows is answered")
    func json() throws {
        let (client, _, _) = try person()
        let deep = String(repeating: "[", count: 100_000)
        for body in [
            deep, deep + String(repeating: "]", count: 100_000), #"{"text":"a","text":"b"}"#,
            #"{"text":"\ud800"}"#, #"{"text":"\udc00\ud800"}"#, "{\"text\":\"\u{1}\"}",
            #"{"extra":1\#(String(repeating: "0", count: 5000))}"#, "", " ", "{", "nul", "[1,]",
            "{\"text\":\"a\"}x", #"{'text':'a'}"#, "\u{feff}{}", #"{"text":"\u00g0"}"#,
        ] {
            let answer = try client.ask("POST", "notes", body)
            #expect(answer.status == 400, "\(body.prefix(40)): \(answer)")
        }
        #expect(try client.ask("POST", "notes", #"{"extra":1e400,"text":"ok"}"#).status < 500)
        #expect(try client.ask("GET", "notes").status == 200)
    }

    @Test("a body of more than the limit is refused, and the gateway serves on")
    func bodies() throws {
        let (client, _, _) = try person()
        let head = client.request(
            "POST", "/api/notes", nil,
            ["Content-Type: application/json", "Content-Length: 1073741824"])
        let declared = try Wire(port: site.port)
        try declared.send(head)
        #expect(try declared.answer().status == 413)
        let chunked = try Wire(port: site.port)
        try chunked.send(
            client.request(
                "POST", "/api/notes", nil,
                ["Content-Type: application/json", "Transfer-Encoding: chunked"]))
        let chunk = "10000\r\n" + String(repeating: " ", count: 65_536) + "\r\n"
        for _ in 0..<64 { guard (try? chunked.send(chunk)) != nil else { break } }
        _ = try? chunked.send("0\r\n\r\n")
        #expect(try chunked.answer().status == 413)
        #expect(try client.ask("GET", "notes").status == 200)
    }

    @Test("half requests and absurd URLs harm nobody")
    func urls() throws {
        let (client, _, _) = try person()
        let half = try Wire(port: site.port)
        try half.send("GET /api/notes HTTP/1.1\r\nHost: ")
        let slow = try Wire(port: site.port)
        for byte in client.request("GET", "/api/notes").utf8 { try slow.send([byte]) }
        #expect(try slow.answer().status == 200)
        for (target, status) in [
            ("notes?text=%", 400), ("notes?text=%zz", 400), ("notes?text=%ff", 400),
            ("notes?text=%00", 400), ("notes/%00", 400), ("%2e%2e/%2e%2e/etc/passwd", 404),
            ("notes/../users", 404), ("notes//", 200), ("/notes", 200), ("notes/1%2F2", 404),
            ("notes?" + String(repeating: "text=1&", count: 600), 400),
            ("notes?text=" + String(repeating: "a", count: 20_000), 414), ("notes?&&=&", 400),
            ("notes?or=" + String(repeating: "(", count: 5000), 400),
            ("notes?include=" + String(repeating: "user(", count: 500), 400),
        ] {
            let answer = try client.ask("GET", target)
            #expect(answer.status == status, "\(target.prefix(60)): \(answer)")
        }
        for text in ["\r\n\r\n", "GET\r\n\r\n", "GET / HTTP/9.9\r\n\r\n", "\u{0}\u{1}\r\n\r\n"] {
            let wire = try Wire(port: site.port)
            try wire.send(text)
            wire.finishSending()
            #expect(wire.isClosed())
        }
        #expect(try client.ask("GET", "notes").status == 200)
    }

    @Test("of two writers of one version one is told", arguments: Engine.allCases)
    func lostUpdate(_ engine: Engine) async throws {
        let (client, _, note) = try person(engine)
        for round in 0..<5 {
            let etag = try #require(try client.ask("GET", "notes/\(note)")["ETag"])
            let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                for writer in 0..<4 {
                    group.addTask { [site, app = client.app, token = client.token] in
                        try Client(site, app, as: token).ask(
                            "PATCH", "notes/\(note)", #"{"text":"\#(round) \#(writer)"}"#,
                            ["If-Match: \(etag)"]
                        ).status
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(statuses.sorted() == [200, 412, 412, 412], "\(engine)")
        }
    }
}
