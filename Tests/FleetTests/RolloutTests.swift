import Foundation
import TestSupport
import Testing

/// Rollouts over real hosts, as the controller makes them.
@Suite(.serialized) struct RolloutTests {
    /// A repository whose first group is `h1`, and a controller that follows it.
    private final class Rollout {
        let tree: FleetTree
        private var controller: BackgroundProcess?

        init() throws {
            tree = try FleetTree("roll", hosts: [])
            try tree.scratch.write(
                "repo/desired/stead.yaml",
                """
                version: 1
                source: {interval: 1s}
                reconcile: {interval: 2s}
                policy: {maxDeletes: 100}
                rollout: {groups: [{tier: canary}], onFailure: revert}
                """)
            for name in ["h1", "h2", "b1"] {
                try tree.clear(name)
                let host = try tree.fleet.host(name)
                let labels = name == "h1" ? "labels: {tier: canary}\n" : ""
                try tree.document(
                    "servers/\(name)",
                    host.document(identityFile: tree.fleet.identityFile) + labels)
            }
            try tree.scratch.shell("git init --quiet --initial-branch=main repo")
        }

        /// Has both sites say some words, and commits it; they are well when those are good.
        func commit(_ words: String) throws {
            for host in ["h1", "h2"] {
                try tree.document(
                    "site-\(host)",
                    """
                    kind: NginxSite
                    name: roll-site-\(host)
                    server: \(host)
                    domain: site.roll.example.com
                    template: static
                    variables: {words: "\(words)"}
                    health:
                      - http: {url: "http://127.0.0.1/", host: site.roll.example.com, body: good}
                        deadline: \(words.contains("good") ? "60s" : "3s")
                      - tcp: 127.0.0.1:80
                      - unit: nginx.service
                    """)
            }
            // busybox alone asks too.
            try tree.file(
                "note", on: "b1", content: words,
                extra: "health: {tcp: \"\(try tree.fleet.host("h1").address):80\"}")
            try tree.scratch.shell("cd repo; git add -A; git commit --quiet -m '\(words)'")
        }

        func start() throws {
            controller = try BackgroundProcess([
                "/bin/sh", "-c",
                """
                cd '\(tree.scratch.root)' && exec '\(SteadProcess.path)' controller --repo repo \
                    --ref main --state state >>controller.log 2>&1
                """,
            ])
        }

        func end() { controller?.end() }

        var log: String { (try? tree.scratch.read("controller.log")) ?? "" }

        var status: String { (try? tree.stead.run("status").output) ?? "" }

        /// Waits for what takes a while; false when it does not come.
        func comes(_ condition: () throws -> Bool) rethrows -> Bool {
            for _ in 0..<400 {
                if try condition() { return true }
                usleep(100_000)
            }
            return try condition()
        }
    }

    @Test("a commit that breaks what a site serves is stopped at the first host, and undone there")
    func reverted() throws {
        let rollout = try Rollout()
        defer { rollout.end() }
        try rollout.commit("good")
        try rollout.start()
        #expect(rollout.comes { rollout.log.contains("event=applied") }, "\(rollout.log)")
        for host in ["h1", "h2"] { #expect(try rollout.tree.answers("good", "site", on: host)) }
        try rollout.commit("broken")
        #expect(
            rollout.comes { rollout.status.contains("; undone on h1") },
            "\(rollout.status)\(rollout.log)")
        #expect(
            rollout.status.contains(
                "stopped at group 1 of 2 (tier=canary): nginx-site/roll-site-h1: unhealthy: http"),
            "\(rollout.status)")
        #expect(
            rollout.log.contains("answered 200, and its body does not hold what it should"),
            "\(rollout.log)")
        for host in ["h1", "h2"] { #expect(try rollout.tree.answers("good", "site", on: host)) }
        #expect(try rollout.tree.fleet.exec("b1", "cat /srv/roll/note") == "good\n")
        try rollout.commit("good again")
        #expect(
            rollout.comes {
                rollout.log.components(separatedBy: "event=applied").count == 3
            }, "\(rollout.log)")
        for host in ["h1", "h2"] {
            #expect(try rollout.tree.answers("good again", "site", on: host))
        }
    }

    @Test(
        "a move that is undone leaves one copy, owned where it was",
        arguments: [("h1", "b1"), ("b1", "h1")])
    func moves(_ old: String, _ new: String) throws {
        let rollout = try Rollout()
        defer { rollout.end() }
        let path = "/srv/roll/moving"
        func declare(on host: String, _ extra: String = "") throws {
            try rollout.tree.document(
                "moving",
                "kind: File\nname: roll-moving\nserver: \(host)\npath: \(path)\ncontent: one\n"
                    + extra)
        }
        func has(_ host: String) throws -> Bool {
            try rollout.tree.fleet.exec(host, "ls \(path) || true").contains(path)
        }
        try declare(on: old)
        try rollout.commit("good")
        try rollout.start()
        #expect(rollout.comes { rollout.log.contains("event=applied") }, "\(rollout.log)")
        try declare(on: new, "health: {command: [/bin/false], deadline: 1s}\n")
        try rollout.commit("good too")
        #expect(rollout.comes { rollout.log.contains("; undone on") }, "\(rollout.log)")
        #expect(try rollout.comes { try has(old) && !has(new) }, "\(rollout.log)")
        #expect(
            rollout.comes { rollout.status.contains("as applied on \(old)") }, "\(rollout.status)")
        // What is owned goes with its document.
        try rollout.tree.scratch.remove("repo/desired/moving.yaml")
        try rollout.commit("good and gone")
        #expect(try rollout.comes { try !has(old) && !has(new) }, "\(rollout.log)")
    }
}
