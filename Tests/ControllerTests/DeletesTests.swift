import Foundation
import TestSupport
import Testing

/// Deletes that a controller makes: what is protected stays, and what is gone comes back.
@Suite struct DeletesTests {
    @Test("one commit that deletes what is protected and what is not deletes only the latter")
    func protection() throws {
        let tree = try FollowedTree()
        for name in ["a", "b", "c", "d"] {
            try tree.file(name, "one", extra: name == "b" || name == "c" ? "protect: true" : "")
        }
        try tree.commit()
        let controller = try tree.start()
        #expect(eventually { controller.log.contains("event=applied") }, "\(controller.log)")
        for name in ["a", "b", "c"] { try tree.remove(name) }
        try tree.commit("Clean up")
        #expect(eventually { tree.seen("a") == nil }, "\(controller.log)")
        #expect(
            eventually { controller.log.contains("event=stalled subject=file/b") },
            "\(controller.log)")
        Thread.sleep(forTimeInterval: 3)
        #expect(tree.seen("b") == "one" && tree.seen("c") == "one")
        #expect(try tree.status().contains("it is protected since"))
        // One document comes back without the word, and goes in a commit of its own.
        try tree.file("b", "one")
        try tree.commit("Put b back")
        let release = { try tree.stead.run("audit").output.contains("protection.lifted") }
        #expect(try eventually { try release() }, "\(controller.log)")
        try tree.remove("b")
        try tree.commit("Delete b")
        #expect(eventually { tree.seen("b") == nil }, "\(controller.log)")
        #expect(tree.seen("c") == "one")
        // The other is let go by a person.
        let unprotect = try tree.stead.run("unprotect", "file/c")
        #expect(unprotect.status == 0, "\(unprotect.everything)")
        #expect(eventually { tree.seen("c") == nil }, "\(controller.log)")
        #expect(tree.seen("d") == "one")
    }

    @Test("`protect` and its document in one commit: the state remembers across a restart")
    func remembers() throws {
        let tree = try FollowedTree()
        try tree.file("a", "one")
        try tree.file("d", "one")
        try tree.commit()
        let controller = try tree.start()
        #expect(eventually { controller.log.contains("event=applied") }, "\(controller.log)")
        // Nothing differs on the host: the word alone is what is new.
        try tree.file("a", "one", extra: "protect: true")
        try tree.commit("Protect a")
        #expect(
            try eventually { try tree.stead.run("audit").output.contains("protection.set") },
            "\(controller.log)")
        controller.signal(SIGTERM)
        #expect(controller.ended() == 0)
        try tree.remove("a")
        try tree.commit("Delete a")
        let next = try tree.start("next")
        #expect(
            eventually { next.log.contains("event=stalled subject=file/a") }, "\(next.log)")
        #expect(tree.seen("a") == "one")
    }

    @Test("what was deleted is restored through the controller, and left alone from then on")
    func restores() throws {
        let tree = try FollowedTree()
        try tree.file("motd", "one")
        try tree.file("other", "one")
        try tree.commit()
        let controller = try tree.start()
        #expect(eventually { controller.log.contains("event=applied") }, "\(controller.log)")
        try tree.remove("motd")
        try tree.commit("Delete motd")
        #expect(eventually { tree.seen("motd") == nil }, "\(controller.log)")
        #expect(
            try eventually {
                try tree.stead.run("restore", "--list").output.contains("file/motd")
            }, "\(controller.log)")
        let restore = try tree.stead.run("restore", "file/motd", "--repo", "repo")
        #expect(restore.status == 0, "\(restore.everything)")
        #expect(
            restore.output
                == "file/motd is back on here: \(tree.scratch.path("root/motd"))\n")
        #expect(restore.errors.contains("-- desired/files/motd.yaml"), "\(restore.everything)")
        #expect(tree.seen("motd") == "one")
        Thread.sleep(forTimeInterval: 3)
        #expect(tree.seen("motd") == "one", "\(controller.log)")
        let refused = try tree.stead.run("restore", "file/motd")
        #expect(refused.status == 1, "\(refused.everything)")
        #expect(refused.errors.contains("nothing of file/motd is in quarantine"))
        let audit = try tree.stead.run("audit").output
        let line = audit.split(separator: "\n").first { $0.contains("resource.restored") }
        #expect(line?.contains("stead controller") == false, "\(audit)")
    }

    @Test("what has been kept long enough is cleared by the controller's rounds")
    func expires() throws {
        let tree = try FollowedTree(settings: "policy: {quarantine: 2s}\n")
        try tree.file("motd", "one")
        try tree.file("other", "one")
        try tree.commit()
        let controller = try tree.start()
        #expect(eventually { controller.log.contains("event=applied") }, "\(controller.log)")
        try tree.remove("motd")
        try tree.commit("Delete motd")
        #expect(
            try eventually {
                try tree.stead.run("audit").output.contains("quarantine.expired")
            }, "\(controller.log)")
        let kept = try tree.scratch.shell("find state/quarantine -name '*.saved'")
        #expect(kept.isEmpty, "\(kept)")
    }
}
