import Foundation
import TestSupport
import Testing

/// The whole program on this machine: a tree in a folder, files in a root of the test's own.
@Suite struct PlanAndApplyTests {
    @Test("plan shows, apply does, and then there is nothing to do")
    func converges() throws {
        let tree = try LocalTree()
        try tree.file("motd", content: "Welcome.\n")
        let plan = try tree.plan()
        #expect(plan.status == 0, "\(plan.everything)")
        #expect(plan.output.contains("+ file/motd"))
        #expect(plan.output.contains("+Welcome."))
        #expect(
            plan.output.hasSuffix(
                "Plan: 1 to create, 0 to update, 0 to delete, 0 drifted, 0 unknown, 1 unchanged.\n")
        )
        #expect(!tree.scratch.exists("root/motd"), "a plan changes nothing")
        #expect(try tree.plan("--detailed-exitcode").status == 2)
        let apply = try tree.apply()
        #expect(apply.status == 0, "\(apply.everything)")
        #expect(try tree.seen("motd") == "Welcome.\n")
        let again = try tree.plan("--detailed-exitcode")
        #expect(again.status == 0, "\(again.everything)")
    }

    @Test("an edit is an update, a change on the host is drift, and drift is taken back")
    func drift() throws {
        let tree = try LocalTree()
        try tree.file("motd", content: "one\n")
        #expect(try tree.apply().status == 0)
        try tree.file("motd", content: "two\n")
        #expect(try tree.plan().output.contains("~ file/motd"))
        #expect(try tree.apply().status == 0)
        try tree.scratch.write("root/motd", "someone else\n")
        let drifted = try tree.plan()
        #expect(drifted.output.contains("! file/motd"))
        #expect(drifted.output.contains("-someone else"))
        #expect(drifted.output.contains("1 drifted"))
        #expect(try tree.apply().status == 0)
        #expect(try tree.seen("motd") == "two\n")
    }

    @Test("what leaves git is deleted only when Stead wrote it")
    func deletes() throws {
        let tree = try LocalTree()
        try tree.scratch.write("root/found", "found\n")
        try tree.file("found", content: "found\n")
        try tree.file("written", content: "written\n")
        #expect(try tree.apply().status == 0)
        try tree.scratch.remove("repo/desired/files/found.yaml")
        try tree.scratch.remove("repo/desired/files/written.yaml")
        let plan = try tree.plan()
        #expect(plan.output.contains("- file/written"), "\(plan.everything)")
        #expect(!plan.output.contains("- file/found"))
        #expect(try tree.apply().status == 0)
        #expect(tree.scratch.exists("root/found"))
        #expect(!tree.scratch.exists("root/written"))
    }

    @Test("more deletes than policy allows stop the run until their number is allowed")
    func deleteCap() throws {
        let tree = try LocalTree()
        for index in 0..<5 { try tree.file("f\(index)", content: "x\n") }
        #expect(try tree.apply().status == 0)
        for index in 1..<5 { try tree.scratch.remove("repo/desired/files/f\(index).yaml") }
        let held = try tree.apply()
        #expect(held.status == 1)
        #expect(held.errors.contains("--allow-delete 4"), "\(held.everything)")
        #expect(tree.scratch.exists("root/f4"))
        #expect(try tree.apply("--allow-delete", "3").status == 1)
        #expect(try tree.apply("--allow-delete", "4").status == 0)
        #expect(!tree.scratch.exists("root/f4"))
        let log = try tree.stead.run("audit", "export").output
        #expect(log.contains(#""warrant":{"allowedDeletes":4,"approvals":[]}"#), "\(log)")
    }

    @Test("an empty tree deletes nothing")
    func emptyTree() throws {
        let tree = try LocalTree()
        try tree.file("motd", content: "x\n")
        #expect(try tree.apply().status == 0)
        try tree.scratch.remove("repo/desired")
        try tree.scratch.write("repo/desired/stead.yaml", "version: 1\n")
        let result = try tree.apply("--allow-delete", "100")
        #expect(result.status == 65, "\(result.everything)")
        #expect(tree.scratch.exists("root/motd"))
    }

    @Test("a sealed plan applies what was reviewed, and refuses only what has moved")
    func sealed() throws {
        let tree = try LocalTree()
        for name in ["a", "b"] { try tree.file(name, content: "one\n") }
        #expect(try tree.apply().status == 0)
        for name in ["a", "b"] { try tree.file(name, content: "two\n") }
        #expect(try tree.plan("--out", "plan.json").status == 0)
        try tree.scratch.write("root/a", "moved\n")
        let result = try tree.stead.run("apply", "plan.json", "--repo", "repo", "--yes")
        #expect(result.status == 1)
        #expect(result.output.contains("file/a"), "\(result.everything)")
        #expect(result.output.contains("moved"))
        #expect(try tree.seen("a") == "moved\n")
        #expect(try tree.seen("b") == "two\n")
        try tree.scratch.write("plan.json", try tree.scratch.read("plan.json") + " ")
        #expect(try tree.stead.run("apply", "plan.json", "--yes").status == 1)
    }

    @Test("the run is on record, and the record can be proved")
    func record() throws {
        let tree = try LocalTree()
        try tree.file("motd", content: "x\n")
        #expect(try tree.apply().status == 0)
        let history = try tree.stead.run("history")
        #expect(history.output.contains("succeeded"))
        #expect(try tree.stead.run("history", "1").output.contains("file/motd"))
        #expect(try tree.stead.run("status").output.contains("as applied"))
        #expect(try tree.stead.run("audit", "list").output.contains("resource.applied"))
        #expect(try tree.stead.run("audit", "verify").status == 0)
    }
}
