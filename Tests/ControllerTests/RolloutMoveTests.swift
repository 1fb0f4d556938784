import Foundation
import TestSupport
import Testing

/// What moves between servers while a commit is rolled out, and is undone.
@Suite struct RolloutMoveTests {
    private static let bad = "health: {command: [/bin/false], deadline: 1s}"

    /// A file that is on one server, and its move to another, which turns out unhealthy.
    private func failedMove(
        from old: String, to new: String
    ) throws -> (RolledTree, RunningController) {
        let rolled = try RolledTree(
            "onFailure: revert}\nreconcile: {interval: 10s", others: ["s1", "s2"])
        try rolled.file("note", "one", on: old, at: "note-\(old)")
        try rolled.commit("one")
        let controller = try rolled.tree.start()
        #expect(eventually { controller.log.contains("event=applied") }, "\(controller.log)")
        try rolled.file("note", "one", on: new, at: "note-\(new)", extra: Self.bad)
        let two = try rolled.commit("two")
        #expect(
            eventually {
                controller.log.contains("undone on") || controller.log.contains("not undone")
            }, "\(rolled.status())\(controller.log)")
        #expect(try rolled.tree.stead.run("history").output.contains(two.prefix(10)))
        return (rolled, controller)
    }

    private func isOwned(_ rolled: RolledTree, on server: String) -> Bool {
        let line = rolled.status().split(separator: "\n").first { $0.contains("file/note ") }
        return line?.contains(" as applied on \(server) ") ?? false
    }

    @Test(
        "a move that is undone leaves one copy, at the former place, owned as before",
        arguments: [("c1", "s1"), ("s1", "c1")])
    func undone(_ old: String, _ new: String) throws {
        let (rolled, controller) = try failedMove(from: old, to: new)
        #expect(
            eventually { rolled.seen("note-\(new)") == nil && rolled.seen("note-\(old)") == "one" },
            "\(controller.log)")
        #expect(
            eventually { isOwned(rolled, on: old) },
            "\(rolled.status())")
        // What is owned goes with its document.
        try rolled.tree.remove("note")
        let three = try rolled.commit("three")
        #expect(
            eventually { controller.log.contains("event=applied subject=\(three)") },
            "\(rolled.status())\(controller.log)")
        #expect(rolled.seen("note-\(old)") == nil && rolled.seen("note-\(new)") == nil)
    }

    @Test(
        "a move that is taken back in git after it was undone leaves one copy too",
        arguments: [("c1", "s1"), ("s1", "c1")])
    func takenBack(_ old: String, _ new: String) throws {
        let (rolled, controller) = try failedMove(from: old, to: new)
        try rolled.file("note", "one", on: old, at: "note-\(old)")
        let three = try rolled.commit("three")
        #expect(
            eventually { controller.log.contains("event=applied subject=\(three)") },
            "\(rolled.status())\(controller.log)")
        #expect(rolled.seen("note-\(old)") == "one" && rolled.seen("note-\(new)") == nil)
        #expect(isOwned(rolled, on: old), "\(rolled.status())")
    }
}
