import Foundation
import TestSupport
import Testing

/// The same by `stead apply`.
@Suite struct RolloutApplyTests {
    @Test("a plan says whose turn it is when, and apply goes by it")
    func applies() throws {
        let rolled = try RolledTree("max: 1")
        try rolled.commit("one")
        let plan = try rolled.tree.stead.run("plan", "--repo", "repo").output
        let line =
            "Rollout: group 1 of 2 (tier=canary): c1; then group 2 of 2 "
            + "(the other servers): s1, s2, 1 at a time\n"
        #expect(plan.contains(line), "\(plan)")
        let apply = try rolled.tree.stead.run("apply", "--repo", "repo", "--yes")
        #expect(apply.status == 0, "\(apply.everything)")
        #expect(rolled.isEverywhere("one"))
        #expect(apply.output.contains("3 created"), "\(apply.everything)")
        let again = try rolled.tree.stead.run("plan", "--repo", "repo").output
        #expect(!again.contains("Rollout"), "\(again)")
    }

    @Test("it stops at the group that fails, and undoes its changes", arguments: [true, false])
    func stops(reverts: Bool) throws {
        let rolled = try RolledTree(reverts ? "onFailure: revert" : "")
        let one = try rolled.commit("one")
        let first = try rolled.tree.stead.run("apply", "--repo", "repo", "--yes")
        #expect(first.status == 0, "\(first.everything)")
        try rolled.file("new", "new", on: "c1", at: "new")
        try rolled.commit("bad")
        let apply = try rolled.tree.stead.run("apply", "--repo", "repo", "--yes")
        #expect(apply.status == 1, "\(apply.everything)")
        #expect(
            apply.output.contains(
                "Rollout stopped at group 1 of 2 (tier=canary): file/note-c1: unhealthy"),
            "\(apply.everything)")
        #expect(apply.output.contains("not changed: s1, s2"), "\(apply.everything)")
        #expect(rolled.seen("s1") == "one")
        #expect(rolled.seen("c1") == (reverts ? "one" : "bad"))
        #expect(rolled.tree.seen("new") == (reverts ? nil : "new"))
        guard reverts else { return }
        #expect(apply.output.contains("undone: file/new, file/note-c1"), "\(apply.everything)")
        let status = try rolled.tree.stead.run("status", "--format", "json").output
        let entry = status.components(separatedBy: "\"address\":\"file/note-c1\"").last ?? ""
        #expect(entry.contains("\"revision\":\"\(one)\""), "\(status)")
    }
}
