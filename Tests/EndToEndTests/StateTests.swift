import Glibc
import SQL
import TestSupport
import Testing

/// A state database that can't be used: nothing is done, and the message says why and what to do.
@Suite struct StateTests {
    private static let database = "state/stead.db"

    private func appliedTree() throws -> LocalTree {
        let tree = try LocalTree()
        try tree.file("motd", content: "one\n")
        #expect(try tree.apply().status == 0)
        try tree.file("motd", content: "two\n")
        return tree
    }

    private func expectRefusal(_ tree: LocalTree, _ words: String) throws {
        let apply = try tree.apply()
        #expect(apply.status == 1, "\(apply.everything)")
        #expect(apply.errors.contains(words), "\(apply.everything)")
        #expect(apply.errors.contains("fix: "), "\(apply.everything)")
        #expect(try tree.seen("motd") == "one\n", "nothing is done without a record")
    }

    @Test("locked by another program")
    func locked() throws {
        let tree = try appliedTree()
        let other = try SQLiteDatabase(.file(tree.scratch.path(Self.database)))
        try other.script("BEGIN EXCLUSIVE")
        try expectRefusal(tree, "locked")
        try other.script("ROLLBACK")
        #expect(try tree.apply().status == 0)
    }

    @Test("of a newer version")
    func newer() throws {
        let tree = try appliedTree()
        try SQLiteDatabase(.file(tree.scratch.path(Self.database)))
            .script("PRAGMA user_version = 99")
        try expectRefusal(tree, "version 99")
        #expect(try tree.plan().status == 1)
    }

    @Test("not a database any more")
    func corrupt() throws {
        let tree = try appliedTree()
        try tree.scratch.write(Self.database, String(repeating: "scratch ", count: 2000))
        for suffix in ["-wal", "-shm"] where tree.scratch.exists(Self.database + suffix) {
            try tree.scratch.remove(Self.database + suffix)
        }
        try expectRefusal(tree, "stead.db")
        for command in [["plan", "--repo", "repo"], ["status"], ["history"], ["audit", "verify"]] {
            let result = try tree.stead.run(command)
            #expect(result.status == 1, "\(command): \(result.everything)")
        }
    }

    @Test("on a file system that is read-only: a plan is still made", .enabled(if: getuid() == 0))
    func readOnly() throws {
        let tree = try appliedTree()
        let state = tree.scratch.path("state")
        let mount = "mount --bind \"$0\" \"$0\" && mount -o remount,bind,ro \"$0\" && exec \"$@\""
        func run(_ command: String...) throws -> SteadProcess.Result {
            try Tool.run(
                "/usr/bin/unshare",
                ["--mount", "/bin/sh", "-c", mount, state, SteadProcess.path] + command
                    + ["--repo", "repo", "--state", state],
                in: tree.scratch.root)
        }
        let plan = try run("plan")
        #expect(plan.status == 0, "\(plan.everything)")
        #expect(plan.output.contains("+two"), "\(plan.everything)")
        #expect(plan.errors.contains("not recorded"), "\(plan.everything)")
        let apply = try run("apply", "--yes")
        #expect(apply.status == 1, "\(apply.everything)")
        #expect(apply.errors.contains("can't be written"), "\(apply.everything)")
        #expect(try tree.seen("motd") == "one\n")
    }
}
