import Foundation
import TestSupport
import Testing

/// Keys that are no numbers, rows of several batches, and what is taken back, on every engine.
@Suite(.serialized) struct KeyTests {
    private static let tables = """
          boards:
            fields:
              id: {type: uuid, primary: true, auto: true}
              name: {type: string, max: 20, required: true}
            public: [list, show, create, update, delete]
          cards:
            fields:
              id: {type: uuid, primary: true}
              board_id: {type: uuid, foreign: boards.id}
              title: {type: string, max: 20, required: true}
            public: [list, show, create, update, delete]
          lines:
            fields:
              board_id: {type: uuid, primary: true, foreign: boards.id}
              number: {type: int, primary: true}
              text: {type: string, max: 20, required: true}
            public: [list, show, create, update, delete]
          parents:
            fields:
              id: {type: int, primary: true}
            public: [list, show, create, update, delete]
          children:
            fields:
              id: {type: int, primary: true, auto: true}
              parent_id: {type: int, foreign: parents.id}
              rank: {type: int}
            public: [list, show, create, update, delete]
          hidden:
            fields:
              id: {type: int, primary: true, auto: true}
              board_id: {type: uuid, foreign: boards.id}
            crud: [create]
            public: [create]
        """

    private static let site: Result<Site, any Error> = Result {
        let site = try Site(
            Engine.allCases.map {
                AppFixture(
                    name: "keys-\($0.rawValue)", engine: $0, tables: tables,
                    settings: "limits: {body: 10000000}\n")
            })
        atexit { try? KeyTests.site.get().end() }
        return site
    }

    private let site: Site

    init() throws {
        site = try Self.site.get()
    }

    private func client(_ engine: Engine) throws -> Client {
        try site.client("keys-\(engine.rawValue)")
    }

