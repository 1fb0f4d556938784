import TestSupport
import Testing

/// Servers that can't be reached any more: nothing new is known of what is on them.
@Suite struct DarkServerTests {
    @Test("what had drifted on a server that dies has not recovered")
    func drifted() throws {
        let tree = try FollowedTree()
        let server = try TestSSHServer()
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
            """)
        let path = tree.scratch.path("root/motd")
        try tree.scratch.write(
            "repo/desired/files/motd.yaml",
            "kind: File\nname: motd\nserver: far\npath: \(path)\ncontent: one\ndrift: report\n")
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
}
