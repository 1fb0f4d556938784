import Foundation
import Glibc
import TestSupport
import Testing

/// Two controllers on one state.
@Suite struct TurnTests {
    @Test("a killed controller is followed at once")
    func killed() throws {
        let tree = try FollowedTree()
        try tree.file("motd", "one")
        try tree.commit()
        let first = try tree.start("first")
        #expect(eventually { first.log.contains("event=applied") }, "\(first.log)")
        let second = try tree.start("second")
        #expect(eventually { second.log.contains("standing by for") }, "\(second.log)")
        first.process.end()
        try tree.scratch.write("root/motd", "by hand")
        #expect(eventually { tree.seen("motd") == "one" }, "\(second.log)")
        #expect(eventually { second.log.contains("event=corrected") })
    }

    @Test("one that slept is followed after the lease's time, and can do nothing any more")
    func asleep() throws {
        let tree = try FollowedTree()
        try tree.file("motd", "one")
        try tree.commit()
        let first = try tree.start("first")
        #expect(eventually { first.log.contains("event=applied") }, "\(first.log)")
        let second = try tree.start("second")
        #expect(eventually { second.log.contains("standing by for") }, "\(second.log)")
        first.signal(SIGSTOP)
        try tree.scratch.write("root/motd", "by hand")
        #expect(eventually(within: 60) { tree.seen("motd") == "one" }, "\(second.log)")
        let before = first.log
        first.signal(SIGCONT)
        #expect(first.ended() == 1, "\(first.log)")
        #expect(first.log.contains("has taken over"), "\(first.log)")
        #expect(!first.log.dropFirst(before.count).contains("event=change"), "\(first.log)")
        #expect(try tree.stead.run("audit", "verify").status == 0)
    }
}
