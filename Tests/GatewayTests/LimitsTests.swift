import Foundation
import TestSupport
import Testing

/// What a gateway takes from whom: pages of other origins, large bodies, slow clients.
@Suite(.serialized) struct LimitsTests {
    private static let site: Result<Site, any Error> = Result {
        let tables = """
              notes:
                fields:
                  id: {type: int, primary: true, auto: true}
                  text: {type: text}
                public: [list, show, create]
            """
        let site = try Site([
            AppFixture(
                name: "limits", tables: tables,
                settings: "origins: [https://app.example.com]\nlimits: {body: 100000}\n"),
            AppFixture(name: "open", tables: tables, settings: "origins: [\"*\"]\n"),
            AppFixture(name: "closed", tables: tables),
        ])
        site.stop()
        try site.start("--idle-timeout 1")
        atexit { try? LimitsTests.site.get().end() }
        return site
    }

    private let site: Site

    init() throws {
        site = try Self.site.get()
    }

    // MARK: - Origins

    @Test("a page of an origin that is named may call, and read what it needs")
    func allowed() throws {
        let client = try site.client("limits")
        let origin = "Origin: https://app.example.com"
        let preflight = try client.ask(
            "OPTIONS", "notes", nil,
            [
                origin, "Access-Control-Request-Method: PATCH",
                "Access-Control-Request-Headers: authorization,content-type,if-match",
            ])
        #expect(preflight.status == 204, "\(preflight)")
        #expect(preflight["Access-Control-Allow-Origin"] == "https://app.example.com")
        #expect(preflight["Access-Control-Allow-Methods"]?.contains("PATCH") == true)
        let headers = preflight["Access-Control-Allow-Headers"]?.lowercased() ?? ""
        for name in ["authorization", "content-type", "if-match", "prefer"] {
            #expect(headers.contains(name), "\(headers)")
        }
        #expect(preflight["Vary"]?.contains("Origin") == true)
        for (method, target) in [("GET", "notes"), ("GET", "notes/999"), ("GET", "nothing")] {
            let answer = try client.ask(method, target, nil, [origin])
            #expect(answer["Access-Control-Allow-Origin"] == "https://app.example.com")
            #expect(answer["Access-Control-Expose-Headers"]?.contains("ETag") == true)
            #expect(answer["Vary"]?.contains("Origin") == true)
            // Tokens are sent by the page itself: no cookie is ever asked for.
            #expect(answer["Access-Control-Allow-Credentials"] == nil)
        }
    }

    @Test("a page of any other origin gets no leave")
    func refused() throws {
        for app in ["limits", "closed"] {
            let client = try site.client(app)
            for origin in [
                "https://evil.example.com", "http://app.example.com", "null",
                "https://app.example.com.evil.com", "https://app.example.com:444",
                "HTTPS://APP.EXAMPLE.COM",
            ] {
                let preflight = try client.ask(
                    "OPTIONS", "notes", nil,
                    ["Origin: \(origin)", "Access-Control-Request-Method: POST"])
                #expect(preflight["Access-Control-Allow-Origin"] == nil, "\(origin)")
                #expect(preflight["Access-Control-Allow-Methods"] == nil, "\(origin)")
                #expect(preflight["Vary"]?.contains("Origin") == true, "\(origin): \(preflight)")
                let answer = try client.ask("GET", "notes", nil, ["Origin: \(origin)"])
                #expect(answer["Access-Control-Allow-Origin"] == nil, "\(origin)")
                #expect(answer["Vary"]?.contains("Origin") == true, "\(origin): \(answer)")
            }
        }
        let open = try site.client("open").ask("GET", "notes", nil, ["Origin: https://any.test"])
        #expect(open["Access-Control-Allow-Origin"] != nil)
        #expect(open["Access-Control-Allow-Credentials"] == nil)
    }

    // MARK: - Sizes

    @Test("a body of exactly the limit is read, and one byte more is refused")
    func limit() throws {
        let client = try site.client("limits")
        for (size, status) in [(100_000, 201), (100_001, 413)] {
            let frame = #"{"text":""}"#.utf8.count
            let body = #"{"text":"\#(String(repeating: "x", count: size - frame))"}"#
            let answer = try client.ask("POST", "notes", body)
            #expect(answer.status == status, "\(size): \(answer.head)")
        }
        #expect(try client.ask("GET", "notes?fields=id").status == 200)
    }

