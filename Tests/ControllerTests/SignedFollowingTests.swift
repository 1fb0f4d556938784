import Foundation
import TestSupport
import Testing

/// A controller, and the hooks of a repository, with a rule of who may sign.
@Suite struct SignedFollowingTests {
    private let tree: FollowedTree
    private let ada: String

    init() throws {
        tree = try FollowedTree()
        for name in ["ada", "eve"] {
            try tree.scratch.shell("ssh-keygen -q -t ed25519 -N '' -C \(name) -f \(name)")
        }
        ada = try tree.scratch.read("ada.pub").split(separator: " ").prefix(2)
            .joined(separator: " ")
        try tree.scratch.write(
            "repo/desired/stead.yaml",
            """
            version: 1
            source:
              interval: 1s
              verify: required
              allowedSigners: ["ada@example.com \(ada)"]
            """)
    }

    /// Commits everything, signed with a key.
    private func commit(_ message: String, by key: String) throws {
        try tree.scratch.shell(
            """
            cd repo; git add -A
            git -c gpg.format=ssh -c user.signingKey=../\(key) commit -q -S -m '\(message)'
            """)
    }

    @Test("an unsigned commit is refused, and what was in force stays; a signed one is taken")
    func following() throws {
        try tree.file("motd", "one")
        try commit("First", by: "ada")
        let controller = try tree.start()
        #expect(eventually { tree.seen("motd") == "one" }, "\(controller.log)")

        // The commit takes the rule away by itself.
        try tree.settings("")
        try tree.file("motd", "two")
        try tree.commit("No rule")
        #expect(eventually { controller.log.contains("event=refused") }, "\(controller.log)")
        #expect(controller.log.contains("is not signed"), "\(controller.log)")
        #expect(try tree.status().contains("is not signed"))
        try tree.scratch.shell("cd repo && git reset -q --hard HEAD~1")
        try tree.file("motd", "three")
        try commit("By Eve", by: "eve")
        #expect(
            eventually { controller.log.contains("signed by nobody whom") }, "\(controller.log)")
        #expect(tree.seen("motd") == "one")

        try tree.scratch.shell("cd repo && git reset -q --hard HEAD~1")
        try tree.file("motd", "four")
        try commit("By Ada", by: "ada")
        #expect(eventually { tree.seen("motd") == "four" }, "\(controller.log)")
        let audit = try tree.stead.run("audit", "--format", "json")
        #expect(
            audit.output.contains(#""signer":"ada@example.com (SHA256:"#), "\(audit.everything)")
        #expect(audit.output.contains("commit.refused"), "\(audit.everything)")
    }

    @Test("the rule is that of the commit in force, also once the controller was started anew")
    func restarted() throws {
        try tree.file("motd", "one")
        try commit("First", by: "ada")
        let first = try tree.start("first")
        #expect(eventually { first.log.contains("event=applied") }, "\(first.log)")
        first.process.end()
        try tree.settings("")
        try tree.file("motd", "two")
        // More commits than a list of the latest shows.
        for number in 0..<25 {
            try tree.scratch.shell(
                "cd repo && git add -A && git commit -q --allow-empty -m 'Number \(number)'")
        }
        let second = try tree.start("second")
        #expect(eventually { second.log.contains("event=refused") }, "\(second.log)")
        #expect(tree.seen("motd") == "one")
    }

    @Test("a push that is not signed is rejected before it is taken")
    func pushed() throws {
        #expect(try tree.stead.run("hook", "install", "infra.git").status == 0)
        try tree.file("motd", "one")
        try commit("First", by: "ada")
        let push = {
            try Tool.run(
                "/usr/bin/git", ["push", "../infra.git", "main"],
                in: tree.scratch.path("repo"), environment: ["GIT_CONFIG_GLOBAL": "/dev/null"])
        }
        let signed = try push()
        #expect(signed.status == 0, "\(signed.everything)")
        #expect(signed.errors.contains("signed by ada@example.com"), "\(signed.everything)")
        try tree.file("motd", "two")
        try tree.commit("Unsigned")
        let refused = try push()
        #expect(refused.status != 0)
        #expect(refused.errors.contains("(Unsigned) is not signed"), "\(refused.everything)")
        #expect(refused.errors.contains("fix: sign it"), "\(refused.everything)")
    }
}
