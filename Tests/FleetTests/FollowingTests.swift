import Foundation
import TestSupport
import Testing

/// The controller's loop on real hosts.
@Suite struct FollowingTests {
    private func started(
        _ word: String, settings: String = ""
    ) throws -> (FleetTree, FleetController) {
        let tree = try FleetTree(word, hosts: ["h1", "h2"])
        try tree.follow(settings)
        for host in ["h1", "h2"] {
            try tree.clear(host)
            try tree.file("note", on: host, content: "one")
        }
        try tree.commit()
        let controller = try FleetController(tree)
        #expect(controller.says("event=applied"), "\(controller.log)")
        return (tree, controller)
    }

    @Test("drift of several hosts is taken back, and the hosts' other files are left alone")
    func drift() throws {
        let (tree, controller) = try started("drift")
        for host in ["h1", "h2"] {
            try tree.root(host, "echo by hand >/srv/drift/note; echo mine >/srv/drift/other")
        }
        #expect(try tree.stead.run("sync").status == 0)
        for host in ["h1", "h2"] {
            #expect(eventually { tree.seen("note", on: host) == "one" }, "\(controller.log)")
            #expect(controller.says("event=corrected subject=file/drift-note-\(host)"))
            #expect(tree.seen("other", on: host) == "mine")
        }
    }

    @Test("a delete waits for a person, is shown, and is done when it is approved")
    func approval() throws {
        let (tree, controller) = try started(
            "approve", settings: "policy: {approve: deletes}\n")
        try tree.document("file-h1-note", "# gone\n")
        try tree.file("note", on: "h2", content: "two")
        try tree.commit("Remove one, edit the other")
        #expect(controller.says("event=held"), "\(controller.log)")
        #expect(eventually { tree.seen("note", on: "h2") == "two" }, "\(controller.log)")
        #expect(tree.seen("note", on: "h1") == "one")
        let id = String(try tree.stead.run("plans").output.prefix { $0 != " " })
        #expect(try tree.stead.run("plans", id).output.contains("- file/approve-note-h1"))
        #expect(try tree.stead.run("approve", id).status == 0)
        #expect(eventually { tree.seen("note", on: "h1") == nil }, "\(controller.log)")
    }

    @Test("what is suspended on a host is left alone until it is resumed")
    func suspension() throws {
        let (tree, controller) = try started("suspend")
        let suspend = try tree.stead.run("suspend", "server/h1", "--reason", "Ada looks")
        #expect(suspend.status == 0, "\(suspend.everything)")
        for host in ["h1", "h2"] { try tree.file("note", on: host, content: "two") }
        try tree.commit()
        #expect(eventually { tree.seen("note", on: "h2") == "two" }, "\(controller.log)")
        #expect(eventually { (try? tree.stead.run("status").output.contains("Ada looks")) == true })
        #expect(tree.seen("note", on: "h1") == "one")
        #expect(try tree.stead.run("resume", "server/h1").status == 0)
        #expect(eventually { tree.seen("note", on: "h1") == "two" }, "\(controller.log)")
    }

