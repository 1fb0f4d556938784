import Foundation
import TestSupport
import Testing

/// Signing in, and what an app's own queries find, on every engine.
@Suite(.serialized) struct SignInTests {
    private static let tables = """
          users:
            fields:
              id: {type: int, primary: true, auto: true}
              email: {type: string, max: 190, required: true, unique: true}
              password_hash: {type: string, max: 100, required: true}
              secret: {type: string, max: 20, read: never, write: never}
              role: {type: string, max: 20, default: member}
            filter: owner
            crud: [list, show, update]
          notes:
            fields:
              id: {type: int, primary: true, auto: true}
              user_id: {type: int, required: true, foreign: users.id}
              text: {type: string, max: 80}
              weight: {type: int}
              deleted_at: {type: datetime}
            filter: owner
            filters: {heavy: "weight > :least"}
        """

    private static let members = """
          users:
            fields:
              id: {type: int, primary: true, auto: true}
              email: {type: string, max: 190, required: true, unique: true}
              password_hash: {type: string, max: 100, required: true}
              role: {type: string, max: 20, default: member}
              deleted_at: {type: datetime}
            filter: owner
        """

    private static let query = """
        kind: Query
        name: mine
        sql: "SELECT n.id, n.text FROM {notes} n WHERE n.text <> :but ORDER BY n.id"
        parameters: {but: {type: string, default: ""}}
        columns: {id: {type: int}, text: {type: string}}
        """

    private static let site: Result<Site, any Error> = Result {
        let auth = "auth: {table: users, login: email, password: password_hash, role: role, "
        let apps = Engine.allCases.flatMap { engine in
            [
                AppFixture(
                    name: "people-\(engine.rawValue)", engine: engine, tables: tables,
                    settings: auth + "register: true, loginData: [mine]}\n",
                    queries: ["mine": query]),
                AppFixture(
                    name: "members-\(engine.rawValue)", engine: engine, tables: members,
                    settings: auth + "register: true}\n"),
            ]
        }
        let site = try Site(apps)
        atexit { try? SignInTests.site.get().stop() }
        return site
    }

    private let site: Site

    init() throws {
        site = try Self.site.get()
    }

    private static let password = "correct horse"

