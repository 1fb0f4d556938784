import Foundation
import TestSupport
import Testing

/// Who is gone, or is somebody else now, is signed out everywhere.
@Suite(.serialized) struct GonePeopleTests {
    /// People choose their keys, so that another one may have a key that was somebody's.
    private static func tables(_ stamp: String) -> String {
        """
          clubs:
            fields:
              id: {type: int, primary: true, auto: true}
              name: {type: string, max: 40}
            filter: all
          users:
            fields:
              id: {type: int, primary: true}
              email: {type: string, max: 190, required: true, unique: true}
              password_hash: {type: string, max: 100, required: true}
              role: {type: string, max: 20, default: member}
              club_id: {type: int, foreign: clubs.id, onDelete: cascade}
        \(stamp)    filter: {default: owner, admin: all}
          tags:
            fields:
              id: {type: int, primary: true, auto: true}
              name: {type: string, max: 40}
            filter: all
        """
    }

    private static func app(_ name: String, _ engine: Engine, stamp: String = "") -> AppFixture {
        AppFixture(
            name: "\(name)-\(engine.rawValue)", engine: engine, tables: tables(stamp),
            settings: "auth: {table: users, login: email, password: password_hash, "
                + "role: role, register: true}\n")
    }

    private struct Setting {
        let site: Site
        let another: (process: BackgroundProcess?, port: Int)
    }

    private static let setting: Result<Setting, any Error> = Result {
        let site = try Site(
            Engine.allCases.flatMap { engine in
                [
                    app("hard", engine),
                    app("soft", engine, stamp: "      deleted_at: {type: datetime}\n"),
                ]
            })
        atexit {
            try? GonePeopleTests.setting.get().another.process?.end()
            try? GonePeopleTests.setting.get().site.end()
        }
        return Setting(site: site, another: try site.another())
    }

    private let site: Site
    private let otherPort: Int

    init() throws {
        let setting = try Self.setting.get()
        site = setting.site
        otherPort = setting.another.port
    }

    /// Somebody who has registered, with the access token that another gateway is asked by.
    private struct Person {
        let id: Int
        let email: String
        let here: Client
        let there: Client
        let refresh: String
    }

