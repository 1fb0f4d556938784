import Foundation
import TestSupport
import Testing

/// `stead audit cut`, as a person calls it.
@Suite struct AuditCutTests {
    @Test("what is cut is in the file first, a file that is there stays, and the rest is proved")
    func cut() throws {
        let tree = try FollowedTree()
        try tree.file("motd", "one")
        try tree.commit()
        #expect(try tree.stead.run("apply", "--repo", "repo", "--yes").status == 0)
        let whole = try tree.stead.run("audit", "export").output
        let cut = try tree.stead.run("audit", "cut", "--before", "3", "--out", "old.jsonl")
        #expect(cut.status == 0, "\(cut.everything)")
        let old = try tree.scratch.read("old.jsonl")
        let kept = try tree.stead.run("audit", "export").output
        #expect(kept.hasPrefix(#"{"sequence":3,"#), "\(kept)")
        #expect((old + kept).hasPrefix(whole), "together they are what was there")
        let verify = try tree.stead.run("audit", "verify")
        #expect(verify.status == 0, "\(verify.everything)")
        #expect(verify.output.contains("from 3 on: those up to 2, with the hash"))
        let json = try tree.stead.run("audit", "verify", "--format", "json").output
        #expect(json.contains(#""last":2"#), "\(json)")

        let again = try tree.stead.run("audit", "cut", "--before", "4", "--out", "old.jsonl")
        #expect(again.status != 0)
        #expect(again.errors.contains("File exists"), "\(again.everything)")
        #expect(try tree.scratch.read("old.jsonl") == old)
        #expect(try tree.stead.run("audit", "export").output == kept)
        let none = try tree.stead.run("audit", "cut", "--before", "2001-01-01", "--out", "x")
        #expect(none.output.contains("Nothing to cut"), "\(none.everything)")
        let odd = try tree.stead.run("audit", "cut", "--before", "soon", "--out", "x")
        #expect(odd.errors.contains("neither a number nor a time"), "\(odd.everything)")
    }
}