    /// Somebody who has registered, from an address of their own.
    private func person(_ engine: Engine) throws -> (client: Client, email: String, refresh: String)
    {
        let client = try site.client("people-\(engine.rawValue)")
        let email = UUID().uuidString.lowercased() + "@x.test"
        let answer = try sign("auth/register", client, email)
        #expect(answer.status == 201, "\(answer)")
        client.token = try #require(answer.data["token"] as? String)
        return (client, email, try #require(answer.data["refresh_token"] as? String))
    }

    private func sign(
        _ path: String, _ client: Client, _ email: String, password: String = password
    ) throws -> Answer {
        try client.ask(
            "POST", path, #"{"email":"\#(email)","password":"\#(password)"}"#,
            [Client.elsewhere])
    }

    @Test("a wrong password and an unknown login are told the same", arguments: Engine.allCases)
    func wrong(_ engine: Engine) throws {
        let (client, email, _) = try person(engine)
        client.token = nil
        let wrong = try sign("auth/login", client, email, password: "battery staple")
        let unknown = try sign("auth/login", client, "nobody-" + email)
        #expect(wrong.status == 401 && unknown.status == 401)
        #expect(wrong.json["code"] as? String == unknown.json["code"] as? String)
        #expect(wrong.json["message"] as? String == unknown.json["message"] as? String)
        #expect(try sign("auth/login", client, email).status == 200)
    }

    @Test(
        "who is deleted can't sign in, and registers anew by the same e-mail",
        arguments: Engine.allCases)
    func anew(_ engine: Engine) throws {
        let client = try site.client("members-\(engine.rawValue)")
        let email = UUID().uuidString.lowercased() + "@x.test"
        let first = try sign("auth/register", client, email)
        #expect(first.status == 201, "\(first)")
        let taken = try sign("auth/register", client, email)
        #expect(taken.status == 409 && taken.problems == ["email:unique"], "\(taken)")
        client.token = try #require(first.data["token"] as? String)
        let id = try #require(try client.ask("GET", "auth/me").data["id"] as? Int)
        #expect(try client.ask("DELETE", "users/\(id)").status == 200)
        client.token = nil
        #expect(try sign("auth/login", client, email).status == 401)
        let second = try sign("auth/register", client, email, password: "battery staple")
        #expect(second.status == 201, "\(second)")
        #expect(try sign("auth/login", client, email).status == 401)
        #expect(try sign("auth/login", client, email, password: "battery staple").status == 200)
    }

    @Test("who registers is told all that is wrong, and what it is")
    func registration() throws {
        let client = try site.client("people-sqlite")
        for (body, problems) in [
            (#"{"email":"a@x.test","password":""}"#, "password: must not be empty"),
            (#"{"email":"a@x.test","password":7}"#, "password: must be a string"),
            (#"{"email":"a@x.test"}"#, "password: is required"),
            (#"{"email":"a@x.test","password":"short"}"#, "password: must have at least 8"),
            (#"{"email":"","password":""}"#, "password: must not be empty,email: must not be"),
            (#"{"password":""}"#, "password: must not be empty,email: is required"),
        ] {
            let answer = try client.ask(
                "POST", "auth/register", body, [Client.elsewhere])
            #expect(answer.status == 422, "\(body): \(answer)")
            let errors = answer.json["errors"] as? [[String: Any]] ?? []
            let told = errors.map { "\($0["field"] ?? ""): \($0["message"] ?? "")" }
            #expect(told.joined(separator: ",").hasPrefix(problems), "\(body): \(answer)")
            #expect(told.count == problems.split(separator: ",").count, "\(body): \(answer)")
        }
        let login = try client.ask("POST", "auth/login", #"{"email":"a@x.test","password":""}"#)
        #expect(login.body.contains("must not be empty"), "\(login)")
    }

    @Test("nobody gives a role to themselves", arguments: Engine.allCases)
    func role(_ engine: Engine) throws {
        let (client, email, _) = try person(engine)
        let me = try client.ask("GET", "auth/me")
        #expect(me.data["role"] as? String == "member", "\(me)")
        let id = try #require(me.data["id"] as? Int)
        #expect(try client.ask("PATCH", "users/\(id)", #"{"role":"admin"}"#).status == 422)
        client.token = nil
        let registered = try client.ask(
            "POST", "auth/register",
            #"{"email":"a\#(email)","password":"\#(Self.password)","role":"admin"}"#,
            [Client.elsewhere])
        #expect(registered.status == 422, "\(registered)")
    }

    @Test("a path that has no such method says which it has")
    func methods() throws {
        let (client, _, _) = try person(.sqlite)
        #expect(try client.ask("PUT", "notes")["Allow"] == "GET, HEAD, POST, PATCH, DELETE")
        #expect(try client.ask("POST", "notes/1")["Allow"] == "GET, HEAD, PUT, PATCH, DELETE")
        #expect(try client.ask("DELETE", "users/1")["Allow"] == "GET, HEAD, PUT, PATCH")
        #expect(try client.ask("DELETE", "auth/me")["Allow"] == "GET, HEAD")
        let (head, whole) = (try client.ask("HEAD", "auth/me"), try client.ask("GET", "auth/me"))
        #expect(head.status == 200 && whole.status == 200, "\(head)")
        #expect(head["Content-Length"] == whole["Content-Length"] && head.body.isEmpty)
    }

    @Test("too many tries at one account are refused, and told when to try again")
    func limited() throws {
        let (client, email, _) = try person(.sqlite)
        client.token = nil
        var statuses: [Int] = []
        var last: Answer?
        for _ in 0..<12 {
            last = try sign("auth/login", client, email, password: "battery staple")
            statuses.append(last?.status ?? 0)
        }
        #expect(statuses.prefix(10).allSatisfy { $0 == 401 }, "\(statuses)")
        #expect(statuses.last == 429, "\(statuses)")
        #expect(last?["Retry-After"].flatMap { Int($0) } ?? 0 > 0)
        #expect(try sign("auth/login", client, email).status == 429, "right ones are no way round")
    }

    @Test(
        "a refresh token is good once, and its second use ends the sign-in",
        arguments: Engine.allCases)
    func refreshed(_ engine: Engine) throws {
        let (client, _, refresh) = try person(engine)
        let body = #"{"refresh_token":"\#(refresh)"}"#
        let address = [Client.elsewhere]
        let next = try client.ask("POST", "auth/refresh", body, address)
        #expect(next.status == 200, "\(next)")
        client.token = try #require(next.data["token"] as? String)
        #expect(try client.ask("GET", "auth/me").status == 200)
        #expect(try client.ask("POST", "auth/refresh", body, address).status == 401)
        #expect(try client.ask("GET", "auth/me").status == 401, "the family is no longer trusted")
    }

    @Test("signing out and a new password end what they should", arguments: Engine.allCases)
    func ended(_ engine: Engine) throws {
        let (client, email, _) = try person(engine)
        let other = try site.client(client.app)
        other.token = try sign("auth/login", other, email).data["token"] as? String
        let address = [Client.elsewhere]
        let wrong = try client.ask(
            "POST", "auth/password", #"{"current":"nonsense","new":"battery staple"}"#, address)
        #expect(wrong.status == 403)
        let changed = try client.ask(
            "POST", "auth/password", #"{"current":"\#(Self.password)","new":"battery staple"}"#,
            address)
        #expect(changed.status == 200, "\(changed)")
        #expect(try client.ask("GET", "auth/me").status == 200, "one's own sign-in goes on")
        #expect(try other.ask("GET", "auth/me").status == 401)
        #expect(try sign("auth/login", other, email).status == 401)
        #expect(try sign("auth/login", other, email, password: "battery staple").status == 200)
        #expect(try client.ask("POST", "auth/logout", "{}").status == 200)
        #expect(try client.ask("GET", "auth/me").status == 401)
    }

    @Test("queries find one's own rows, and come along at sign-in", arguments: Engine.allCases)
    func queries(_ engine: Engine) throws {
        let (client, email, _) = try person(engine)
        let (stranger, _, _) = try person(engine)
        for text in ["a", "b", "c"] {
            _ = try client.ask("POST", "notes", #"{"text":"\#(text)","weight":5}"#)
        }
        _ = try stranger.ask("POST", "notes", #"{"text":"theirs"}"#)
        let notes = try client.ask("GET", "notes?order=id")
        let last = try #require(notes.rows.last?["id"] as? Int)
        #expect(try client.ask("DELETE", "notes/\(last)").status == 200)
        let found = try client.ask("GET", "mine?but=a")
        #expect(found.rows.compactMap { $0["text"] as? String } == ["b"], "\(found)")
        let login = try sign("auth/login", client, email)
        let data = login.data["login_data"] as? [String: [[String: Any]]]
        #expect(data?["mine"]?.count == 2, "\(login)")
        let heavy = try client.ask("GET", "notes?filter=heavy&least=4")
        #expect(heavy.rows.count == 2, "\(heavy)")
        let bad = try client.ask("GET", "notes?filter=heavy&least=0;drop")
        #expect(bad.status == 400, "\(bad)")
        #expect(
            try client.ask("PATCH", "notes?id[gt]=0&limit=1&max-affected=5", "{}").status == 400)
    }

    @Test("an app that is deleted from git is withdrawn, and its tables are put aside")
    func deleted() throws {
        let site = try Site([
            AppFixture(
                name: "gone", tables: "  a: {fields: {id: {type: int, primary: true, auto: true}}}")
        ])
        let client = try site.client("gone", as: 1)
        #expect(try client.ask("POST", "a", "{}").status == 201)
        try site.scratch.remove("repo/desired/apps")
        try site.scratch.write(
            "repo/desired/servers/here.yaml", "kind: Server\nname: here\ntransport: local\n")
        try site.apply()
        #expect(try site.wait { try client.ask("GET", "a").status == 404 })
    }
}
