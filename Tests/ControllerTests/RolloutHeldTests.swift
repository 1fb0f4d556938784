import Foundation
import TestSupport
import Testing

/// What is in force on a server whose turn a newer commit has not reached.
@Suite struct RolloutHeldTests {
    @Test("what was held on a server is not made up for when a newer commit no longer asks for it")
    func withdrawn() throws {
        let rolled = try RolledTree("pause: 4s", others: ["s1"])
        try rolled.commit("one")
        let controller = try rolled.tree.start()
        #expect(eventually { controller.log.contains("event=applied") }, "\(controller.log)")
        #expect(
            try rolled.tree.stead.run("suspend", "server/s1", "--reason", "Ada looks").status == 0)
        try rolled.commit("two")
        #expect(
            eventually { rolled.status().contains("waiting for s1") },
            "\(rolled.status())\(controller.log)")
        let three = try rolled.commit("three")
        #expect(
            eventually { controller.log.contains("event=progressed subject=\(three)") },
            "\(controller.log)")
        #expect(try rolled.tree.stead.run("resume", "server/s1").status == 0)
        #expect(
            eventually { controller.log.contains("event=applied subject=\(three)") },
            "\(controller.log)")
        #expect(rolled.isEverywhere("three"))
        let changes = controller.subjects(of: "change").filter { $0 == "file/note-s1" }
        #expect(changes.count == 2, "\(controller.log)")
    }

    @Test("a plan that waited is not to be approved once a newer commit has withdrawn it")
    func withdrawnPlan() throws {
        let rolled = try RolledTree(
            "pause: 8s}\npolicy: {approveRules: [{labels: {tier: shop}, approve: always}]",
            others: ["s1"])
        try rolled.file("shop", "one", on: "s1", at: "shop", extra: "labels: {tier: shop}")
        try rolled.tree.commit()
        let controller = try rolled.tree.start()
        #expect(
            try eventually { try rolled.tree.stead.run("plans").output.contains("1 to create") },
            "\(controller.log)")
        try rolled.tree.remove("shop")
        try rolled.commit("one")
        #expect(
            try eventually {
                try rolled.tree.stead.run("plans").output.contains("No plan waits")
            }, "\(controller.log)")
        #expect(rolled.seen("s1") == nil, "before that server's turn has come")
    }

    @Test("what somebody else has applied since is not taken back to the commit before")
    func overtaken() throws {
        let rolled = try RolledTree("")
        try rolled.file("gone", "one", on: "s1", at: "gone")
        try rolled.commit("one")
        let first = try rolled.tree.start("first")
        #expect(eventually { first.log.contains("event=applied") }, "\(first.log)")
        first.signal(15)
        _ = first.ended()
        try rolled.tree.remove("gone")
        try rolled.commit("two")
        let apply = try rolled.tree.stead.run("apply", "--repo", "repo", "--yes")
        #expect(apply.status == 0, "\(apply.everything)")
        #expect(rolled.tree.seen("gone") == nil)
        try rolled.note("three", on: "c1")
        let last = try rolled.tree.commit("The first again")
        let second = try rolled.tree.start("second")
        #expect(
            eventually { second.log.contains("event=applied subject=\(last)") }, "\(second.log)")
        #expect(second.subjects(of: "change") == ["file/note-c1"], "\(second.log)")
        #expect(rolled.tree.seen("gone") == nil)
    }

    @Test("what was taken back from somebody else's hand can be undone to")
    func takenBack() throws {
        let rolled = try RolledTree("onFailure: revert")
        let zero = try rolled.commit("zero")
        let one = try rolled.commit("one")
        let first = try rolled.tree.start("first")
        #expect(eventually { first.log.contains("event=applied subject=\(one)") }, "\(first.log)")
        first.signal(15)
        _ = first.ended()
        let apply = try rolled.tree.stead.run("apply", "--repo", "repo", "--ref", zero, "--yes")
        #expect(apply.status == 0 && rolled.isEverywhere("zero"), "\(apply.everything)")
        let second = try rolled.tree.start("second")
        #expect(eventually { rolled.isEverywhere("one") }, "\(second.log)")
        // A round later that is settled.
        Thread.sleep(forTimeInterval: 3)
        try rolled.commit("bad")
        #expect(
            eventually { rolled.status().contains("; undone on c1") },
            "\(rolled.status())\(second.log)")
        #expect(rolled.isEverywhere("one"))
    }
}
