import Foundation
import Glibc
import SQL
import Storage
import TestSupport
import Testing

/// Databases that go away, and releases that change, while requests come.
@Suite(.serialized) struct AwayTests {
    private static let tables = """
          items:
            fields:
              id: {type: int, primary: true, auto: true}
              name: {type: string, max: 20}
              body: {type: text}
            public: [list, show, create, update, delete]
        """

    private func site(_ engine: Engine = .sqlite, servers: DatabaseServers? = nil) throws -> Site {
        try Site([AppFixture(name: "away", engine: engine, tables: Self.tables)], servers: servers)
    }

    @Test("a server that dies costs 503s, and is used again when it is back")
    func killed() throws {
        let servers = try DatabaseServers()
        defer { servers.end() }
        for engine in [Engine.postgres, .mariadb] {
            let site = try site(engine, servers: servers)
            let client = try site.client("away")
            #expect(try client.ask("POST", "items", #"{"name":"a"}"#).status == 201)
            servers.kill()
            for (method, target, body) in [
                ("GET", "items", nil), ("GET", "items/1", nil), ("POST", "items", "{}"),
                ("PATCH", "items/1", "{}"), ("DELETE", "items/1", nil),
            ] as [(String, String, String?)] {
                let answer = try client.ask(method, target, body)
                #expect(answer.status == 503, "\(engine) \(method): \(answer)")
                #expect(answer["Retry-After"] != nil)
            }
            try servers.start()
            var last: Answer?
            let isBack = try site.wait {
                last = try client.ask("GET", "items?order=id")
                return last?.status == 200
            }
            #expect(isBack, "\(engine): \(String(describing: last))")
            #expect(try client.ask("POST", "items", #"{"name":"b"}"#).status == 201)
            // The tests' own MariaDB may lose what it had not yet written; the gateway may not.
            #expect(try client.ask("GET", "items?name=b").rows.count == 1)
        }
    }

    @Test("a file that another program holds can be read, and written once it lets go")
    func locked() throws {
        let site = try site()
        let client = try site.client("away")
        #expect(try client.ask("POST", "items", #"{"name":"a"}"#).status == 201)
        let other = try SQLiteDatabase(.file(site.scratch.path("state/databases/away.db")))
        try other.script("BEGIN IMMEDIATE")
        #expect(try client.ask("GET", "items").rows.count == 1)
        let refused = try client.ask("POST", "items", #"{"name":"b"}"#)
        #expect(refused.status == 503 && refused["Retry-After"] != nil, "\(refused)")
        try other.script("ROLLBACK")
        #expect(try client.ask("POST", "items", #"{"name":"b"}"#).status == 201)
        #expect(try client.ask("GET", "items").rows.count == 2)
    }

    @Test("a file that is put in the place of another is served, and written, without a restart")
    func replaced() throws {
        let site = try site()
        let client = try site.client("away")
        #expect(try client.ask("POST", "items", #"{"name":"before"}"#).status == 201)
        let path = site.scratch.path("state/databases/away.db")
        let backup = site.scratch.path("backup.db")
        try SQLiteDatabase(.file(path)).execute("VACUUM INTO '\(backup)'")
        try SQLiteDatabase(.file(backup)).execute("UPDATE items SET name = 'restored'")
        #expect(rename(backup, path) == 0)
        var names: [String] = []
        let isServed = try site.wait {
            names = try client.ask("GET", "items").rows.compactMap { $0["name"] as? String }
            return names == ["restored"]
        }
        #expect(isServed, "\(names)")
        #expect(try client.ask("POST", "items", #"{"name":"after"}"#).status == 201)
        let rows = try SQLiteDatabase(.file(path)).all("SELECT name FROM items ORDER BY id") {
            $0.text(0) ?? ""
        }
        #expect(rows == ["restored", "after"])
    }

    @Test("a disk that is full refuses writes, and nothing that was acknowledged is lost")
    func full() throws {
        let scratch = try Scratch()
        let folder = try scratch.directory("small")
        try scratch.shell("mount -t tmpfs -o size=2m none small")
        defer { _ = try? scratch.shell("umount -l small") }
        let site = try Site([
            AppFixture(name: "away", tables: Self.tables, path: folder + "/away.db")
        ])
        let client = try site.client("away")
        let body = #"{"body":"\#(String(repeating: "x", count: 100_000))"}"#
        var kept = 0
        var refused: Answer?
        for _ in 0..<60 where refused == nil {
            let answer = try client.ask("POST", "items", body)
            if answer.status == 201 { kept += 1 } else { refused = answer }
        }
        #expect(
            refused?.status == 503 && refused?["Retry-After"] != nil,
            "\(String(describing: refused))")
        let counted = try client.ask("GET", "items?fields=id&count=exact&limit=1")
        #expect(counted.meta["count"] as? Int == kept, "\(counted)")
        try scratch.shell("mount -o remount,size=20m small")
        #expect(try client.ask("POST", "items", body).status == 201)
    }

