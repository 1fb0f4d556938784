import Foundation
import TestSupport
import Testing

/// What a write along a relation of many to many does to links that are not the caller's affair.
@Suite(.serialized) struct LinksTests {
    private static let tables = """
          users:
            fields:
              id: {type: int, primary: true, auto: true}
              email: {type: string, max: 190, required: true, unique: true}
              password_hash: {type: string, max: 100, required: true}
            filter: owner
          notes:
            fields:
              id: {type: int, primary: true, auto: true}
              user_id: {type: int, required: true, foreign: users.id}
            filter: owner
          tags:
            fields:
              id: {type: int, primary: true, auto: true}
              name: {type: string, max: 20}
              deleted_at: {type: datetime}
            softDelete: true
            filter: all
          note_tags:
            fields:
              note_id: {type: int, primary: true, foreign: notes.id}
              tag_id: {type: int, primary: true, foreign: tags.id}
            filter:
              default:
                list: "note_id IN (SELECT id FROM notes WHERE user_id = :user_id)"
                show: "note_id IN (SELECT id FROM notes WHERE user_id = :user_id)"
                create: "note_id IN (SELECT id FROM notes WHERE user_id = :user_id)"
                delete: "tag_id NOT IN (SELECT id FROM tags WHERE name = 'fixed')"
        """

    private static let site: Result<Site, any Error> = Result {
        let site = try Site(
            Engine.allCases.map { engine in
                AppFixture(
                    name: "links-\(engine.rawValue)", engine: engine, tables: tables,
                    settings: "auth: {table: users, login: email, password: password_hash, "
                        + "register: true}\n")
            })
        atexit { try? LinksTests.site.get().end() }
        return site
    }

    private let site: Site

    init() throws {
        site = try Self.site.get()
    }

    /// Somebody new, with a note that has a tag.
    private func person(_ engine: Engine, tag: Int) throws -> (client: Client, note: Int) {
        let client = try site.client("links-\(engine.rawValue)")
        let answer = try client.ask(
            "POST", "auth/register",
            #"{"email":"\#(UUID().uuidString)@x.test","password":"correct horse"}"#,
            [Client.elsewhere])
        client.token = try #require(answer.data["token"] as? String, "\(answer)")
        let note = try client.ask("POST", "notes", #"{"tags":[{"id":\#(tag)}]}"#)
        return (client, try #require(note.data["id"] as? Int, "\(note)"))
    }

    private func tag(_ engine: Engine, _ name: String) throws -> Int {
        let client = try site.client("links-\(engine.rawValue)", as: 1)
        let made = try client.ask("POST", "tags", #"{"name":"\#(name)"}"#)
        return try #require(made.data["id"] as? Int, "\(made)")
    }

    private func tags(of note: Int, _ client: Client) throws -> [Int] {
        try client.ask("GET", "note_tags?note_id=\(note)&order=tag_id").rows.compactMap {
            $0["tag_id"] as? Int
        }
    }

    @Test("links of other people's rows stay as they are", arguments: Engine.allCases)
    func others(_ engine: Engine) throws {
        let tag = try tag(engine, "shared")
        let (ada, adas) = try person(engine, tag: tag)
        let (bob, bobs) = try person(engine, tag: tag)
        for (method, body) in [
            ("PATCH", #"{"notes":[{"id":\#(adas)}]}"#), ("PUT", #"{"name":"a","notes":[]}"#),
            ("PATCH", #"{"notes":[]}"#),
        ] {
            let changed = try ada.ask(method, "tags/\(tag)", body)
            #expect(changed.status == 200, "\(changed)")
            #expect(try tags(of: bobs, bob) == [tag], "\(body)")
        }
        #expect(try tags(of: adas, ada) == [])
        let stolen = try ada.ask("PATCH", "tags/\(tag)", #"{"notes":[{"id":\#(bobs)}]}"#)
        #expect(stolen.status == 404, "\(stolen)")
    }

    @Test("a link that the caller may see and not delete is a 403", arguments: Engine.allCases)
    func fixed(_ engine: Engine) throws {
        let tag = try tag(engine, "fixed")
        let (ada, note) = try person(engine, tag: tag)
        let changed = try ada.ask("PATCH", "notes/\(note)", #"{"tags":[]}"#)
        #expect(changed.status == 403, "\(changed)")
        #expect(try tags(of: note, ada) == [tag])
    }

    @Test("links to rows that are deleted are there again with them", arguments: Engine.allCases)
    func deleted(_ engine: Engine) throws {
        let (kept, gone) = (try tag(engine, "kept"), try tag(engine, "gone"))
        let (ada, note) = try person(engine, tag: gone)
        #expect(try ada.ask("DELETE", "tags/\(gone)").status == 200)
        let changed = try ada.ask("PATCH", "notes/\(note)", #"{"tags":[{"id":\#(kept)}]}"#)
        #expect(changed.status == 200, "\(changed)")
        #expect(try ada.ask("POST", "tags/\(gone)/restore").status == 200)
        #expect(try tags(of: note, ada) == [kept, gone])
        let without = try ada.ask("PATCH", "notes/\(note)", #"{"tags":[{"id":\#(gone)}]}"#)
        #expect(without.status == 200, "\(without)")
        #expect(try tags(of: note, ada) == [gone])
    }
}
