import Foundation
import Glibc
import TestSupport
import Testing

/// A commit that takes away what its own changes should wait for.
@Suite struct FormerRulesTests {
    private func approve(_ tree: FollowedTree) throws {
        #expect(try eventually { try !tree.stead.run("plans").output.contains("No plan waits") })
        let id = String(try tree.stead.run("plans").output.prefix { $0 != " " })
        let approve = try tree.stead.run("approve", id)
        #expect(approve.status == 0, "\(approve.everything)")
    }

    @Test("an approval that a commit no longer asks for is asked for its changes")
    func approval() throws {
        let tree = try FollowedTree(settings: "policy: {approve: always}\n")
        try tree.file("motd", "one")
        try tree.commit()
        let controller = try tree.start()
        #expect(eventually { controller.log.contains("event=held") }, "\(controller.log)")
        try approve(tree)
        #expect(eventually { controller.log.contains("event=applied") }, "\(controller.log)")

        try tree.settings("policy: {maxDeletes: 3}\n")
        try tree.file("motd", "two")
        try tree.commit("Let me in")
        // Another commit, which comes before the first is reached, changes nothing about it.
        #expect(
            eventually { controller.log.components(separatedBy: "event=held").count == 3 },
            "\(controller.log)")
        try tree.file("motd", "three")
        try tree.commit("And me")
        #expect(
            eventually { controller.log.components(separatedBy: "event=held").count == 4 },
            "\(controller.log)")
        #expect(tree.seen("motd") == "one")
        let plans = try tree.stead.run("plans").output
        #expect(plans.contains("which was in force before asks for approval"), "\(plans)")
        // Nor does a restart.
        controller.signal(SIGTERM)
        #expect(controller.ended() == 0, "\(controller.log)")
        let next = try tree.start("next")
        Thread.sleep(forTimeInterval: 4)
        #expect(tree.seen("motd") == "one", "\(next.log)")
        try approve(tree)
        #expect(eventually { tree.seen("motd") == "three" }, "\(next.log)")
        #expect(eventually { next.log.contains("event=applied") }, "\(next.log)")
        // Now that it is reached, its own rule holds.
        try tree.file("motd", "four")
        try tree.commit()
        #expect(eventually { tree.seen("motd") == "four" }, "\(next.log)")
    }

    @Test("a commit that allows more deletes may not make more itself")
    func deletes() throws {
        let tree = try FollowedTree()
        for number in 1...8 { try tree.file("f\(number)", "one") }
        try tree.commit()
        let controller = try tree.start()
        #expect(eventually { controller.log.contains("event=applied") }, "\(controller.log)")
        try tree.settings("policy: {maxDeletes: 300}\n")
        for number in 1...6 { try tree.remove("f\(number)") }
        try tree.commit("Clean up")
        #expect(eventually { controller.log.contains("event=held") }, "\(controller.log)")
        Thread.sleep(forTimeInterval: 2)
        #expect(tree.seen("f1") == "one")
        let plans = try tree.stead.run("plans").output
        #expect(plans.contains("6 deletes are more than one run may make (3, as "), "\(plans)")
        try approve(tree)
        #expect(eventually { tree.seen("f6") == nil }, "\(controller.log)")
    }

    @Test("a label that a commit takes away, with what bears it, is counted as it was")
    func labels() throws {
        let tree = try FollowedTree(
            settings: "policy: {approveRules: [{labels: {tier: shop}, approve: always}]}\n")
        try tree.file("lab", "one")
        try tree.file("motd", "one", extra: "labels: {tier: shop}")
        try tree.file("gone", "one", extra: "labels: {tier: shop}")
        try tree.commit()
        let controller = try tree.start()
        #expect(eventually { controller.log.contains("event=held") }, "\(controller.log)")
        try approve(tree)
        #expect(eventually { controller.log.contains("event=applied") }, "\(controller.log)")
        try tree.file("lab", "two")
        try tree.file("motd", "two")
        try tree.remove("gone")
        try tree.commit()
        #expect(eventually { tree.seen("lab") == "two" }, "\(controller.log)")
        Thread.sleep(forTimeInterval: 2)
        #expect(tree.seen("motd") == "one" && tree.seen("gone") == "one", "\(controller.log)")
        try approve(tree)
        #expect(eventually { tree.seen("motd") == "two" && tree.seen("gone") == nil })
    }
}
