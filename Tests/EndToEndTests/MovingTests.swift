import TestSupport
import Testing

/// Documents whose resource moves: what it leaves behind must go, and nothing else.
@Suite struct MovingTests {
    @Test("a file whose path changes is made at the new one, and then removed at the old one")
    func path() throws {
        let tree = try LocalTree()
        try tree.file("motd", content: "x\n")
        #expect(try tree.apply().status == 0)
        try tree.file("motd", content: "x\n", at: "elsewhere")
        let plan = try tree.plan()
        #expect(plan.output.contains("+ file/motd"), "\(plan.everything)")
        #expect(plan.output.contains("- file/motd~"), "\(plan.everything)")
        #expect(plan.output.contains("left behind by file/motd"), "\(plan.everything)")
        let apply = try tree.apply()
        #expect(apply.status == 0, "\(apply.everything)")
        #expect(try tree.seen("elsewhere") == "x\n")
        #expect(!tree.scratch.exists("root/motd"))
        #expect(try tree.plan("--detailed-exitcode").status == 0)
        let status = try tree.stead.run(["status"])
        #expect(!status.output.contains("~"), "\(status.output)")
    }

    @Test("two files that trade places both stay")
    func swap() throws {
        let tree = try LocalTree()
        try tree.file("a", content: "a\n", at: "one")
        try tree.file("b", content: "b\n", at: "two")
        #expect(try tree.apply().status == 0)
        try tree.file("a", content: "a\n", at: "two")
        try tree.file("b", content: "b\n", at: "one")
        let apply = try tree.apply()
        #expect(apply.status == 0, "\(apply.everything)")
        #expect(try tree.seen("one") == "b\n")
        #expect(try tree.seen("two") == "a\n")
        #expect(try tree.plan("--detailed-exitcode").status == 0)
    }

    @Test("the old place stays until the new one is right, and is not forgotten")
    func failing() throws {
        let tree = try LocalTree()
        try tree.file("motd", content: "x\n")
        #expect(try tree.apply().status == 0)
        try tree.scratch.write("root/blocked", "a file, where a folder should be\n")
        try tree.file("motd", content: "x\n", at: "blocked/motd")
        #expect(try tree.apply().status == 1)
        #expect(try tree.seen("motd") == "x\n")
        try tree.scratch.remove("root/blocked")
        #expect(try tree.apply().status == 0)
        #expect(try tree.seen("blocked/motd") == "x\n")
        #expect(!tree.scratch.exists("root/motd"))
        #expect(try tree.plan("--detailed-exitcode").status == 0)
    }

    @Test("a move that is taken back in time leaves everything as it was")
    func reverted() throws {
        let tree = try LocalTree()
        try tree.file("motd", content: "x\n")
        #expect(try tree.apply().status == 0)
        try tree.scratch.write("root/blocked", "a file, where a folder should be\n")
        try tree.file("motd", content: "x\n", at: "blocked/motd")
        #expect(try tree.apply().status == 1)
        try tree.file("motd", content: "x\n")
        #expect(try tree.apply().status == 0)
        #expect(try tree.seen("motd") == "x\n")
        let plan = try tree.plan("--detailed-exitcode")
        #expect(plan.status == 0, "\(plan.everything)")
        #expect(!plan.output.contains("~"), "\(plan.everything)")
    }

    @Test("a file that moves to another server is removed from the first once the second has it")
    func server() throws {
        let tree = try LocalTree()
        try tree.scratch.write(
            "repo/desired/servers/there.yaml", "kind: Server\nname: there\ntransport: local\n")
        try tree.file("motd", content: "x\n", at: "here")
        #expect(try tree.apply().status == 0)
        try tree.file("motd", content: "x\n", at: "there", server: "there")
        let apply = try tree.apply()
        #expect(apply.status == 0, "\(apply.everything)")
        #expect(!tree.scratch.exists("root/here"))
        #expect(try tree.seen("there") == "x\n")
        try tree.scratch.write("root/blocked", "a file, where a folder should be\n")
        try tree.file("motd", content: "x\n", at: "blocked/motd", server: "here")
        #expect(try tree.apply().status == 1)
        #expect(try tree.seen("there") == "x\n", "the new server has none yet")
        #expect(try tree.plan("--detailed-exitcode").status == 2)
    }
}
