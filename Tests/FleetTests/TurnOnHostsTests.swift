import Foundation
import Glibc
import TestSupport
import Testing

/// Two controllers on one state, and hosts that know whose orders count.
@Suite struct TurnOnHostsTests {
    private func pair(_ word: String) throws -> (FleetTree, FleetController, FleetController) {
        let tree = try FleetTree(word, hosts: ["h1", "h2"])
        try tree.follow()
        for host in ["h1", "h2"] {
            try tree.clear(host)
            try tree.file("note", on: host, content: "one")
        }
        try tree.commit()
        let first = try FleetController(tree, name: "first")
        #expect(first.says("event=applied"), "\(first.log)")
        let second = try FleetController(tree, name: "second")
        #expect(second.says("standing by for"), "\(second.log)")
        return (tree, first, second)
    }

    /// The tokens that a host has seen from controllers of this state.
    private func tokens(_ tree: FleetTree, on host: String) throws -> [Int] {
        let state = try tree.scratch.shell(
            "sqlite3 state/stead.db 'SELECT state FROM lease'"
        ).trimmingCharacters(in: .newlines)
        return try tree.root(host, "cd /var/lib/stead/fence; ls -d \(state)-*")
            .split(separator: "\n").compactMap { Int($0.split(separator: "-").last ?? "") }
    }

    @Test("a killed controller is followed at once, on every host")
    func killed() throws {
        let (tree, first, second) = try pair("turn")
        let before = try tokens(tree, on: "h2")
        first.end()
        for host in ["h1", "h2"] { try tree.file("note", on: host, content: "two") }
        try tree.commit()
        for host in ["h1", "h2"] {
            #expect(eventually { tree.seen("note", on: host) == "two" }, "\(second.log)")
        }
        #expect(second.says("event=applied"), "\(second.log)")
        let after = try tokens(tree, on: "h2")
        #expect(before.count == 1 && after.count == 1, "\(before) \(after)")
        #expect((after.first ?? 0) > (before.first ?? 0))
    }

    @Test("one that slept in the middle of a step can do nothing on a host any more")
    func asleep() throws {
        let (tree, first, second) = try pair("sleep")
        // It falls asleep while a command of its own runs on the host; its next step would be the
        // other file, which lies later.
        let extra = "after: [sh, -c, 'echo ran >>/srv/sleep/log; sleep 3']"
        try tree.file("a", on: "h1", content: "one", extra: extra)
        try tree.file("b", on: "h1", content: "one", extra: "after: [touch, /srv/sleep/b-ran]")
        try tree.commit("Take a while")
        #expect(eventually { tree.seen("log", on: "h1") != nil }, "\(first.log)")
        first.signal(SIGSTOP)
        #expect(eventually(within: 60) { tree.seen("b-ran", on: "h1") != nil }, "\(second.log)")
        #expect(second.says("event=applied"), "\(second.log)")
        try tree.root("h1", "rm /srv/sleep/b-ran")
        first.signal(SIGCONT)
        #expect(first.hasEnded(), "\(first.log)")
        #expect(tree.seen("b-ran", on: "h1") == nil, "\(first.log)")
        #expect(try tree.stead.run("audit", "verify").status == 0)
    }

    @Test("a state from yesterday's copy may give a host no orders")
    func oldState() throws {
        let tree = try FleetTree("backup", hosts: ["h1"])
        try tree.clear("h1")
        try tree.file("note", on: "h1", content: "one")
        #expect(try tree.apply().status == 0)
        try tree.scratch.shell("cp -a state old")
        try tree.file("note", on: "h1", content: "two")
        #expect(try tree.apply().status == 0)
        try tree.file("note", on: "h1", content: "three")
        // The copy's next token is the one that the host has seen already, and the one after it.
        #expect(try tree.apply().status == 0)
        try tree.file("note", on: "h1", content: "four")
        let late = try tree.stead.run(
            "apply", "--repo", "repo", "--yes", "--state", tree.scratch.path("old"))
        #expect(late.status == 1, "\(late.everything)")
        #expect(late.everything.contains("orders under a higher lease"), "\(late.everything)")
        #expect(tree.seen("note", on: "h1") == "three")
    }
}
