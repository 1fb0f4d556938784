import Foundation
import TestSupport
import Testing

/// Where commits come from, and who brings them: over ssh.
@Suite struct SourceTests {
    /// A bare repository on a host, which one key may read and nothing else. The hosts have no git:
    /// they are lent this machine's, whose Debian is theirs.
    private final class Server {
        let tree: FleetTree
        let host: Fleet.Host
        static let folder = "/srv/source-git"

        init(_ tree: FleetTree) throws {
            self.tree = tree
            host = try tree.fleet.host("h1")
            try clear()
            try Tool.shell(
                """
                cd \(tree.scratch.root)
                ssh-keygen -q -t ed25519 -N '' -C deploy-key -f deploy
                mkdir -p home/.ssh
                ssh-keyscan \(host.address) >home/.ssh/known_hosts 2>/dev/null
                ssh -F \(tree.fleet.folder)/ssh_config h1 'mkdir -p \(Self.folder) \
                    && cat >\(Self.folder)/git && chmod 755 \(Self.folder)/git \
                    && ln -s git \(Self.folder)/git-receive-pack \
                    && ln -s git \(Self.folder)/git-upload-pack \
                    && \(Self.folder)/git init -q --bare -b main \(Self.folder)/infra.git' \
                    <$(readlink -f /usr/bin/git)
                """)
            // A server that hangs as long as a file is there.
            try tree.root(
                "h1",
                """
                printf '%s\\n' '#!/bin/sh' 'export PATH=\(Self.folder):$PATH' \
                    'while [ -e \(Self.folder)/hang ]; do sleep 0.2; done' \
                    'exec git-upload-pack \(Self.folder)/infra.git' >\(Self.folder)/serve
                chmod 755 \(Self.folder)/serve
                echo 'restrict,command="\(Self.folder)/serve" \
                \(try tree.scratch.read("deploy.pub").trimmingCharacters(in: .newlines))' \
                    >>/root/.ssh/authorized_keys
                """)
        }

        deinit {
            _ = try? clear()
        }

        private func clear() throws {
            try tree.root(
                "h1",
                "rm -rf \(Self.folder); sed -i '/ deploy-key$/d' /root/.ssh/authorized_keys")
        }

        /// Pushes as a person does who may.
        func push() throws {
            try tree.scratch.shell(
                """
                cd repo
                GIT_SSH_COMMAND='ssh -F \(tree.fleet.folder)/ssh_config' git push -q \
                    --receive-pack='PATH=\(Self.folder):$PATH git-receive-pack' \
                    h1:\(Self.folder)/infra.git main
                """)
        }

        func hang(_ isHanging: Bool) throws {
            try tree.root("h1", "\(isHanging ? "touch" : "rm") \(Self.folder)/hang")
        }

        /// A controller that has the deploy key.
        func follow() throws -> FleetController {
            try FleetController(
                tree, following: "ssh://root@\(host.address)\(Self.folder)/infra.git",
                environment: [
                    "STEAD_GIT_KEY": tree.scratch.path("deploy"),
                    "HOME": tree.scratch.path("home"),
                ])
        }
    }

    @Test(
        "a repository on a host is followed over ssh with a deploy key, and told of when it hangs")
    func deployKey() throws {
        let tree = try FleetTree("source", hosts: ["h1", "h2"])
        let server = try Server(tree)
        try tree.follow("source: {interval: 1s, timeout: 2s}\n")
        for host in ["h1", "h2"] {
            try tree.clear(host)
            try tree.file("note", on: host, content: "one")
        }
        try tree.commit()
        try server.push()
        let controller = try server.follow()
        #expect(controller.says("event=applied"), "\(controller.log)")
        for host in ["h1", "h2"] { #expect(tree.seen("note", on: host) == "one") }

        try server.hang(true)
        #expect(controller.says("has said nothing for 2 s"), "\(controller.log)")
        #expect(try tree.stead.run("status").output.contains("has said nothing for 2 s"))
        // What is in force stays so meanwhile.
        try tree.root("h2", "echo by hand >/srv/source/note")
        #expect(try tree.stead.run("sync", "file/*").status == 0)
        #expect(eventually { tree.seen("note", on: "h2") == "one" }, "\(controller.log)")

        try server.hang(false)
        try tree.file("note", on: "h2", content: "two")
        try tree.commit()
        try server.push()
        #expect(eventually { tree.seen("note", on: "h2") == "two" }, "\(controller.log)")
        #expect(controller.says("event=recovered subject=source"), "\(controller.log)")
    }

    @Test("a push over ssh shows its plan, and reaches the hosts")
    func push() throws {
        let tree = try FleetTree("push", hosts: ["h1", "h2"])
        let sshd = try TestSSHServer()
        try tree.follow("source: {interval: 1h}\n")
        for host in ["h1", "h2"] {
            try tree.clear(host)
            try tree.file("note", on: host, content: "pushed")
        }
        try tree.commit("Say it")
        let installed = try tree.stead.run("hook", "install", "infra.git")
        #expect(installed.status == 0, "\(installed.everything)")
        let controller = try FleetController(tree, following: "infra.git")
        #expect(eventually { tree.scratch.exists("state/run/controller.sock") })
        let ssh =
            "ssh -i \(sshd.identityFile()) -p \(sshd.port) -o IdentitiesOnly=yes "
            + "-o UserKnownHostsFile=\(tree.scratch.path("known")) "
            + "-o StrictHostKeyChecking=accept-new"
        let push = try Tool.run(
            "/usr/bin/git",
            [
                "push",
                "ssh://\(sshd.user)@127.0.0.1:\(sshd.port)\(tree.scratch.path("infra.git"))",
                "main",
            ], in: tree.scratch.path("repo"), environment: ["GIT_SSH_COMMAND": ssh])
        #expect(push.status == 0, "\(push.everything)\(controller.log)")
        for host in ["h1", "h2"] {
            #expect(push.errors.contains("+ file/push-note-\(host)"), "\(push.everything)")
            #expect(tree.seen("note", on: host) == "pushed")
        }
        #expect(push.errors.contains("remote: applied: "), "\(push.everything)")
    }
}
