import TestSupport
import Testing

/// `kill -9` at every boundary of a run: before a step, after it, after its result is journalled,
/// after a transaction's test, after the record. The next apply must end in the desired state, with
/// the reload and the command after a write really done.
@Suite(.serialized) struct InterruptionTests {
    @Test("a run killed at any boundary is finished by the next")
    func everyBoundary() throws {
        var boundary = 1
        while try killed(at: boundary) { boundary += 1 }
        #expect(boundary > 20, "only \(boundary) boundaries were found")
    }

    /// False when the run ended before it came to that boundary.
    private func killed(at boundary: Int) throws -> Bool {
        let tree = try FleetTree("kill", hosts: ["h3"])
        try tree.clear("h3")
        let extra = "after: [sh, -c, 'echo ran >>/srv/kill/log']"
        try tree.site("old", on: "h3", words: "old")
        try tree.site("one", on: "h3", words: "one")
        try tree.file("note", on: "h3", content: "one", extra: extra)
        #expect(try tree.apply().status == 0)
        try tree.document("site-h3-old", "# gone\n")
        try tree.site("one", on: "h3", words: "two")
        try tree.site("new", on: "h3", words: "new")
        try tree.file("note", on: "h3", content: "two", extra: extra)
        let first = try tree.apply(dieAt: boundary)
        guard first.status == 137 else {
            #expect(first.status == 0, "\(first.everything)")
            return false
        }
        let second = try tree.apply()
        #expect(second.status == 0, "boundary \(boundary): \(second.everything)")
        #expect(try tree.answers("two", "one", on: "h3"), "boundary \(boundary)")
        #expect(try tree.answers("new", "new", on: "h3"), "boundary \(boundary)")
        #expect(try !tree.answers("old", "old", on: "h3"), "boundary \(boundary)")
        let log = try tree.fleet.exec("h3", "cat /srv/kill/log /srv/kill/note; ls -A /etc/nginx")
        #expect(log.hasPrefix("ran\nran\n"), "boundary \(boundary): the command after was lost")
        #expect(log.contains("two\n"))
        #expect(!log.contains("stead-undo"), "boundary \(boundary): originals were left behind")
        let plan = try tree.plan("--detailed-exitcode")
        #expect(plan.status == 0, "boundary \(boundary): \(plan.everything)")
        let audit = try tree.stead.run("audit", "verify")
        #expect(audit.status == 0, "boundary \(boundary): \(audit.everything)")
        return true
    }
}