    private func register(_ app: String, id: Int? = nil, club: Int? = nil) throws -> Person {
        let id = id ?? Int.random(in: 1000...2_000_000_000)
        let email = UUID().uuidString.lowercased() + "@x.test"
        let part = club.map { #","club_id":\#($0)"# } ?? ""
        let here = try site.client(app)
        let answer = try here.ask(
            "POST", "auth/register",
            #"{"id":\#(id),"email":"\#(email)","password":"correct horse"\#(part)}"#,
            [Client.elsewhere])
        let token = try #require(answer.data["token"] as? String, "\(answer)")
        here.token = token
        let there = Client(site, app, as: token, port: otherPort)
        #expect(try there.ask("GET", "tags").status == 200)
        return Person(
            id: id, email: email, here: here, there: there,
            refresh: try #require(answer.data["refresh_token"] as? String))
    }

    private func refresh(_ person: Person) throws -> Answer {
        try Client(site, person.here.app).ask(
            "POST", "auth/refresh", #"{"refresh_token":"\#(person.refresh)"}"#,
            [Client.elsewhere])
    }

    private func expectOver(
        _ person: Person, _ what: String, _ location: SourceLocation = #_sourceLocation
    ) throws {
        for (method, target, body) in [
            ("GET", "tags", nil), ("POST", "tags", #"{"name":"a"}"#), ("GET", "auth/me", nil),
        ] {
            let answer = try person.here.ask(method, target, body)
            #expect(answer.status == 401, "\(what): \(answer)", sourceLocation: location)
        }
        let renewed = try refresh(person)
        #expect(renewed.status == 401, "\(what): \(renewed)", sourceLocation: location)
        let isOver = try site.wait { try person.there.ask("GET", "tags").status == 401 }
        #expect(isOver, "\(what), at another gateway", sourceLocation: location)
    }

    @Test("a key that was somebody's is not theirs when another has it", arguments: Engine.allCases)
    func reused(_ engine: Engine) throws {
        let mallory = try register("hard-\(engine.rawValue)")
        #expect(try mallory.here.ask("DELETE", "users/\(mallory.id)").status == 200)
        let victim = try register("hard-\(engine.rawValue)", id: mallory.id)
        try expectOver(mallory, "\(engine)")
        #expect(try victim.here.ask("GET", "auth/me").data["email"] as? String == victim.email)
        #expect(try refresh(victim).status == 200)
    }

    @Test("who is deleted, in whatever way, is signed out", arguments: Engine.allCases)
    func deleted(_ engine: Engine) throws {
        let soft = "soft-\(engine.rawValue)"
        let hard = "hard-\(engine.rawValue)"
        let marked = try register(soft)
        #expect(try marked.here.ask("DELETE", "users/\(marked.id)").status == 200)
        try expectOver(marked, "by a stamp")

        let purged = try register(soft)
        let admin = try site.client(soft, as: 1, role: "admin")
        let purge = try admin.ask("DELETE", "users/\(purged.id)/purge?force=true")
        #expect(purge.status == 200, "\(purge)")
        try expectOver(purged, "purged")

        let some = try register(hard)
        let keeper = try site.client(hard, as: 1, role: "admin")
        let dry = try keeper.ask(
            "DELETE", "users?id=\(some.id)&max-affected=1", nil, ["Prefer: tx=rollback"])
        #expect(dry.status == 200, "\(dry)")
        #expect(try some.here.ask("GET", "tags").status == 200, "nothing was done")
        let bulk = try keeper.ask("DELETE", "users?id=\(some.id)&max-affected=1")
        #expect(bulk.status == 200, "\(bulk)")
        try expectOver(some, "of many")

        let club = try #require(try keeper.ask("POST", "clubs", "{}").data["id"] as? Int)
        let fellow = try register(hard, club: club)
        let stranger = try register(hard)
        #expect(try keeper.ask("DELETE", "clubs/\(club)").status == 200)
        try expectOver(fellow, "along with a club")
        #expect(try stranger.here.ask("GET", "tags").status == 200)
    }

    @Test("who has another role signs in anew, and nobody else", arguments: Engine.allCases)
    func demoted(_ engine: Engine) throws {
        let person = try register("hard-\(engine.rawValue)")
        let admin = try site.client("hard-\(engine.rawValue)", as: 1, role: "admin")
        let same = try admin.ask("PATCH", "users/\(person.id)", #"{"role":"member"}"#)
        #expect(same.status == 200, "\(same)")
        #expect(try person.here.ask("GET", "tags").status == 200, "the role is what it was")
        let change = try admin.ask("PATCH", "users/\(person.id)", #"{"role":"guest"}"#)
        #expect(change.status == 200, "\(change)")
        try expectOver(person, "another role")
    }

    @Test(
        "a sign-in can't be renewed by a row that others have deleted or changed",
        arguments: Engine.allCases)
    func outside(_ engine: Engine) throws {
        let app = "soft-\(engine.rawValue)"
        let mallory = try register(app)
        try site.outside(engine, app, "DELETE FROM users WHERE id = \(mallory.id)")
        let victim = try register(app, id: mallory.id)
        #expect(try refresh(mallory).status == 401)
        #expect(try mallory.here.ask("GET", "tags").status == 401, "it ends with the refusal")
        #expect(try victim.here.ask("GET", "tags").status == 200)

        let marked = try register(app)
        try site.outside(
            engine, app,
            "UPDATE users SET deleted_at = '2026-01-01 00:00:00' WHERE id = \(marked.id)")
        #expect(try refresh(marked).status == 401)

        let promoted = try register(app)
        try site.outside(
            engine, app, "UPDATE users SET role = 'admin' WHERE id = \(promoted.id)")
        let renewed = try refresh(promoted)
        promoted.here.token = renewed.data["token"] as? String
        #expect(try promoted.here.ask("GET", "users/\(victim.id)").status == 200, "\(renewed)")
    }

    @Test("a table of sign-ins from before is taken over", arguments: Engine.allCases)
    func older(_ engine: Engine) throws {
        let app = "hard-\(engine.rawValue)"
        let person = try register(app)
        site.stop()
        try site.outside(engine, app, "ALTER TABLE _stead_sessions DROP COLUMN person")
        try site.start()
        #expect(try refresh(person).status == 401, "nobody knows whose it is")
        let anew = try register(app)
        #expect(try refresh(anew).status == 200)
    }
}
