import Foundation
import TestSupport
import Testing

/// A schema that can't be brought about, and what is published of its app.
@Suite struct SchemaStallTests {
    @Test("a release waits as long as its schema is refused, and comes as it no longer is")
    func refused() throws {
        let tree = try FollowedTree()
        try tree.scratch.write(
            "repo/desired/apps/shop/app.yaml",
            "kind: App\ndatabase: {engine: sqlite, path: shop.db}\n")
        try schema(tree, "")
        try tree.commit("Shop")
        let controller = try tree.start()
        #expect(eventually { controller.log.contains("event=applied") }, "\(controller.log)")
        try tree.scratch.shell(
            "sqlite3 state/databases/shop.db \"INSERT INTO tasks (title) VALUES ('one')\"")
        try schema(tree, "      must: {type: string, max: 10, required: true}\n")
        let two = try tree.commit("Must")
        #expect(
            eventually { controller.log.contains("event=stalled subject=schema/shop") },
            "\(controller.log)")
        // Some rounds more.
        Thread.sleep(forTimeInterval: 4)
        #expect(!controller.log.contains("event=applied subject=\(two)"), "\(controller.log)")
        #expect(!controller.log.contains("event=recovered subject=schema/shop"))
        #expect(try tree.status().contains("stalled"))
        let query = "SELECT count(*) FROM releases WHERE body LIKE '%must%'"
        let releases = "sqlite3 state/stead.db \"\(query)\""
        #expect(try tree.scratch.shell(releases).hasPrefix("0"))
        try tree.scratch.shell("sqlite3 state/databases/shop.db 'DELETE FROM tasks'")
        #expect(
            eventually { controller.log.contains("event=applied subject=\(two)") },
            "\(controller.log)")
        #expect(try tree.scratch.shell(releases).hasPrefix("1"))
    }

    private func schema(_ tree: FollowedTree, _ field: String) throws {
        try tree.scratch.write(
            "repo/desired/apps/shop/schema.yaml",
            """
            kind: Schema
            tables:
              tasks:
                filter: all
                fields:
                  id: {type: int, primary: true, auto: true}
                  title: {type: string, max: 50}
            \(field)
            """)
    }
}