    @Test("a gigabyte is not read to its end", arguments: [true, false])
    func gigabyte(_ isDeclared: Bool) throws {
        let client = try site.client("limits")
        let wire = try Wire(port: site.port)
        try wire.send(
            client.request(
                "POST", "/api/notes", nil,
                [
                    "Content-Type: application/json",
                    isDeclared ? "Content-Length: 1073741824" : "Transfer-Encoding: chunked",
                ]))
        let bytes = [UInt8](repeating: 0x20, count: 65_536)
        let chunk = isDeclared ? bytes : Array("10000\r\n".utf8) + bytes + Array("\r\n".utf8)
        if !isDeclared { for _ in 0..<2 { try wire.send(chunk) } }
        let answer = try wire.answer()
        #expect(answer.status == 413 && answer["Connection"] == "close", "\(answer.head)")
        var sent = 0
        while sent < 1 << 30, (try? wire.send(chunk)) != nil { sent += bytes.count }
        #expect(sent < 1 << 28, "it took \(sent) bytes")
        #expect(try client.ask("GET", "notes?fields=id").status == 200)
    }

    @Test("headers that are too many or too long are refused, and the gateway serves on")
    func headers() throws {
        let client = try site.client("limits")
        let long = "X-Long: " + String(repeating: "a", count: 200_000)
        let many = (0..<5000).map { "X-\($0): a" }
        let line = "X-" + String(repeating: "n", count: 200_000) + ": a"
        for headers in [[long], many, [line]] {
            let wire = try Wire(port: site.port)
            try? wire.send(client.request("GET", "/api/notes", nil, headers))
            do {
                let answer = try wire.answer()
                #expect(answer.status == 431, "\(answer.head)")
            } catch let ended as Wire.Ended {
                #expect(ended.received.isEmpty)
            }
            #expect(wire.isClosed())
            #expect(try client.ask("GET", "notes?fields=id").status == 200)
        }
        let endless = try Wire(port: site.port)
        try endless.send("GET /api/notes?")
        var sent = 0
        let piece = String(repeating: "a", count: 65_536)
        while sent < 1 << 30, (try? endless.send(piece)) != nil { sent += piece.utf8.count }
        #expect(sent < 1 << 28, "it took \(sent) bytes")
    }

    // MARK: - Slowness

    /// Sends a text byte by byte, and says whether the other side hung up before its end.
    private func isCutOff(_ wire: Wire, sending text: String) -> Bool {
        for byte in text.utf8 {
            guard (try? wire.send([byte])) != nil else { return true }
            usleep(50_000)
        }
        return false
    }

    @Test("who sends a header or a body too slowly is cut off, and so is who says nothing")
    func slow() throws {
        let client = try site.client("limits")
        let silent = try Wire(port: site.port)
        let header = try Wire(port: site.port)
        #expect(
            isCutOff(
                header,
                sending: client.request(
                    "GET", "/api/notes", nil, ["X-Long: " + String(repeating: "a", count: 500)])))
        let body = #"{"text":"\#(String(repeating: "x", count: 500))"}"#
        let request = client.request("POST", "/api/notes", body)
        let posting = try Wire(port: site.port)
        try posting.send(String(request.dropLast(body.count)))
        #expect(isCutOff(posting, sending: body))
        let chunked = try Wire(port: site.port)
        try chunked.send(
            client.request(
                "POST", "/api/notes", nil,
                ["Content-Type: application/json", "Transfer-Encoding: chunked"]))
        #expect(isCutOff(chunked, sending: String(repeating: "1\r\n \r\n", count: 200)))
        #expect(silent.isClosed())
        // One that was answered, and then says nothing.
        let kept = try Wire(port: site.port)
        try kept.send(client.request("GET", "/api/notes?fields=id"))
        #expect(try kept.answer().status == 200)
        #expect(kept.isClosed())
    }

    @Test("a body that comes in pieces, but gets on, is read")
    func pieces() throws {
        let client = try site.client("limits")
        let body = #"{"text":"\#(String(repeating: "x", count: 40_000))"}"#
        let text = Array(client.request("POST", "/api/notes", body).utf8)
        let wire = try Wire(port: site.port)
        for start in stride(from: 0, to: text.count, by: 4000) {
            try wire.send(Array(text[start..<min(start + 4000, text.count)]))
            usleep(20_000)
        }
        #expect(try wire.answer().status == 201)
    }
}
