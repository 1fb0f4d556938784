import Foundation
import TestSupport
import Testing

/// What goes over a connection, one request after another.
@Suite(.serialized) struct ConnectionTests {
    private static let site: Result<Site, any Error> = Result {
        let tables = """
              notes:
                fields:
                  id: {type: int, primary: true, auto: true}
                  text: {type: text}
                public: [list, show, create]
            """
        let site = try Site([
            AppFixture(name: "wire", tables: tables),
            AppFixture(name: "wire-postgres", engine: .postgres, tables: tables),
            AppFixture(name: "large", engine: .postgres, tables: tables),
        ])
        atexit { try? ConnectionTests.site.get().end() }
        return site
    }

    private let site: Site

    init() throws {
        site = try Self.site.get()
    }

    @Test("requests that come at once are answered one after another", arguments: 1...2)
    func pipelined(_ number: Int) throws {
        let client = try site.client(number == 1 ? "wire" : "wire-postgres")
        let wire = try Wire(port: site.port)
        let created = try client.ask("POST", "notes", #"{"text":"first"}"#)
        let id = try #require(created.data["id"] as? Int)
        var text = ""
        for turn in 0..<500 {
            text += client.request("POST", "/api/notes", #"{"text":"\#(turn)"}"#)
            text += client.request("GET", "/api/notes/\(id)", nil, ["X-Trace-Id: t\(turn)"])
        }
        try wire.send(text)
        wire.finishSending()
        for turn in 0..<500 {
            let posted = try wire.answer()
            #expect(posted.status == 201 && posted.data["text"] as? String == "\(turn)")
            let read = try wire.answer()
            #expect(read.status == 200 && read.data["text"] as? String == "first")
            #expect(read["X-Trace-Id"] == "t\(turn)")
        }
        #expect(wire.isClosed())
    }

    @Test("a client that takes no answers is not answered any more")
    func untaken() throws {
        let client = try site.client("wire")
        let long = String(repeating: "x", count: 100_000)
        let created = try client.ask("POST", "notes", #"{"text":"\#(long)"}"#)
        let id = try #require(created.data["id"] as? Int)
        let before = try requests()
        let wire = try Wire(port: site.port)
        let request = client.request("GET", "/api/notes/\(id)")
        for _ in 0..<1000 { try wire.send(request) }
        usleep(500_000)
        #expect(try requests() - before < 500)
        for _ in 0..<1000 { #expect(try wire.answer().status == 200) }
    }

    /// How many requests the gateway counts.
    private func requests() throws -> Int {
        let wire = try Wire(port: site.port)
        try wire.send("GET /metrics HTTP/1.1\r\nHost: any\r\n\r\n")
        return try wire.answer().body.split(separator: "\n").reduce(0) { sum, line in
            guard line.contains("_count{") else { return sum }
            return sum + (line.split(separator: " ").last.flatMap { Int($0) } ?? 0)
        }
    }

    /// Rows of so many bytes in all, more or less, and the request for them.
    private func large(_ bytes: Int, _ headers: [String] = []) throws -> (ids: [Int], String) {
        let client = try site.client("large")
        let text = String(repeating: "x", count: 200_000)
        let ids = try (0..<bytes / text.count).map { _ in
            try #require(client.ask("POST", "notes", #"{"text":"\#(text)"}"#).data["id"] as? Int)
        }
        let all = ids.map(String.init).joined(separator: ",")
        return (ids, client.request("GET", "/api/notes?limit=100&id[in]=\(all)", nil, headers))
    }

    @Test("the last answer comes whole to a client that takes it slowly", arguments: 0..<3)
    func slowlyTaken(_ kind: Int) throws {
        let (ids, request) = try large(12_000_000, kind == 0 ? [] : ["Connection: close"])
        let wire = try Wire(port: site.port)
        try wire.send(request)
        // The first and the last end their side; the second waits longer than one may for its end.
        if kind != 1 { wire.finishSending() }
        usleep(kind == 1 ? 6_000_000 : 500_000)
        let answer = try wire.answer()
        #expect(answer.status == 200 && answer.rows.count == ids.count)
        wire.finishSending()
        #expect(wire.isClosed())
    }

    @Test("behind a large answer the last one still comes", arguments: [400_000, 12_000_000])
    func lastBehindLarge(_ bytes: Int) throws {
        let (ids, request) = try large(bytes)
        let client = try site.client("large")
        let wire = try Wire(port: site.port)
        let last = client.request("GET", "/api/notes/\(ids[0])", nil, ["Connection: close"])
        let behind = client.request("POST", "/api/notes", #"{"text":"never"}"#)
        try wire.send(request + last + behind)
        #expect(try wire.answer().rows.count == ids.count)
        let answer = try wire.answer()
        #expect(answer.status == 200 && answer["Connection"] == "close")
        wire.finishSending()
        #expect(wire.isClosed())
        #expect(try client.ask("GET", "notes?text=never").rows.isEmpty)
    }

    @Test("requests of many connections are each counted, and each has its line in the log")
    func counted() throws {
        let client = try site.client("wire")
        let before = try requests()
        // More bytes than the log gathers in one piece.
        let long = String(repeating: "n", count: 2000)
        let paths = (0..<400).map { "/api/notes/\(long)\($0)" }
        let wires = try (0..<8).map { _ in try Wire(port: site.port) }
        let turns = paths.indices.map { $0 < 200 ? 0 : $0 % wires.count }
        for (turn, path) in zip(turns, paths) {
            try wires[turn].send(client.request("GET", path))
        }
        for turn in turns { #expect(try wires[turn].answer().status == 404) }
        #expect(try requests() - before == paths.count)
        var logged = Set<String>()
        let isWhole = try site.wait {
            let lines = try site.scratch.read("access.log").split(separator: "\n")
            logged = Set(
                lines.compactMap { line in
                    let entry = try? JSONSerialization.jsonObject(with: Data(line.utf8))
                    return (entry as? [String: Any])?["path"] as? String
                })
            return logged.isSuperset(of: paths)
        }
        #expect(isWhole, "\(Set(paths).subtracting(logged).count) are missing")
    }

    @Test("a body is asked for where the client waits for that, unless it is too large")
    func expected() throws {
        let client = try site.client("wire")
        let body = #"{"text":"awaited"}"#
        let text = client.request("POST", "/api/notes", body, ["Expect: 100-continue"])
        let wire = try Wire(port: site.port)
        try wire.send(String(text.dropLast(body.count)))
        #expect(try wire.answer().status == 100)
        try wire.send(body)
        #expect(try wire.answer().status == 201)
        let large = try Wire(port: site.port)
        try large.send(
            client.request(
                "POST", "/api/notes", nil,
                [
                    "Content-Type: application/json", "Content-Length: 1000000000",
                    "Expect: 100-continue",
                ]))
        #expect(try large.answer().status == 413)
        large.finishSending()
        #expect(large.isClosed())
    }

    @Test("old clients, and heads alone, get what is theirs")
    func versions() throws {
        let wire = try Wire(port: site.port)
        try wire.send("HEAD /api/notes HTTP/1.1\r\nHost: wire.test\r\n\r\n")
        let head = try wire.answer(isHead: true)
        #expect(head.status == 200 && (Int(head["Content-Length"] ?? "") ?? 0) > 0)
        try wire.send("GET /healthz HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
        #expect(try wire.answer()["Connection"] == "keep-alive")
        try wire.send("GET /healthz HTTP/1.0\r\n\r\n")
        let last = try wire.answer()
        #expect(last.status == 200 && last["Connection"] == "close")
        wire.finishSending()
        #expect(wire.isClosed())
    }

    @Test(
        "what is no HTTP is told so, as JSON, and the connection ends",
        arguments: [
            "nonsense\r\n\r\n", "GET /api/notes HTTP/9.9\r\n\r\n",
            "GET /api/notes HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
            "POST /api/notes HTTP/1.1\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
            "POST /api/notes HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        ])
    func nonsense(_ text: String) throws {
        let wire = try Wire(port: site.port)
        try wire.send(text)
        let answer = try wire.answer()
        #expect(answer.status == 400 && answer.code == "invalid_request", "\(answer)")
        wire.finishSending()
        #expect(wire.isClosed())
        let trace = try #require(answer["X-Trace-Id"], "\(answer)")
        #expect(answer.body.contains(trace), "\(answer)")
        #expect(try site.wait { try site.scratch.read("access.log").contains(trace) })
    }

    @Test("more headers than fit are told so", arguments: [(300, 1), (2, 60_000)])
    func manyHeaders(_ count: Int, _ length: Int) throws {
        let wire = try Wire(port: site.port)
        let line = "X-Long: " + String(repeating: "a", count: length) + "\r\n"
        try wire.send(
            "GET /healthz HTTP/1.1\r\nHost: wire.test\r\n"
                + String(repeating: line, count: count) + "\r\n")
        let answer = try wire.answer()
        #expect(answer.status == 431 && answer.code == "headers_too_large", "\(answer)")
    }

    @Test("blanks behind a header's value are none of it")
    func blanks() throws {
        let wire = try Wire(port: site.port)
        try wire.send("GET /api/notes HTTP/1.1\r\nHost: wire.test \r\nX-Trace-Id: abc\t \r\n\r\n")
        let answer = try wire.answer()
        #expect(answer.status == 200 && answer["X-Trace-Id"] == "abc", "\(answer)")
        try wire.send(
            "POST /api/notes HTTP/1.1\r\nHost: wire.test\r\nContent-Type: application/json\r\n"
                + "Transfer-Encoding: chunked \r\n\r\n2\r\n{}\r\n0\r\n\r\n")
        #expect(try wire.answer().status == 201)
    }

    @Test("a whole URL is taken as its path, where it names the same host")
    func absolute() throws {
        let wire = try Wire(port: site.port)
        for url in ["http://wire.test", "HTTP://ada:secret@WIRE.test"] {
            try wire.send(
                "GET \(url)/api/notes?limit=1 HTTP/1.1\r\nHost: wire.test\r\n"
                    + "X-Trace-Id: whole\r\n\r\n")
            #expect(try wire.answer().meta["limit"] as? Int == 1)
        }
        try wire.send("GET http://wire.test HTTP/1.1\r\nHost: wire.test\r\n\r\n")
        #expect(try wire.answer().status == 404)
        try wire.send("GET http://other.test/api/notes HTTP/1.1\r\nHost: wire.test\r\n\r\n")
        let other = try wire.answer()
        #expect(other.status == 400 && other.code == "invalid_request", "\(other)")
        #expect(try site.wait { try site.scratch.read("access.log").contains("whole") })
        #expect(try !site.scratch.read("access.log").contains("secret"))
    }

    @Test("a list is another when more rows follow it")
    func listVersions() throws {
        let client = try site.client("wire")
        let made = try client.ask("POST", "notes", #"{"text":"last"}"#)
        let id = try #require(made.data["id"] as? Int)
        let list = "notes?id[gte]=\(id)&limit=1"
        let version = try #require(try client.ask("GET", list)["ETag"])
        let known = ["If-None-Match: \(version)"]
        #expect(try client.ask("GET", list, nil, known).status == 304)
        #expect(try client.ask("POST", "notes", #"{"text":"more"}"#).status == 201)
        let after = try client.ask("GET", list, nil, known)
        #expect(after.status == 200 && after["Link"] != nil, "\(after)")
    }

    @Test(
        "answers are packed for those who take that",
        arguments: [
            ("gzip", true), ("*", true), ("br, GZIP;Q=0.5", true), ("gzip;q=0, *", false),
            ("*, gzip;q=0", false), ("br", false),
        ])
    func packed(_ accepted: String, _ isPacked: Bool) throws {
        let client = try site.client("wire")
        let long = String(repeating: "x", count: 5000)
        #expect(try client.ask("POST", "notes", #"{"text":"\#(long)"}"#).status == 201)
        let wire = try Wire(port: site.port)
        try wire.send(
            client.request(
                "HEAD", "/api/notes?order=-id&limit=1", nil, ["Accept-Encoding: \(accepted)"]))
        let answer = try wire.answer(isHead: true)
        #expect((answer["Content-Encoding"] == "gzip") == isPacked, "\(answer)")
        #expect(answer["Vary"] == "Accept-Encoding", "\(answer)")
    }

    @Test(
        "a request of no host, of two, or of one that is none is not looked at",
        arguments: [
            "", "Host: wire.test\r\nHost: wire.test\r\n", "Host: wire.test\r\nhost: other\r\n",
            "Host: wire.test/api\r\n", "Host: wire.test:80x\r\n", "Host: a b\r\n",
            "Host: user@wire.test\r\n", "Host: [::1\r\n", "Host: %zz\r\n", "Host: é.test\r\n",
        ])
    func hosts(_ lines: String) throws {
        for path in ["/api/notes", "/healthz"] {
            let wire = try Wire(port: site.port)
            try wire.send("GET \(path) HTTP/1.1\r\n\(lines)\r\n")
            let answer = try wire.answer()
            #expect(answer.status == 400 && answer.code == "invalid_request", "\(answer)")
            wire.finishSending()
            #expect(wire.isClosed())
        }
    }

    @Test("a request of no host is not laid to the app that was asked before it")
    func stray() throws {
        let wire = try Wire(port: site.port)
        let client = try site.client("wire")
        try wire.send(client.request("GET", "/api/notes"))
        #expect(try wire.answer().status == 200)
        try wire.send(
            "GET /api/notes HTTP/1.1\r\nHost: wire.test\r\nHost: other\r\n"
                + "X-Trace-Id: stray\r\n\r\n")
        #expect(try wire.answer().status == 400)
        var line: Substring?
        let isLogged = try site.wait {
            line = try site.scratch.read("access.log").split(separator: "\n").first {
                $0.contains(#""trace_id":"stray""#)
            }
            return line != nil
        }
        #expect(isLogged && line?.contains(#""app":"-""#) == true, "\(line ?? "")")
    }

    @Test(
        "hosts in all their forms are taken",
        arguments: ["wire.test:8080", "[::1]:80", "[::1]", "127.0.0.1", "", "a%20b", "wire.test:"])
    func validHosts(_ host: String) throws {
        let wire = try Wire(port: site.port)
        try wire.send("GET /healthz HTTP/1.1\r\nHost: \(host)\r\n\r\n")
        #expect(try wire.answer().status == 200)
    }

    @Test("a body that is packed or sent in another way than any known is refused")
    func codings() throws {
        let client = try site.client("wire")
        let body = #"{"text":"packed"}"#
        for coding in ["gzip", "identity, br", "x"] {
            let answer = try client.ask("POST", "notes", body, ["Content-Encoding: \(coding)"])
            #expect(answer.status == 415 && answer.code == "unsupported_encoding", "\(answer)")
        }
        let plain = try client.ask("POST", "notes", body, ["Content-Encoding: Identity"])
        #expect(plain.status == 201, "\(plain)")
        let head =
            "POST /api/notes HTTP/1.1\r\nHost: wire.test\r\nContent-Type: application/json\r\n"
        let chunks = "11\r\n\(body)\r\n0\r\n\r\n"
        for coding in [
            "gzip, chunked", "gzip", "identity", "chunked, chunked",
            "chunked\r\nTransfer-Encoding: chunked",
        ] {
            let wire = try Wire(port: site.port)
            try wire.send("\(head)Transfer-Encoding: \(coding)\r\n\r\n\(chunks)")
            let answer = try wire.answer()
            #expect([400, 501].contains(answer.status), "\(coding): \(answer)")
            wire.finishSending()
            #expect(wire.isClosed())
        }
        let wire = try Wire(port: site.port)
        try wire.send("\(head)Transfer-Encoding: Chunked\r\n\r\n\(chunks)")
        #expect(try wire.answer().status == 201)
    }
}
