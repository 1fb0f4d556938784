import Foundation
import TestSupport
import Testing

/// What the state says of commits and conditions, when it can't be written and when things go.
@Suite struct RecordKeepingTests {
    @Test("what waited, and is in git no longer, is not spoken of any more")
    func goneBeforeItCame() throws {
        let tree = try FollowedTree(
            settings: "policy: {approveRules: [{labels: {tier: shop}, approve: always}]}\n")
        try tree.file("free", "one")
        try tree.file("held", "one", extra: "labels: {tier: shop}")
        try tree.file("blocked", "one")
        try tree.scratch.directory("root/blocked")
        try tree.commit()
        let controller = try tree.start()
        for name in ["held", "blocked"] {
            #expect(
                try eventually { try tree.status().contains("file/\(name)  ") },
                "\(name): \(controller.log)")
        }
        for name in ["held", "blocked"] { try tree.remove(name) }
        try tree.file("free", "two")
        try tree.commit()
        #expect(eventually { controller.log.contains("event=applied") }, "\(controller.log)")
        for name in ["held", "blocked"] {
            let isForgotten = try eventually { try !tree.status().contains("file/\(name)") }
            #expect(isForgotten, "\(name): \(controller.log)")
        }
    }

    @Test("a commit that comes while the state's disk is full is judged when there is room again")
    func fullDisk() throws {
        let tree = try FollowedTree(settings: "reconcile: {interval: 10m}\n")
        try tree.scratch.directory("state")
        try tree.scratch.shell("mount -t tmpfs -o size=20m none state")
        defer { _ = try? tree.scratch.shell("umount -l state") }
        try tree.file("note", "one")
        try tree.commit()
        let controller = try tree.start()
        #expect(eventually { controller.log.contains("event=applied") }, "\(controller.log)")

        let fill = "cat /dev/zero >state/filler 2>/dev/null || :"
        try tree.scratch.shell(fill)
        try tree.file("note", "two")
        let good = try tree.commit("Two")
        #expect(eventually { controller.log.contains("no space is left") }, "\(controller.log)")
        try tree.scratch.remove("state/filler")
        #expect(
            eventually { controller.log.contains("event=applied subject=\(good)") },
            "\(controller.log)")
        let audit = try tree.stead.run("audit", "export").output.split(separator: "\n")
        #expect(audit.contains { $0.contains("commit.accepted") && $0.contains(good) })

        try tree.scratch.shell(fill)
        let length = controller.log.count
        try tree.scratch.write("repo/desired/broken.yaml", "kind: File\nnmae: broken\n")
        try tree.commit("Broken")
        #expect(
            eventually { controller.log.dropFirst(length).contains("no space is left") },
            "\(controller.log)")
        try tree.scratch.remove("state/filler")
        #expect(try eventually { try tree.status().contains("broken.yaml") }, "\(controller.log)")
        #expect(try tree.stead.run("audit", "verify").status == 0)
    }
}
