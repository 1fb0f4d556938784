import Foundation
import TestSupport
import Testing

/// Commits, drift and failures, as the loop meets them.
@Suite struct LoopTests {
    @Test("a commit is applied, drift is taken back, and the next commit follows")
    func follows() throws {
        let tree = try FollowedTree()
        try tree.file("motd", "one")
        try tree.commit("Greet")
        let controller = try tree.start()
        #expect(eventually { controller.log.contains("event=applied") }, "\(controller.log)")
        try tree.scratch.write("root/motd", "changed by hand")
        #expect(eventually { tree.seen("motd") == "one" }, "\(controller.log)")
        try tree.file("motd", "two")
        try tree.commit()
        #expect(eventually { tree.seen("motd") == "two" }, "\(controller.log)")
        let history = try tree.stead.run("history").output
        #expect(history.contains("Greet"))
        #expect(history.contains("by stead controller"))
        #expect(controller.log.contains("event=corrected subject=file/motd"))
        #expect(try tree.stead.run("audit", "verify").status == 0)
    }

    @Test("what fails is left alone until something changes; all else goes on")
    func stalled() throws {
        let tree = try FollowedTree()
        try tree.file("motd", "one")
        try tree.file("other", "one")
        let first = try tree.commit()
        let controller = try tree.start()
        #expect(eventually { controller.log.contains("event=applied") }, "\(controller.log)")
        // The new place of one lies in what is a file.
        try tree.file("motd", "two", at: "other/motd")
        try tree.file("other", "two")
        let second = try tree.commit("Break")
        #expect(eventually { controller.log.contains("event=stalled") }, "\(controller.log)")
        #expect(eventually { tree.seen("other") == "two" }, "the rest of the commit is applied")
        #expect(tree.seen("motd") == "one", "what it was stays")

        // Drift of both is corrected: to what was last good of each.
        try tree.scratch.write("root/other", "by hand")
        try tree.scratch.write("root/motd", "by hand")
        #expect(eventually { tree.seen("other") == "two" }, "\(controller.log)")
        #expect(eventually { tree.seen("motd") == "one" }, "\(controller.log)")
        Thread.sleep(forTimeInterval: 3)
        let runs = try tree.stead.run("history", "--format", "json").output
        #expect(controller.log.components(separatedBy: "event=stalled").count == 2, "told once")
        #expect(runs.contains(first) && runs.contains(second))

        // The fix is taken at once.
        try tree.file("motd", "three")
        try tree.commit("Mend")
        #expect(eventually { tree.seen("motd") == "three" }, "\(controller.log)")
        #expect(eventually { controller.log.contains("event=recovered") }, "\(controller.log)")
    }

    @Test("an invalid tree, an empty one, a deleted branch and a rewritten one change nothing")
    func notTaken() throws {
        let tree = try FollowedTree()
        try tree.file("motd", "one")
        let good = try tree.commit("Good")
        let controller = try tree.start()
        #expect(eventually { controller.log.contains("event=applied") }, "\(controller.log)")
        func staysInForce(_ words: String) throws {
            #expect(eventually { controller.log.contains(words) }, "\(controller.log)")
            #expect(tree.seen("motd") == "one")
            try tree.scratch.write("root/motd", "by hand")
            #expect(eventually { tree.seen("motd") == "one" }, "\(controller.log)")
        }
        try tree.scratch.write("repo/desired/files/bad.yaml", "kind: File\nnmae: x\n")
        try tree.commit("Invalid")
        try staysInForce("bad.yaml:1:1")
        #expect(try tree.status().contains("bad.yaml:1:1"))

        try tree.scratch.shell("cd repo; git rm -rq desired; git commit --quiet -m Empty")
        try staysInForce("holds no desired state")
        try tree.scratch.shell("cd repo; git checkout --quiet -b aside; git branch -D main")
        try staysInForce("no branch, tag or commit `main`")
        try tree.scratch.shell(
            """
            cd repo; git checkout --quiet --orphan main; mkdir -p desired
            echo 'version: 1' >desired/stead.yaml
            printf 'kind: Server\\nname: here\\ntransport: local\\n' >desired/here.yaml
            git add -A; git commit --quiet -m Rewritten
            """)
        try staysInForce("the branch was rewritten")
        // Back where it was, and on from there.
        try tree.scratch.shell("cd repo; git reset --quiet --hard \(good)")
        try tree.file("motd", "two")
        try tree.commit("On")
        #expect(eventually { tree.seen("motd") == "two" }, "\(controller.log)")
        #expect(eventually { (try? tree.status().contains("source")) == false })
    }

    @Test("a killed controller goes on where it was")
    func killed() throws {
        let tree = try FollowedTree()
        try tree.file("motd", "one")
        try tree.commit()
        let first = try tree.start()
        #expect(eventually { first.log.contains("event=applied") }, "\(first.log)")
        first.process.end()
        // While none runs, the branch breaks and the host drifts.
        try tree.scratch.write("repo/desired/bad.yaml", "kind: [")
        try tree.commit("Invalid")
        try tree.scratch.write("root/motd", "by hand")
        let second = try tree.start("second")
        #expect(eventually { tree.seen("motd") == "one" }, "\(second.log)")
        #expect(eventually { second.log.contains("event=refused") }, "\(second.log)")
    }

    @Test("SIGTERM lets it end by itself, and the lease is free")
    func terminated() throws {
        let tree = try FollowedTree()
        try tree.file("motd", "one")
        try tree.commit()
        let controller = try tree.start()
        #expect(eventually { tree.seen("motd") == "one" }, "\(controller.log)")
        controller.signal(SIGTERM)
        #expect(controller.ended() == 0, "\(controller.log)")
        let apply = try tree.stead.run("apply", "--repo", "repo", "--yes")
        #expect(apply.status == 0, "\(apply.everything)")
    }
}
