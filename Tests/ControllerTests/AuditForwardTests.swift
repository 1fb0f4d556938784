import Foundation
import Glibc
import TestSupport
import Testing

/// The audit log, as it leaves the machine.
@Suite struct AuditForwardTests {
    private func started(_ settings: String) throws -> (FollowedTree, RunningController) {
        let tree = try FollowedTree(settings: settings)
        try tree.file("motd", "one")
        try tree.commit()
        let controller = try tree.start()
        #expect(eventually { controller.log.contains("event=applied") }, "\(controller.log)")
        return (tree, controller)
    }

    /// The lines of JSON that the log holds.
    private func lines(_ tree: FollowedTree) throws -> [String] {
        try tree.stead.run("audit", "export").output.split(separator: "\n").map(String.init)
    }

    @Test("a syslog receiver gets every entry, though it was away and the controller was killed")
    func syslog() throws {
        let port = try LoopbackListener().port
        let (tree, first) = try started(
            "audit: {forward: {syslog: \"tcp://127.0.0.1:\(port)\"}}")
        #expect(
            eventually { first.log.contains("the audit log can't be forwarded") }, "\(first.log)")
        #expect(tree.seen("motd") == "one", "a receiver that is away delays nothing")
        let later = try tree.stead.run("audit", "export", "--after", "2")
        #expect(later.output.hasPrefix(#"{"sequence":3,"#), "\(later.everything)")
        first.process.end()
        let receiver = try SyslogReceiver(port: port)
        let second = try tree.start("second")
        func arrives() throws -> Bool {
            let expected = try lines(tree)
            let got = receiver.messages.compactMap { $0.range(of: "] {").map { $0.lowerBound } }
            return got.count >= expected.count
        }
        #expect(try eventually { try arrives() }, "\(second.log)")
        try tree.file("motd", "two")
        try tree.commit()
        #expect(eventually { tree.seen("motd") == "two" }, "\(second.log)")
        #expect(try eventually { try arrives() }, "\(second.log)")
        second.process.end()
        let expected = try lines(tree)
        let messages = receiver.messages
        #expect(messages.first?.hasPrefix("<110>1 20") == true, "\(messages)")
        #expect(messages.first?.contains(#" stead - audit [meta sequenceId="1"] {"#) == true)
        for line in expected.dropLast(3) {
            #expect(messages.contains { $0.hasSuffix("] " + line) }, "\(line)")
        }
    }

    @Test("TLS is verified: with the right authority it arrives, with another nothing does")
    func tls() throws {
        let scratch = try Scratch()
        try scratch.shell(
            """
            for name in ours other; do
                openssl req -x509 -newkey rsa:2048 -nodes -keyout $name.key -out $name.pem \
                    -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost 2>/dev/null
            done
            """)
        let port = try LoopbackListener().port
        let server = try BackgroundProcess([
            "/bin/sh", "-c",
            """
            cd '\(scratch.root)' && tail -f /dev/null | exec openssl s_server -quiet \
                -accept 127.0.0.1:\(port) -cert ours.pem -key ours.key >got 2>errors
            """,
        ])
        defer { server.end() }
        func settings(_ authority: String) -> String {
            "audit: {forward: {syslog: \"tls://localhost:\(port)\", "
                + "caFile: \(scratch.path(authority))}}"
        }
        let (tree, controller) = try started(settings("other.pem"))
        #expect(
            eventually { controller.log.contains("the audit log can't be forwarded") },
            "\(controller.log)")
        #expect(try scratch.read("got").isEmpty)
        try tree.settings(settings("ours.pem"))
        try tree.commit("Trust the right one")
        #expect(
            try eventually {
                try scratch.read("got").contains(#"[meta sequenceId="1"] {"sequence":1,"#)
            }, "\(controller.log)")
    }

    @Test("a webhook gets the entries as signed JSON lines")
    func webhook() throws {
        let receiver = try HTTPReceiver()
        let scratch = try Scratch()
        let secret = try scratch.secret("secret", "ours\n")
        let (tree, controller) = try started(
            """
            audit:
              forward: {webhook: "http://127.0.0.1:\(receiver.port)/", secretFile: \(secret)}
            """)
        let expected = try lines(tree)
        #expect(
            eventually {
                let got = receiver.requests.map(\.body).joined()
                return expected.allSatisfy { got.contains($0 + "\n") }
            }, "\(controller.log)")
        #expect(receiver.requests.first?.headers["webhook-signature"]?.hasPrefix("v1,") == true)
    }

    @Test("runs that are older than the settings want are forgotten, and nothing that is owned")
    func retention() throws {
        let (tree, first) = try started("retention: {runs: 1s, observations: 1s}")
        first.process.end()
        Thread.sleep(forTimeInterval: 2)
        let before = try tree.stead.run("history", "--format", "json").output
        #expect(before.contains("\"run\":1"), "\(before)")
        let second = try tree.start("second")
        #expect(
            try eventually {
                try !tree.stead.run("history", "--format", "json").output.contains("\"run\":1")
            }, "\(second.log)")
        try tree.scratch.write("root/motd", "by hand")
        #expect(eventually { tree.seen("motd") == "one" }, "\(second.log)")
        #expect(try tree.stead.run("audit", "verify").status == 0)
    }
}