    @Test("a file that can't be written is read, and writes are told to come back")
    func readOnly() throws {
        let scratch = try Scratch()
        let folder = try scratch.directory("still")
        try scratch.shell("mount -t tmpfs -o size=20m none still")
        defer { _ = try? scratch.shell("umount -l still") }
        let site = try Site([
            AppFixture(name: "away", tables: Self.tables, path: folder + "/away.db")
        ])
        let client = try site.client("away", as: 1)
        #expect(try client.ask("POST", "items", #"{"name":"a"}"#).status == 201)
        site.stop()
        try scratch.shell("mount -o remount,ro still")
        try site.start()
        #expect(try client.ask("GET", "items?name=a").rows.count == 1)
        for (method, target, body) in [
            ("POST", "items", #"{"name":"c"}"#), ("PATCH", "items/1", #"{"name":"c"}"#),
            ("DELETE", "items/1", nil),
        ] as [(String, String, String?)] {
            let answer = try client.ask(method, target, body)
            #expect(answer.status == 503 && answer["Retry-After"] != nil, "\(method): \(answer)")
        }
        #expect(try client.ask("GET", "items/1").data["name"] as? String == "a")
        // Whoever makes it writable again need not restart the gateway.
        try scratch.shell("mount -o remount,rw still")
        #expect(try client.ask("POST", "items", #"{"name":"d"}"#).status == 201)
        // Each connection is another thread's, and each thread has a connection to the file.
        for _ in 0..<8 {
            let reader = try site.client("away", as: 1)
            #expect(try reader.ask("GET", "items?count=exact").meta["count"] as? Int == 2)
        }
    }

    @Test("a second gateway says that the port is taken, before anything else")
    func taken() throws {
        let site = try site()
        let second = try site.stead.run(["gateway", "--listen", "127.0.0.1:\(site.port)"])
        #expect(second.status == 1, "\(second)")
        let message = "error: the address 127.0.0.1:\(site.port) is in use"
        #expect(second.errors.hasPrefix(message), "\(second)")
        #expect(second.errors.contains("--listen"), "\(second)")
        #expect(try site.client("away").ask("GET", "items").status == 200)
    }

    @Test("a new release is swapped in, and no request fails meanwhile")
    func swapped() async throws {
        let site = try site()
        let isDone = LockedFlag()
        async let asked = Task.detached { () throws -> [String] in
            let client = try site.client("away")
            var failures: [String] = []
            while !isDone.isSet {
                let answers = [
                    try client.ask("GET", "items"),
                    try client.ask("POST", "items", #"{"name":"x"}"#),
                ]
                failures += answers.filter { ![200, 201].contains($0.status) }.map { "\($0)" }
            }
            return failures
        }.value
        let tables = Self.tables.replacingOccurrences(
            of: "      body:", with: "      extra: {type: int, default: 7}\n      body:")
        try AppFixture(name: "away", tables: tables).write(to: site.scratch, servers: nil)
        try site.apply()
        let client = try site.client("away")
        let isServed = try site.wait {
            try client.ask("GET", "items?fields=extra&limit=1").status == 200
        }
        isDone.set()
        #expect(isServed)
        let failures = try await asked
        let log = try site.scratch.read("access.log").suffix(800)
        #expect(failures.isEmpty, "\(failures.prefix(3)) \(log)")
    }

    @Test("an app that was withdrawn is no longer served, and the others are")
    func withdrawn() async throws {
        let site = try Site(
            ["away", "stays"].map { AppFixture(name: $0, tables: Self.tables) })
        let client = try site.client("away")
        #expect(try client.ask("GET", "items").status == 200)
        try await StateStore(folder: site.scratch.path("state"), access: .readWrite).withdraw(
            releaseOf: "away")
        #expect(try site.wait { try client.ask("GET", "items").status == 404 })
        #expect(try site.client("stays").ask("GET", "items").status == 200)
    }

    @Test("a release that can't be loaded leaves the one before")
    func unreadable() async throws {
        let site = try site()
        let client = try site.client("away")
        #expect(try client.ask("GET", "items").status == 200)
        let store = try StateStore(folder: site.scratch.path("state"), access: .readWrite)
        for text in ["{", "{\"format\":99}"] {
            try await store.publish(text, of: "away")
            try await store.publish(text, of: "other")
            let isSeen = try site.wait {
                try site.scratch.read("gateway.log").contains("other: release")
            }
            #expect(isSeen)
            #expect(try client.ask("GET", "items").status == 200)
        }
    }

    @Test("SIGTERM ends the gateway once what is under way is answered")
    func drained() throws {
        let site = try site()
        let client = try site.client("away")
        let body = #"{"name":"late"}"#
        let text = client.request("POST", "/api/items", body)
        let wire = try Wire(port: site.port)
        try wire.send(String(text.dropLast(5)))
        usleep(300_000)
        kill(site.identifier, SIGTERM)
        usleep(300_000)
        try wire.send(String(text.suffix(5)))
        let answer = try wire.answer()
        #expect(answer.status == 201)
        // The gateway ends with this side, at once: its line is among the last.
        wire.finishSending()
        #expect(site.wait { (try? Wire(port: site.port)) == nil })
        let trace = try #require(answer["X-Trace-Id"])
        #expect(try site.wait { try site.scratch.read("access.log").contains(trace) })
        try site.start()
        #expect(try client.ask("GET", "items").rows.count == 1)
    }

    @Test("SIGTERM waits for a large answer that is taken slowly, and for nothing behind it")
    func slowlyDrained() throws {
        let site = try site()
        let client = try site.client("away")
        let text = String(repeating: "x", count: 200_000)
        for _ in 0..<60 { _ = try client.ask("POST", "items", #"{"body":"\#(text)"}"#) }
        let wire = try Wire(port: site.port)
        try wire.send(client.request("GET", "/api/items?limit=60"))
        usleep(500_000)
        kill(site.identifier, SIGTERM)
        usleep(300_000)
        try wire.send(client.request("POST", "/api/items", #"{"name":"late"}"#))
        #expect(try wire.answer().rows.count == 60)
        #expect(wire.isClosed())
        #expect(site.wait { (try? Wire(port: site.port)) == nil })
        try site.start()
        #expect(try client.ask("GET", "items?name=late").rows.isEmpty)
    }
}