    @Test("a uuid is made, read, changed and led along", arguments: Engine.allCases)
    func uuids(_ engine: Engine) throws {
        let client = try client(engine)
        let made = try client.ask("POST", "boards", #"{"name":"plan"}"#)
        let id = try #require(made.data["id"] as? String, "\(made)")
        #expect(UUID(uuidString: id) != nil && id == id.lowercased())
        #expect(made["Location"]?.hasSuffix(id) == true, "\(made)")
        #expect(
            try client.ask("GET", "boards/\(id.uppercased())").data["name"] as? String == "plan")
        let changed = try client.ask("PATCH", "boards/\(id)", #"{"name":"plot"}"#)
        #expect(changed.data["name"] as? String == "plot", "\(changed)")
        #expect(try client.ask("GET", "boards?id=\(id)").rows.count == 1)
        for missing in ["boards/nonsense", "boards/\(UUID().uuidString)"] {
            #expect(try client.ask("GET", missing).status == 404)
        }
        let card = UUID().uuidString.lowercased()
        let nested = try client.ask(
            "PATCH", "boards/\(id)", #"{"cards":[{"id":"\#(card)","title":"one"}]}"#)
        #expect(nested.status == 200, "\(nested)")
        let shown = try client.ask("GET", "boards/\(id)?include=cards")
        let cards = shown.data["cards"] as? [[String: Any]] ?? []
        #expect(cards.map { $0["id"] as? String } == [card], "\(shown)")
        let far = try client.ask("GET", "cards?include=board(name)&board_id=\(id)")
        #expect(
            (far.rows.first?["board"] as? [String: Any])?["name"] as? String == "plot", "\(far)")
        #expect(try client.ask("DELETE", "cards/\(card)").status < 300)
    }

    @Test("a nested row is found by a key that people give", arguments: Engine.allCases)
    func nested(_ engine: Engine) throws {
        let client = try client(engine)
        let board = try #require(
            try client.ask("POST", "boards", #"{"name":"a"}"#).data["id"] as? String)
        let other = try #require(
            try client.ask("POST", "boards", #"{"name":"b"}"#).data["id"] as? String)
        let card = UUID().uuidString.lowercased()
        for title in ["one", "two"] {
            let answer = try client.ask(
                "PATCH", "boards/\(board)", #"{"cards":[{"id":"\#(card)","title":"\#(title)"}]}"#)
            #expect(answer.status == 200, "\(title): \(answer)")
            #expect(try client.ask("GET", "cards/\(card)").data["title"] as? String == title)
        }
        let stolen = try client.ask(
            "PATCH", "boards/\(other)", #"{"cards":[{"id":"\#(card)","title":"mine"}]}"#)
        #expect(stolen.status == 409, "\(stolen)")
        #expect(try client.ask("GET", "cards/\(card)").data["board_id"] as? String == board)
        for text in ["x", "y"] {
            let body = #"{"lines":[{"number":1,"text":"\#(text)"},{"number":2,"text":"z"}]}"#
            let answer = try client.ask("PATCH", "boards/\(board)", body)
            #expect(answer.status == 200, "\(text): \(answer)")
        }
        let lines = try client.ask("GET", "lines?board_id=\(board)&order=number").rows
        #expect(lines.map { $0["text"] as? String } == ["y", "z"])
        let etag = try #require(try client.ask("GET", "lines/\(board),1")["ETag"])
        let quoted = etag.replacing("\"", with: "\\\"")
        for (text, status) in [("v", 200), ("w", 412)] {
            let body = #"{"lines":[{"number":1,"text":"\#(text)","_etag":"\#(quoted)"}]}"#
            let answer = try client.ask("PATCH", "boards/\(board)", body)
            #expect(answer.status == status, "\(answer)")
        }
        // The parent of a row is found in the same way.
        let upward = try client.ask(
            "PATCH", "cards/\(card)", #"{"board":{"id":"\#(board)","name":"c"}}"#)
        #expect(upward.status == 200, "\(upward)")
        #expect(try client.ask("GET", "boards/\(board)").data["name"] as? String == "c")
        let missing = try client.ask("PATCH", "boards/\(board)", #"{"lines":[{"number":3}]}"#)
        #expect(missing.problems == ["lines[0].text:required"], "\(missing)")
    }

    @Test("a relation that is not served is none", arguments: Engine.allCases)
    func unserved(_ engine: Engine) throws {
        let client = try client(engine)
        let hidden = try client.ask("GET", "boards?include=hidden")
        let unknown = try client.ask("GET", "boards?include=zzzzzz")
        #expect(hidden.status == 400 && hidden.code == "unknown_relation", "\(hidden)")
        #expect(
            hidden.json["message"] as? String
                == (unknown.json["message"] as? String)?.replacing("zzzzzz", with: "hidden"))
        #expect(try !client.ask("GET", "boards?include=hiddem").body.contains("`hidden`"))
    }

    @Test("relations of more rows than one query takes come along", arguments: Engine.allCases)
    func batches(_ engine: Engine) throws {
        let client = try client(engine)
        let parents = (1...700).map { #"{"id":\#($0)}"# }.joined(separator: ",")
        #expect(try client.ask("POST", "parents", "[\(parents)]").status == 201)
        for part in 0..<8 {
            let rows = (1...1000).map { row in
                let number = part * 1000 + row
                return #"{"parent_id":\#(number % 700 + 1),"rank":\#(number)}"#
            }
            let answer = try client.ask("POST", "children", "[\(rows.joined(separator: ","))]")
            #expect(answer.status == 201, "\(answer.body.prefix(300))")
        }
        let answer = try client.ask("GET", "parents?limit=1000&include=children(rank)&order=id")
        #expect(answer.rows.count == 700, "\(answer.body.prefix(300))")
        let counts = answer.rows.map { ($0["children"] as? [Any])?.count ?? 0 }
        #expect(counts.reduce(0, +) == 8000)
        #expect(counts.allSatisfy { $0 == 11 || $0 == 12 })
        let upward = try client.ask("GET", "children?limit=1000&include=parent&order=rank")
        #expect(
            upward.rows.allSatisfy { row in
                (row["parent"] as? [String: Any])?["id"] as? Int == row["parent_id"] as? Int
            })
        #expect(upward.rows.count == 1000, "\(upward.body.prefix(300))")
    }

    @Test("a rehearsal of nested and bulk writes leaves nothing", arguments: Engine.allCases)
    func rehearsed(_ engine: Engine) throws {
        let client = try client(engine)
        let prefer = ["Prefer: tx=rollback"]
        func count(_ target: String) throws -> Int {
            try client.ask("GET", target + "count=exact&limit=1").meta["count"] as? Int ?? -1
        }
        let card = UUID().uuidString.lowercased()
        let body =
            #"{"name":"dry","cards":[{"id":"\#(card)","title":"t"}],"#
            + #""lines":[{"number":1,"text":"x"}]}"#
        let nested = try client.ask("POST", "boards", body, prefer)
        #expect(nested.status == 201 && nested["Preference-Applied"] == "tx=rollback", "\(nested)")
        #expect(nested.data["name"] as? String == "dry")
        let bulk = try client.ask(
            "POST", "boards", #"[{"name":"dry"},{"name":"dry"}]"#, prefer)
        #expect(bulk.status == 201 && bulk.rows.count == 2, "\(bulk)")
        #expect(try count("boards?name=dry&") == 0)
        #expect(try client.ask("GET", "cards/\(card)").status == 404)
        #expect(try client.ask("POST", "boards", body).status == 201)
        let board = try #require(try client.ask("GET", "boards?name=dry").rows[0]["id"] as? String)
        let changed = try client.ask(
            "PATCH", "boards?name=dry&max-affected=5", #"{"name":"wet"}"#, prefer)
        #expect(changed.meta["affected"] as? [String: Int] == ["boards": 1], "\(changed)")
        let updated = try client.ask(
            "PATCH", "boards/\(board)", #"{"lines":[{"number":1,"text":"changed"}]}"#, prefer)
        #expect(updated.status == 200, "\(updated)")
        #expect(try client.ask("DELETE", "lines?text=x&max-affected=9", nil, prefer).status < 300)
        #expect(try count("boards?name=dry&") == 1)
        #expect(try client.ask("GET", "lines/\(board),1").data["text"] as? String == "x")
    }
}
