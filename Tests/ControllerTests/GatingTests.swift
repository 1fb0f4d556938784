import Foundation
import TestSupport
import Testing

/// What keeps a change from being made.
@Suite struct GatingTests {
    @Test("drift is reported, or ignored, where settings or the document say so")
    func drift() throws {
        let tree = try FollowedTree(
            settings: """
                reconcile:
                  interval: 1s
                  driftRules: [{labels: {lab: "yes"}, drift: report}]
                """)
        try tree.file("labelled", "one", extra: "labels: {lab: \"yes\"}")
        try tree.file("ignored", "one", extra: "drift: ignore")
        try tree.file("corrected", "one")
        try tree.commit()
        let controller = try tree.start()
        #expect(eventually { controller.log.contains("event=applied") }, "\(controller.log)")
        for name in ["labelled", "ignored", "corrected"] {
            try tree.scratch.write("root/\(name)", "by hand")
        }
        #expect(eventually { tree.seen("corrected") == "one" }, "\(controller.log)")
        #expect(
            eventually { controller.log.contains("event=drifted subject=file/labelled") },
            "\(controller.log)")
        Thread.sleep(forTimeInterval: 3)
        #expect(tree.seen("labelled") == "by hand")
        #expect(tree.seen("ignored") == "by hand")
        #expect(!controller.log.contains("file/ignored revision"))
        #expect(controller.log.components(separatedBy: "event=drifted").count == 2, "told once")
        // A person may have it taken back all the same, and an edit goes through.
        #expect(try tree.stead.run("sync", "file/labelled").status == 0)
        #expect(eventually { tree.seen("labelled") == "one" }, "\(controller.log)")
        #expect(tree.seen("ignored") == "by hand")
        try tree.file("labelled", "two", extra: "labels: {lab: \"yes\"}")
        try tree.commit()
        #expect(eventually { tree.seen("labelled") == "two" }, "\(controller.log)")
    }

    @Test("what is suspended is left alone, with its reason, until it is resumed or time is over")
    func suspended() throws {
        let tree = try FollowedTree()
        try tree.file("motd", "one")
        try tree.file("other", "one")
        try tree.commit()
        let controller = try tree.start()
        #expect(eventually { controller.log.contains("event=applied") }, "\(controller.log)")
        let refused = try tree.stead.run("suspend", "file/motd")
        #expect(refused.status == 64, "\(refused.everything)")
        let suspend = try tree.stead.run("suspend", "file/motd", "--reason", "Ada is looking")
        #expect(suspend.status == 0, "\(suspend.everything)")
        #expect(!suspend.errors.contains("warning"), "\(suspend.everything)")
        let slip = try tree.stead.run("suspend", "file/mtod", "--reason", "x", "--for", "1s")
        #expect(slip.errors.contains("did you mean `file/motd`"), "\(slip.everything)")
        try tree.file("motd", "two")
        try tree.file("other", "two")
        try tree.commit()
        #expect(eventually { tree.seen("other") == "two" }, "\(controller.log)")
        #expect(tree.seen("motd") == "one")
        let status = try tree.status()
        #expect(status.contains("Ada is looking"), "\(status)")
        #expect(try tree.stead.run("suspend").output.contains("file/motd"))
        #expect(try tree.stead.run("resume", "file/motd").status == 0)
        #expect(eventually { tree.seen("motd") == "two" }, "\(controller.log)")

        let brief = try tree.stead.run("suspend", "*", "--reason", "a moment", "--for", "4s")
        #expect(brief.status == 0, "\(brief.everything)")
        try tree.file("motd", "three")
        try tree.commit()
        #expect(eventually { tree.seen("motd") == "three" }, "\(controller.log)")
        let audit = try tree.stead.run("audit").output
        #expect(audit.contains("subject.suspended") && audit.contains("subject.resumed"))
    }

    @Test("more deletes than one run may make wait for a person, and nothing is lost meanwhile")
    func deletes() throws {
        // A round between the hand's edit and the approval would make another plan.
        let tree = try FollowedTree(settings: "reconcile: {interval: 10m}\n")
        for number in 1...6 { try tree.file("f\(number)", "one") }
        try tree.commit()
        let controller = try tree.start()
        #expect(eventually { controller.log.contains("event=applied") }, "\(controller.log)")
        for number in 1...5 { try tree.remove("f\(number)") }
        try tree.commit("Clean up")
        #expect(eventually { controller.log.contains("event=held") }, "\(controller.log)")
        Thread.sleep(forTimeInterval: 2)
        #expect(tree.seen("f1") == "one")
        let plans = try tree.stead.run("plans").output
        #expect(plans.contains("5 deletes are more than one run may make (3)"), "\(plans)")
        let id = String(plans.prefix { $0 != " " })
        #expect(try tree.stead.run("plans", id).output.contains("- file/f3"))
        // One of them moves after it was shown: that one is not deleted.
        try tree.scratch.write("root/f3", "by hand")
        let approve = try tree.stead.run("approve", id)
        #expect(approve.status == 0, "\(approve.everything)")
        #expect(
            eventually { tree.seen("f1") == nil && tree.seen("f5") == nil }, "\(controller.log)")
        #expect(tree.seen("f3") == "by hand", "what was approved was another content")
        #expect(
            eventually {
                controller.log.contains(
                    "1 of 5 deletes that are more than one run may make (3); it takes the place of "
                        + "\(id.prefix(12)), which was approved and is out of date")
            }, "\(controller.log)")
        let audit = try tree.stead.run("audit").output
        #expect(audit.contains("plan.held") && audit.contains("plan.approved"))
    }

    @Test("what policy wants approved waits, and is done exactly as it was shown")
    func approval() throws {
        let tree = try FollowedTree(
            settings: """
                policy:
                  approveRules: [{labels: {tier: production}, approve: always}]
                """)
        try tree.file("lab", "one")
        try tree.file("shop", "one", extra: "labels: {tier: production}")
        try tree.commit()
        let controller = try tree.start()
        #expect(eventually { tree.seen("lab") == "one" }, "\(controller.log)")
        #expect(eventually { controller.log.contains("event=held") }, "\(controller.log)")
        #expect(tree.seen("shop") == nil)
        let id = try tree.stead.run("plans").output.prefix { $0 != " " }
        #expect(try tree.stead.run("approve", String(id)).status == 0)
        #expect(eventually { tree.seen("shop") == "one" }, "\(controller.log)")
        #expect(eventually { controller.log.contains("event=applied") }, "\(controller.log)")
        let started =
            try tree.stead.run("audit", "export").output.split(separator: "\n")
            .last { $0.contains(#""run.started""#) } ?? ""
        #expect(started.contains(#""warrant":{"approvals":[{"at":"#), "\(started)")
        #expect(started.contains(#""plan":"\#(id)"#), "\(started)")
        // Drift is taken back without a word; the next edit waits again, and may be refused.
        try tree.scratch.write("root/shop", "by hand")
        #expect(eventually { tree.seen("shop") == "one" }, "\(controller.log)")
        try tree.file("shop", "two", extra: "labels: {tier: production}")
        try tree.commit()
        #expect(try eventually { try tree.stead.run("plans").output.contains("1 to update") })
        let next = try tree.stead.run("plans").output.prefix { $0 != " " }
        #expect(try tree.stead.run("approve", "--reject", String(next)).status == 0)
        Thread.sleep(forTimeInterval: 3)
        #expect(tree.seen("shop") == "one")
        #expect(try tree.stead.run("plans").output.contains("No plan waits"))
    }
}
