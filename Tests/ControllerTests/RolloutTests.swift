import Foundation
import TestSupport
import Testing

/// Commits that reach the servers group by group.
@Suite struct RolloutTests {
    @Test("the first group is first, the others follow a few at a time, and then it is applied")
    func order() throws {
        let rolled = try RolledTree("max: 1", others: ["s1", "s2", "s3"])
        try rolled.commit("one")
        let controller = try rolled.tree.start()
        #expect(eventually { controller.log.contains("event=applied") }, "\(controller.log)")
        try rolled.commit("two")
        #expect(
            eventually { controller.subjects(of: "applied").count == 2 }, "\(controller.log)")
        #expect(rolled.isEverywhere("two"))
        let order = ["c1", "s1", "s2", "s3"].map { "file/note-\($0)" }
        #expect(controller.subjects(of: "change") == order + order, "\(controller.log)")
        #expect(controller.subjects(of: "progressed").count == 8)
        #expect(!rolled.status().contains("Rollout"), "\(rolled.status())")
        // A commit that changes nothing on a server does not keep it waiting.
        try rolled.note("three", on: "s3")
        try rolled.tree.commit()
        #expect(
            eventually { controller.subjects(of: "applied").count == 3 }, "\(controller.log)")
        #expect(controller.subjects(of: "progressed").count == 9)
    }

    @Test("a group that is not healthy stops it: the others stay, and so it is after a kill")
    func stops() throws {
        let rolled = try RolledTree("")
        try rolled.commit("one")
        let first = try rolled.tree.start()
        #expect(eventually { first.log.contains("event=applied") }, "\(first.log)")
        let bad = try rolled.commit("bad")
        let words =
            "Rollout of \(bad.prefix(10)) stopped at group 1 of 2 (tier=canary): "
            + "file/note-c1: unhealthy: command sh"
        #expect(eventually { rolled.status().contains(words) }, "\(rolled.status())\(first.log)")
        #expect(rolled.seen("c1") == "bad")
        #expect(rolled.others.allSatisfy { rolled.seen($0) == "one" })
        first.process.end()

        let second = try rolled.tree.start("second")
        // Drift is taken back to what is in force on each.
        try rolled.tree.scratch.write("root/s1", "by hand")
        try rolled.tree.scratch.write("root/c1", "by hand, and bad")
        #expect(eventually { rolled.seen("s1") == "one" }, "\(second.log)")
        #expect(eventually { rolled.seen("c1") == "bad" }, "\(second.log)")
        #expect(rolled.status().contains(words), "\(rolled.status())")
        #expect(second.subjects(of: "progressed").isEmpty, "\(second.log)")

        // A person may have it tried again, and the next commit goes its own way.
        #expect(try rolled.tree.stead.run("sync").status == 0)
        #expect(
            eventually { second.log.contains("rollout stopped at group 1 of 2") }, "\(second.log)")
        #expect(rolled.seen("s1") == "one")
        try rolled.commit("three")
        #expect(eventually { second.log.contains("event=applied") }, "\(second.log)")
        #expect(rolled.isEverywhere("three"))
        #expect(!rolled.status().contains("Rollout"), "\(rolled.status())")
        #expect(try rolled.tree.stead.run("audit", "verify").status == 0)
    }

    @Test("the changes of the group that failed are undone, and the record says so")
    func reverts() throws {
        let rolled = try RolledTree("onFailure: revert")
        let one = try rolled.commit("one")
        let controller = try rolled.tree.start()
        #expect(eventually { controller.log.contains("event=applied") }, "\(controller.log)")
        // One new file, one that goes, and one that is not well.
        try rolled.file("new", "new", on: "c1", at: "new")
        let bad = try rolled.commit("bad")
        #expect(
            eventually { rolled.status().contains("; undone on c1") },
            "\(rolled.status())\(controller.log)")
        #expect(rolled.isEverywhere("one"))
        #expect(rolled.tree.seen("new") == nil)
        let status = try rolled.tree.stead.run("status", "--format", "json").output
        #expect(status.contains("\"state\":\"reverted\""), "\(status)")
        let entry = status.components(separatedBy: "\"address\":\"file/note-c1\"").last ?? ""
        #expect(entry.contains("\"revision\":\"\(one)\""), "\(status)")
        let audit = try rolled.tree.stead.run("audit", "list").everything
        #expect(audit.contains("rollout.stopped"), "\(audit)")
        #expect(audit.contains("rollout.reverted"), "\(audit)")
        // Drift is corrected to the former version; the commit is not tried again.
        try rolled.tree.scratch.write("root/c1", "by hand")
        #expect(eventually { rolled.seen("c1") == "one" }, "\(controller.log)")
        #expect(controller.subjects(of: "stalled").filter { $0 == bad }.count == 1)
        // The fix is rolled out from there.
        try rolled.commit("two")
        #expect(
            eventually { controller.subjects(of: "applied").count == 2 }, "\(controller.log)")
        #expect(rolled.isEverywhere("two"))
        #expect(rolled.tree.seen("new") == "new")
    }

    @Test("what turns unhealthy in the pause stops it, and nothing is half rolled out meanwhile")
    func pause() throws {
        let rolled = try RolledTree("")
        try rolled.tree.scratch.write("root/well", "")
        let extra = """
            health: {command: [test, -e, \(rolled.tree.scratch.path("root/well"))], deadline: 10s}
            """
        try rolled.file("watched", "one", on: "c1", at: "watched", extra: extra)
        try rolled.tree.commit()
        let first = try rolled.tree.start()
        #expect(eventually { first.log.contains("event=applied") }, "\(first.log)")
        try rolled.tree.settings(
            "rollout: {groups: [{tier: canary}], pause: 1h, onFailure: revert}")
        try rolled.commit("two")
        let pausing = "group 1 of 2 (tier=canary): healthy; the next"
        #expect(eventually { rolled.status().contains(pausing) }, "\(rolled.status())\(first.log)")
        #expect(rolled.seen("c1") == "two")
        first.process.end()
        // A rollout goes on where it was.
        let second = try rolled.tree.start("second")
        try rolled.tree.scratch.write("root/c1", "by hand")
        #expect(eventually { rolled.seen("c1") == "two" }, "\(second.log)")
        #expect(eventually { rolled.status().contains(pausing) }, "\(rolled.status())")
        #expect(rolled.seen("s1") == nil, "its turn has not come")
        try rolled.tree.scratch.remove("root/well")
        #expect(
            eventually { rolled.status().contains("file/watched: unhealthy") },
            "\(rolled.status())\(second.log)")
        #expect(eventually { rolled.seen("c1") == nil }, "\(second.log)")
        #expect(rolled.seen("s1") == nil)
        #expect(rolled.tree.seen("watched") == "one")
    }

    @Test("a killed controller goes on with the rollout it was at")
    func killed() throws {
        let rolled = try RolledTree("pause: 3s, max: 1")
        try rolled.commit("one")
        let first = try rolled.tree.start()
        #expect(eventually { first.log.contains("event=applied") }, "\(first.log)")
        try rolled.commit("two")
        #expect(eventually { rolled.seen("c1") == "two" }, "\(first.log)")
        first.process.end()
        #expect(rolled.seen("s2") == "one")
        let second = try rolled.tree.start("second")
        #expect(eventually { second.log.contains("event=applied") }, "\(second.log)")
        #expect(rolled.isEverywhere("two"))
        #expect(
            second.subjects(of: "change").filter { $0 == "file/note-c1" }.isEmpty,
            "what was done is not done again: \(second.log)")
    }

    @Test("a server that can't be reached is not waited for, unless it is all of its group")
    func unreachable() throws {
        let rolled = try RolledTree("wait: 6s", others: ["s1"])
        let key = try rolled.tree.scratch.shell(
            "ssh-keygen -q -t ed25519 -N '' -f key; cut -d ' ' -f 1,2 key.pub"
        ).split(separator: "\n")[0]
        func dead(_ name: String, tier: String) throws {
            try rolled.tree.scratch.write(
                "repo/desired/servers/\(name).yaml",
                """
                kind: Server
                name: \(name)
                host: 127.0.0.1
                port: 9
                user: root
                hostKey: \(key)
                identityFile: \(rolled.tree.scratch.path("key"))
                labels: {tier: \(tier)}
                """)
            try rolled.file("far-\(name)", "x", on: name, at: "far-\(name)")
        }
        try dead("dead", tier: "canary")
        try dead("late", tier: "lab")
        try rolled.tree.settings(
            "rollout: {groups: [{tier: lab}, {tier: canary}], wait: 6s}")
        try rolled.commit("one")
        let controller = try rolled.tree.start()
        #expect(
            eventually { rolled.status().contains("none of its servers can be reached: late") },
            "\(rolled.status())\(controller.log)")
        #expect(eventually { rolled.isEverywhere("one") }, "\(controller.log)")
        #expect(controller.log.contains("without late, which can't be reached"))
        #expect(controller.log.contains("group 3 of 3"), "\(controller.log)")
        #expect(!controller.log.contains("event=applied"), "the commit has not reached all")
        #expect(rolled.status().contains("server/dead"), "\(rolled.status())")
    }
}
