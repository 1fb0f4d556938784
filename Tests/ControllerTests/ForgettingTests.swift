import Foundation
import TestSupport
import Testing

/// A server that a person says is gone for good.
@Suite struct ForgettingTests {
    private static let file = """
        kind: File
        name: note
        server: lab
        path: PATH
        content: one
        """

    private func declareLab(_ tree: FollowedTree) throws {
        try tree.scratch.write(
            "repo/desired/lab/server.yaml", "kind: Server\nname: lab\ntransport: local\n")
        try tree.scratch.write(
            "repo/desired/lab/note.yaml",
            Self.file.replacingOccurrences(of: "PATH", with: tree.scratch.path("root/note")))
    }

    @Test("is given up with what is on it, and no host is touched")
    func forgets() throws {
        let tree = try FollowedTree()
        try tree.file("motd", "one")
        try declareLab(tree)
        try tree.commit()
        let controller = try tree.start()
        #expect(
            eventually { controller.log.contains("reached on 2 places\n") }, "\(controller.log)")
        let refused = try tree.stead.run("forget", "lab", "--reason", "scrapped")
        #expect(refused.status == 1, "\(refused.everything)")
        #expect(refused.errors.contains("server/lab is declared"), "\(refused.everything)")
        try tree.scratch.shell("cd repo; git rm -rq desired/lab")
        try tree.commit("Scrap lab")
        let plan = { try tree.stead.run("plan", "--repo", "repo").everything }
        #expect(
            try eventually { try plan().contains("`stead forget lab`") }, "\(controller.log)")
        #expect(
            try eventually {
                try tree.status().contains("no longer declared, and Stead still keeps 1 resource")
            }, "\(controller.log)")
        let forgotten = try eventually {
            try tree.stead.run("forget", "server/lab", "--reason", "scrapped").status == 0
        }
        #expect(forgotten, "\(controller.log)")
        #expect(try tree.stead.run("plan", "--repo", "repo", "--detailed-exitcode").status == 0)
        #expect(
            try eventually { try !tree.status().contains("server/lab") }, "\(controller.log)")
        #expect(tree.seen("note") == "one")
        #expect(tree.seen("motd") == "one")
        let audit = try tree.stead.run("audit", "export").output
        #expect(audit.contains("server.forgotten") && audit.contains("scrapped"), "\(audit)")
        #expect(audit.contains("resource.forgotten"))
        let again = try tree.stead.run("forget", "lab", "--reason", "scrapped")
        #expect(again.errors.contains("nothing is known of a server/lab"), "\(again.everything)")
        // Should it come back, what is there is found, and nobody's.
        try declareLab(tree)
        try tree.commit("Bring lab back")
        #expect(
            try eventually { try tree.status().contains("file/note") }, "\(controller.log)")
        try tree.scratch.shell("cd repo; git rm -q desired/lab/note.yaml")
        try tree.commit("Leave the note")
        #expect(
            try eventually { try !tree.status().contains("file/note") }, "\(controller.log)")
        #expect(tree.seen("note") == "one")
    }

    @Test("needs no controller, and a reason")
    func alone() throws {
        let tree = try FollowedTree()
        try tree.file("motd", "one")
        try declareLab(tree)
        try tree.commit()
        #expect(try tree.stead.run("apply", "--repo", "repo", "--yes").status == 0)
        try tree.scratch.shell("cd repo; git rm -rq desired/lab")
        try tree.commit("Scrap lab")
        #expect(try tree.stead.run("forget", "lab").status == 64)
        #expect(try tree.stead.run("forget", "file/note", "--reason", "x").status == 64)
        let result = try tree.stead.run("forget", "lab", "--reason", "scrapped")
        #expect(result.status == 0, "\(result.everything)")
        #expect(result.output == "file/note  forgotten\n")
        #expect(try tree.stead.run("plan", "--repo", "repo", "--detailed-exitcode").status == 0)
        #expect(try tree.stead.run("audit", "verify").status == 0)
    }
}
