import Foundation
import TestSupport
import Testing

/// Places that are no healthy host.
@Suite struct PlacesTests {
    @Test("a host that never answers holds up nobody, and loses nothing")
    func frozen() throws {
        let tree = try FollowedTree()
        // Accepts connections, and says nothing on them.
        let listener = try LoopbackListener()
        let key = try tree.scratch.shell(
            "ssh-keygen -q -t ed25519 -N '' -f key; cut -d ' ' -f 1,2 key.pub"
        ).split(separator: "\n")[0]
        try tree.scratch.write(
            "repo/desired/servers/frozen.yaml",
            """
            kind: Server
            name: frozen
            host: 127.0.0.1
            port: \(listener.port)
            user: root
            hostKey: \(key)
            identityFile: \(tree.scratch.path("key"))
            connectTimeout: 300s
            """)
        try tree.scratch.write(
            "repo/desired/files/far.yaml",
            "kind: File\nname: far\nserver: frozen\npath: /etc/far\ncontent: x\n")
        try tree.file("motd", "one")
        try tree.commit()
        let controller = try tree.start()
        #expect(eventually { tree.seen("motd") == "one" }, "\(controller.log)")
        try tree.file("motd", "two")
        try tree.commit()
        #expect(eventually { tree.seen("motd") == "two" }, "\(controller.log)")
        try tree.scratch.write("root/motd", "by hand")
        #expect(eventually { tree.seen("motd") == "two" }, "\(controller.log)")
        // All of that came to pass before the host's time was over.
        #expect(!controller.log.contains("server/frozen"), "\(controller.log)")
        #expect(!controller.log.contains("event=applied"), "the commit has not reached all")
        controller.signal(SIGTERM)
        #expect(controller.ended() == 0, "\(controller.log)")
        withExtendedLifetime(listener) {}
    }

    @Test("an app's database is brought to its schema, and what can't be is said")
    func database() throws {
        let tree = try FollowedTree()
        try tree.scratch.write(
            "repo/desired/apps/shop/app.yaml",
            "kind: App\nhosts: [shop.example.com]\ndatabase: {engine: sqlite, path: shop.db}\n")
        func schema(_ fields: String) throws {
            try tree.scratch.write(
                "repo/desired/apps/shop/schema.yaml",
                """
                kind: Schema
                tables:
                  items:
                    fields:
                      id: {type: int, primary: true, auto: true}
                      name: {type: string, max: 40}
                      \(fields)
                """)
        }
        func sql(_ text: String) throws -> String {
            try tree.scratch.shell("sqlite3 state/databases/shop.db \"\(text)\"")
        }
        try schema("")
        try tree.commit()
        let controller = try tree.start()
        #expect(eventually { controller.log.contains("event=applied") }, "\(controller.log)")
        _ = try sql("INSERT INTO items (name) VALUES (NULL)")
        try schema("price: {type: int}")
        try tree.commit()
        #expect(
            eventually { (try? sql("SELECT price FROM items")) != nil }, "\(controller.log)")
        // A row stands against this: said once, and mended by mending the row.
        try schema("price: {type: int, required: true}")
        try tree.commit()
        #expect(eventually { controller.log.contains("event=stalled") }, "\(controller.log)")
        _ = try sql("UPDATE items SET price = 1")
        #expect(eventually { controller.log.contains("event=recovered") }, "\(controller.log)")
    }
}
