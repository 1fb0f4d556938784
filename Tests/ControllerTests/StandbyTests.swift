import Foundation
import Glibc
import TestSupport
import Testing

/// Controllers that wait for the lease of another, or can't start.
@Suite struct StandbyTests {
    private let tree: FollowedTree
    private let leader: RunningController

    init() throws {
        tree = try FollowedTree(settings: "reconcile: {interval: 1h}\n")
        try tree.file("motd", "one")
        try tree.commit()
        leader = try tree.start("leader")
        #expect(eventually { leader.log.contains("event=applied") }, "\(leader.log)")
    }

    /// Whether what is asked reaches the one that leads: nothing else takes drift back here.
    private func isAsked() throws -> Bool {
        try tree.scratch.write("root/motd", "by hand")
        let sync = try tree.stead.run("sync", "file/motd")
        #expect(sync.status == 0, "\(sync.everything)")
        return eventually(within: 15) { tree.seen("motd") == "one" }
    }

    @Test("one that stands by takes nothing from the leader, and ends without a word")
    func standing() throws {
        let standby = try tree.start("standby")
        #expect(eventually { standby.log.contains("standing by for") }, "\(standby.log)")
        #expect(try isAsked(), "\(standby.log)")
        standby.signal(SIGTERM)
        #expect(standby.ended() == 0, "\(standby.log)")
        #expect(!standby.log.contains("error"), "\(standby.log)")
        #expect(try isAsked())

        let killed = try tree.start("killed")
        #expect(eventually { killed.log.contains("standing by for") }, "\(killed.log)")
        killed.process.end()
        #expect(try isAsked())
        // What a killed one left is taken away by the next.
        let next = try tree.start("next")
        #expect(eventually { next.log.contains("standing by for") }, "\(next.log)")
        let names = try FileManager.default.contentsOfDirectory(
            atPath: tree.scratch.path("state/run"))
        #expect(names.filter { $0.hasPrefix(".stead-") }.count == 2, "\(names)")
    }

    @Test("one whose port is taken says so, and takes nothing from the leader")
    func taken() throws {
        let port = try LoopbackListener().port
        let standby = try tree.start("standby", extra: ["--listen", "127.0.0.1:\(port)"])
        #expect(eventually { standby.log.contains("standing by for") }, "\(standby.log)")
        let late = try tree.start("late", extra: ["--listen", "127.0.0.1:\(port)"])
        #expect(late.ended() == 1, "\(late.log)")
        #expect(late.log.contains("the address 127.0.0.1:\(port) is in use"), "\(late.log)")
        #expect(try isAsked())
    }

    @Test("one that takes over says so, is asked from then on, and is ready only then")
    func takingOver() throws {
        let port = try LoopbackListener().port
        let standby = try tree.start("standby", extra: ["--listen", "127.0.0.1:\(port)"])
        #expect(eventually { standby.log.contains("standing by for") }, "\(standby.log)")
        func ask(_ path: String) -> String {
            let url = "http://127.0.0.1:\(port)/\(path)"
            let answer = try? Tool.run("/usr/bin/curl", ["-sS", "-w", "%{http_code}", url])
            return answer?.output ?? ""
        }
        #expect(eventually { ask("healthz") == "ok\n200" }, "\(standby.log)")
        #expect(ask("readyz") == "standby\n503")
        leader.signal(SIGTERM)
        #expect(leader.ended() == 0, "\(leader.log)")
        #expect(eventually { ask("readyz") == "ready\n200" }, "\(standby.log)")
        #expect(standby.log.contains("has taken over"), "\(standby.log)")
        #expect(try isAsked(), "\(standby.log)")
    }

    @Test("a leader whose socket is gone, or another's, makes it anew")
    func gone() throws {
        let path = tree.scratch.path("state/run/controller.sock")
        unlink(path)
        #expect(eventually { FileManager.default.fileExists(atPath: path) }, "\(leader.log)")
        #expect(try isAsked())
        try tree.scratch.write("state/run/controller.sock.new", "")
        rename(path + ".new", path)
        #expect(
            eventually { leader.log.components(separatedBy: "is made anew").count == 3 },
            "\(leader.log)")
        #expect(try isAsked())
    }
}
