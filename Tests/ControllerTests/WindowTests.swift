import Foundation
import TestSupport
import Testing

/// Maintenance windows, with the real controller and a real clock.
@Suite struct WindowTests {
    private static let never = """
        windows: [{deny: "* * * * *", duration: 1h, reason: frozen}]
        """

    /// The start of a minute that is at least so many seconds away, as a schedule in UTC.
    private static func minute(atLeast seconds: Double) -> (schedule: String, at: Date) {
        let time = Date().timeIntervalSince1970 + seconds
        let start = Int(time / 60 + 1) * 60
        return (
            "\(start / 60 % 60) \(start / 3600 % 24) * * *",
            Date(timeIntervalSince1970: Double(start))
        )
    }

    @Test("changes wait while a window denies them, drift is reported, and a person sees why")
    func denied() throws {
        let tree = try FollowedTree()
        try tree.file("motd", "one")
        try tree.file("told", "one", extra: "drift: report")
        try tree.file("gone", "one")
        try tree.commit()
        let controller = try tree.start()
        #expect(eventually { controller.log.contains("event=applied") }, "\(controller.log)")
        try tree.settings(Self.never)
        try tree.file("motd", "two")
        try tree.remove("gone")
        try tree.commit()
        #expect(try eventually { try tree.status().contains("frozen") }, "\(controller.log)")
        try tree.scratch.write("root/told", "by hand")
        #expect(
            eventually { controller.log.contains("event=drifted subject=file/told") },
            "\(controller.log)")
        #expect(tree.seen("motd") == "one" && tree.seen("gone") == "one")
        let status = try tree.status()
        #expect(status.contains("no changes are made in the window `* * * * *`"), "\(status)")

        let plan = try tree.stead.run("plan", "--repo", "repo")
        #expect(plan.output.contains("~ file/motd"), "\(plan.everything)")
        #expect(plan.output.contains("- file/gone"), "\(plan.everything)")
        #expect(
            plan.output.components(separatedBy: "(frozen)").count == 4, "\(plan.everything)")
        let json = try tree.stead.run("plan", "--repo", "repo", "--format", "json").output
        #expect(json.contains("\"waits\":{\"message\":\"no changes"), "\(json)")
    }

    @Test("a person goes ahead by hand where the window lets them, or where they insist")
    func manual() throws {
        let tree = try FollowedTree(
            settings: """
                windows:
                  - {deny: "* * * * *", duration: 1h, manual: true, labels: {easy: "yes"}}
                  - {deny: "* * * * *", duration: 1h, labels: {easy: "no"}}
                """)
        try tree.file("easy", "one", extra: "labels: {easy: \"yes\"}")
        try tree.file("hard", "one", extra: "labels: {easy: \"no\"}")
        try tree.file("free", "one")
        try tree.commit()
        let controller = try tree.start()
        #expect(eventually { tree.seen("free") == "one" }, "\(controller.log)")
        #expect(try eventually { try tree.status().contains("stead sync file/easy") })
        #expect(try tree.stead.run("sync", "file/*").status == 0)
        #expect(eventually { tree.seen("easy") == "one" }, "\(controller.log)")
        Thread.sleep(forTimeInterval: 2)
        #expect(tree.seen("hard") == nil)
        controller.signal(15)
        _ = controller.ended()

        let refused = try tree.stead.run("apply", "--repo", "repo", "--yes")
        #expect(refused.status == 1 && tree.seen("hard") == nil, "\(refused.everything)")
        #expect(
            refused.errors.contains("a change has to wait; nothing was done"),
            "\(refused.everything)")
        #expect(refused.errors.contains("--outside-windows"), "\(refused.everything)")
        let insisted = try tree.stead.run(
            "apply", "--repo", "repo", "--yes", "--outside-windows")
        #expect(insisted.status == 0 && tree.seen("hard") == "one", "\(insisted.everything)")
        let log = try tree.stead.run("audit", "export").output
        let started = try #require(
            log.split(separator: "\n").last { $0.contains(#""action":"run.started""#) })
        #expect(started.contains(#""outsideWindows":true"#), "\(started)")
    }

    @Test("what is approved waits for its window as well")
    func approved() throws {
        let tree = try FollowedTree(settings: "policy: {approve: always}\n\(Self.never)")
        try tree.file("motd", "one")
        try tree.commit()
        let controller = try tree.start()
        #expect(eventually { controller.log.contains("event=held") }, "\(controller.log)")
        let id = try tree.stead.run("plans").output.prefix { $0 != " " }
        #expect(try tree.stead.run("approve", String(id)).status == 0)
        #expect(try eventually { try tree.status().contains("frozen") }, "\(controller.log)")
        #expect(tree.seen("motd") == nil)
        try tree.settings("policy: {approve: always}\n")
        try tree.commit()
        // The approval is of the change, not of the commit that it was shown for.
        #expect(eventually { tree.seen("motd") == "one" }, "\(controller.log)")
    }

    @Test("a window that opens is used at once, by what depends on other changes too")
    func opening() throws {
        let tree = try FollowedTree()
        try tree.file("motd", "one")
        try tree.commit()
        let controller = try tree.start()
        #expect(eventually { controller.log.contains("event=applied") }, "\(controller.log)")
        let (schedule, start) = Self.minute(atLeast: 8)
        // Nothing but the window makes the controller look again.
        try tree.settings(
            """
            reconcile: {interval: 1h}
            windows: [{allow: "\(schedule)", duration: 30m, timezone: UTC}]
            """)
        try tree.file("motd", "two")
        try tree.commit()
        #expect(
            try eventually { try tree.status().contains("waits for the window") },
            "\(controller.log)")
        #expect(tree.seen("motd") == "one" || Date() >= start)
        #expect(eventually(within: 90) { tree.seen("motd") == "two" }, "\(controller.log)")
        #expect(Date() >= start)
        #expect(try eventually { try !tree.status().contains("waits for the window") })
    }

    @Test("what is under way when a window closes is finished, and nothing else is begun")
    func closing() throws {
        let tree = try FollowedTree()
        try tree.scratch.write(
            "repo/desired/servers/here.yaml",
            "kind: Server\nname: here\ntransport: local\ncommandTimeout: 120s\n")
        try tree.file("aaa", "one")
        try tree.commit()
        let controller = try tree.start()
        #expect(eventually { controller.log.contains("event=applied") }, "\(controller.log)")
        let (schedule, start) = Self.minute(atLeast: 8)
        let end = Int(start.timeIntervalSince1970) + 1
        try tree.settings("windows: [{deny: \"\(schedule)\", duration: 20m, reason: closed}]\n")
        // Its own command lasts until the window has closed.
        try tree.file(
            "aaa", "two",
            extra: "after: [sh, -c, \"while [ $(date +%s) -lt \(end) ]; do sleep 0.2; done\"]")
        try tree.file("bbb", "two")
        try tree.commit()
        #expect(eventually(within: 90) { tree.seen("aaa") == "two" }, "\(controller.log)")
        #expect(
            try eventually(within: 90) { try tree.status().contains("closed") },
            "\(controller.log)")
        #expect(tree.seen("bbb") == nil)
        #expect(Date() >= start)
    }
}