    @Test("a policy of the tree refuses a change on a host, and lets the others through")
    func policy() throws {
        let (tree, controller) = try started("policy")
        try tree.document(
            "policies/frozen",
            """
            kind: Policy
            name: frozen
            rules:
              - deny: change.action == update && labels.tier == frozen
                message: this one is frozen
            """)
        try tree.file("note", on: "h1", content: "two", extra: "labels: {tier: frozen}")
        try tree.file("note", on: "h2", content: "two")
        try tree.commit()
        #expect(eventually { tree.seen("note", on: "h2") == "two" }, "\(controller.log)")
        #expect(
            eventually {
                (try? tree.stead.run("status").output.contains("this one is frozen")) == true
            })
        #expect(tree.seen("note", on: "h1") == "one")
    }

    @Test("a failure on a host is told once, and so is its end")
    func notified() throws {
        let hook = try HTTPReceiver()
        let (tree, controller) = try started(
            "notify", settings: "notify: [{webhook: \"http://127.0.0.1:\(hook.port)/\"}]\n")
        try tree.root("h2", "rm /srv/notify/note; mkdir /srv/notify/note")
        try tree.file("note", on: "h2", content: "two")
        try tree.commit("Meets a folder")
        #expect(controller.says("event=stalled"), "\(controller.log)")
        try tree.root("h2", "rmdir /srv/notify/note")
        try tree.file("note", on: "h2", content: "three")
        try tree.commit("Go on")
        #expect(eventually { tree.seen("note", on: "h2") == "three" }, "\(controller.log)")
        #expect(eventually { hook.requests.count == 2 }, "\(hook.requests)")
        #expect(hook.requests.first?.body.contains(#""event":"stalled""#) == true)
        #expect(hook.requests.last?.body.contains(#""event":"recovered""#) == true)
        #expect(
            hook.requests.allSatisfy {
                $0.body.contains(#""subject":"file/notify-note-h2""#)
            }, "\(hook.requests)")
    }

    @Test("a new commit pre-empts what is tried again and what waits, at once")
    func preempted() throws {
        let (tree, controller) = try started("preempt")
        let right = try tree.fleet.host("h2").document(identityFile: tree.fleet.identityFile)
        try tree.document("servers/h2", right.replacing("port: 22", with: "port: 9"))
        for host in ["h1", "h2"] { try tree.file("note", on: host, content: "two") }
        try tree.commit("The wrong port")
        #expect(eventually { tree.seen("note", on: "h1") == "two" }, "\(controller.log)")
        #expect(
            eventually {
                (try? tree.stead.run("status").output.contains("retrying")) == true
            }, "\(controller.log)")
        try tree.document("servers/h2", right)
        try tree.file("note", on: "h2", content: "three")
        try tree.commit("The right port")
        #expect(eventually { tree.seen("note", on: "h2") == "three" }, "\(controller.log)")
        #expect(
            eventually {
                (try? tree.stead.run("status").output.contains("retrying")) == false
            }, "\(controller.log)")
    }

    @Test("a new commit need not wait for a host whose step takes long")
    func overtaken() throws {
        let (tree, controller) = try started("overtake")
        let gate = "/srv/overtake/gate"
        try tree.root("h1", "mkdir -p /srv/overtake; rm -f \(gate)")
        defer { _ = try? tree.root("h1", "touch \(gate)") }
        try tree.file(
            "slow", on: "h1", content: "one",
            extra: "after: [sh, -c, \"until test -e \(gate); do sleep 0.1; done\"]")
        try tree.file("note", on: "h2", content: "two")
        try tree.commit("One of the hosts takes its time")
        #expect(eventually { tree.seen("note", on: "h2") == "two" }, "\(controller.log)")
        #expect(eventually { tree.seen("slow", on: "h1") == "one" }, "\(controller.log)")
        try tree.file("note", on: "h2", content: "three")
        try tree.file("note", on: "h1", content: "three")
        try tree.commit("The other need not wait")
        #expect(eventually { tree.seen("note", on: "h2") == "three" }, "\(controller.log)")
        #expect(tree.seen("note", on: "h1") == "one")
        try tree.root("h1", "touch \(gate)")
        #expect(eventually { tree.seen("note", on: "h1") == "three" }, "\(controller.log)")
        let head = try tree.scratch.shell("cd repo; git rev-parse HEAD")
            .trimmingCharacters(in: .newlines)
        #expect(controller.says("event=applied subject=\(head)"), "\(controller.log)")
        // What the older run saw does not stand in the newer one's place.
        let plan = try tree.plan("--detailed-exitcode")
        #expect(plan.status == 0, "\(plan.everything)")
    }

    @Test("a host that was away is worked on as soon as it is back")
    func back() throws {
        let (tree, controller) = try started("away")
        let host = try tree.fleet.host("h2")
        let port = try String(Self.blocked(tree, "h2"))
        let right = host.document(identityFile: tree.fleet.identityFile)
        try tree.document("servers/h2", right.replacing("port: 22", with: "port: \(port)"))
        for host in ["h1", "h2"] { try tree.file("note", on: host, content: "two") }
        try tree.commit("A port that nobody listens on yet")
        #expect(controller.says("subject=server/h2"), "\(controller.log)")
        try tree.root(
            "h2",
            "systemd-run --quiet --unit=away-sshd /usr/sbin/sshd -D -p \(port) "
                + "-o PidFile=/run/away.pid")
        defer { _ = try? tree.root("h2", "systemctl stop away-sshd") }
        #expect(eventually { tree.seen("note", on: "h2") == "two" }, "\(controller.log)")
    }

    /// A port of the host that nobody listens on.
    private static func blocked(_ tree: FleetTree, _ host: String) throws -> Int {
        try tree.root(host, "systemctl stop away-sshd 2>/dev/null || true")
        return 2222
    }
}
