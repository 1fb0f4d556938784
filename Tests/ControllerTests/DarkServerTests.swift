import TestSupport
import Testing

/// Servers that can't be reached any more: nothing new is known of what is on them.
@Suite struct DarkServerTests {
    @Test("what had drifted on a server that dies has not recovered")
    func drifted() throws {
        let tree = try FollowedTree()
        let server = try TestSSHServer()
        try declare(server, in: tree)
        try write("one", in: tree, "drift: report\n")
        try tree.commit()
        let controller = try tree.start()
        #expect(eventually { controller.log.contains("event=applied") }, "\(controller.log)")
        try tree.scratch.write("root/motd", "by hand")
        #expect(
            eventually { controller.log.contains("event=drifted subject=file/motd") },
            "\(controller.log)")
        server.stop()
        #expect(
            eventually { controller.log.contains("event=failed subject=server/far") },
            "\(controller.log)")
        #expect(!controller.log.contains("event=recovered"), "\(controller.log)")
        let status = try tree.status()
        #expect(status.contains("file/motd"), "\(status)")
    }

    @Test("a group whose server dies after its turn is undone once the server is back")
    func late() throws {
        let tree = try FollowedTree(
            settings: "rollout: {groups: [{tier: canary}], pause: 5s, wait: 2s, "
                + "onFailure: revert}\n")
        let server = try TestSSHServer()
        try declare(server, in: tree)
        try write("one", in: tree)
        try tree.file("note", "one")
        try tree.commit()
        let controller = try tree.start()
        #expect(eventually { controller.log.contains("event=applied") }, "\(controller.log)")
        try write("two", in: tree)
        try tree.file("note", "two")
        try tree.commit()
        #expect(eventually { tree.seen("motd") == "two" }, "\(controller.log)")
        server.stop()
        let words = "far can't be reached since it was changed; "
        #expect(
            eventually { controller.log.contains(words + "not undone on far") },
            "\(controller.log)")
        #expect(tree.seen("note") == "one" && tree.seen("motd") == "two")
        try server.restart()
        #expect(eventually { tree.seen("motd") == "one" }, "\(controller.log)")
        #expect(
            eventually { (try? tree.status())?.contains(words + "undone on far") == true },
            "\(controller.log)")
        #expect(tree.seen("note") == "one")
    }

    private func declare(_ server: TestSSHServer, in tree: FollowedTree) throws {
        try tree.scratch.write(
            "repo/desired/servers/far.yaml",
            """
            kind: Server
            name: far
            host: 127.0.0.1
            port: \(server.port)
            user: \(server.user)
            identityFile: \(server.identityFile())
            hostKey: \(try server.hostKey())
            labels: {tier: canary}
            """)
    }

    private func write(_ content: String, in tree: FollowedTree, _ extra: String = "") throws {
        let path = tree.scratch.path("root/motd")
        try tree.scratch.write(
            "repo/desired/files/motd.yaml",
            "kind: File\nname: motd\nserver: far\npath: \(path)\ncontent: \(content)\n\(extra)")
    }
}
