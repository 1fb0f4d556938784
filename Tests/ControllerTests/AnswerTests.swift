import Foundation
import TestSupport
import Testing

/// What a running controller is asked over its socket: its plan, and whether a server answers.
@Suite struct AnswerTests {
    /// Asks over the socket by curl: the status and the body.
    private func ask(
        _ tree: FollowedTree, _ path: String, _ arguments: [String] = []
    ) throws -> (status: Int, body: String) {
        let result = try Tool.run(
            "/usr/bin/curl",
            [
                "-sS", "-w", "\n%{http_code}", "--unix-socket", "state/run/controller.sock",
                "http://controller/\(path)",
            ] + arguments, in: tree.scratch.root)
        let lines = result.output.split(separator: "\n", omittingEmptySubsequences: false)
        return (Int(lines.last ?? "") ?? 0, lines.dropLast().joined(separator: "\n"))
    }

    private func following(_ settings: String = "") throws -> (FollowedTree, RunningController) {
        let tree = try FollowedTree(
            settings: "reconcile: {interval: 1h, drift: report}\n" + settings)
        try tree.file("motd", "one\\n")
        try tree.file("other", "one\\n")
        try tree.commit()
        let controller = try tree.start()
        #expect(eventually { controller.log.contains("event=applied") }, "\(controller.log)")
        return (tree, controller)
    }

    @Test("the plan that it would make now has the form of `stead plan --format json`")
    func plan() throws {
        let (tree, controller) = try following()
        try tree.scratch.write("root/motd", "by hand\n")
        let own =
            try JSONSerialization.jsonObject(
                with: Data(
                    try tree.stead.run(
                        "plan", "--repo", "repo", "--ref", "main", "--format", "json"
                    )
                    .output.utf8)) as? [String: Any]
        let (status, body) = try ask(tree, "v1/plan")
        #expect(status == 200, "\(body) \(controller.log)")
        let asked = try JSONSerialization.jsonObject(with: Data(body.utf8)) as? [String: Any]
        #expect(asked?.keys.sorted() == own?.keys.sorted())
        #expect(asked?["id"] as? String == own?["id"] as? String)
        #expect((asked?["counts"] as? [String: Int])?["drift"] == 1)

        let shown = try tree.stead.run("plan", "--controller", "--only", "file/motd")
        #expect(shown.status == 0, "\(shown.everything)")
        #expect(shown.output.contains("! file/motd"))
        #expect(shown.output.contains("-by hand"))
        #expect(!shown.output.contains("1 unchanged"), "the other file was not asked for")
        #expect(tree.seen("motd") == "by hand\n", "nothing was done")

        let wrong = try tree.stead.run("plan", "--controller", "--only", "file/mold")
        #expect(wrong.status == 1)
        #expect(wrong.errors.contains("no resource matches `file/mold`"), "\(wrong.everything)")
        #expect(wrong.errors.contains("file/motd"), "it suggests one")
        #expect(try tree.stead.run("plan", "--controller", "--repo", "repo").status == 64)
    }

    @Test("questions that make no sense, or are too long, are refused")
    func refused() throws {
        let (tree, controller) = try following()
        defer { controller.process.end() }
        for (body, status) in [("{", 400), ("{\"format\":\"pdf\"}", 400), ("{\"only\":3}", 400)] {
            let answer = try ask(tree, "v1/plan", ["-d", body])
            #expect(answer.status == status, "\(body): \(answer)")
        }
        try tree.scratch.write("long", "{\"only\":[\"\(String(repeating: "x", count: 70_000))\"]}")
        for path in ["v1/plan", "v1/connections/test"] {
            #expect(try ask(tree, path, ["-d", "@long"]).status == 413)
        }
        #expect(try ask(tree, "healthz").status == 200)
        #expect(try ask(tree, "readyz").status == 200)
    }

    @Test("a server is tested by the controller, or from here, with the same words")
    func connections() throws {
        let port = try LoopbackListener().port
        let tree = try FollowedTree(settings: "reconcile: {interval: 1h}\n")
        try tree.file("motd", "one\\n")
        try tree.scratch.write(
            "repo/desired/servers/away.yaml",
            "kind: Server\nname: away\nhost: 127.0.0.1\nport: \(port)\n")
        try tree.commit()
        let without = try tree.stead.run("server", "test", "away", "here", "--repo", "repo")
        #expect(without.status == 1, "\(without.everything)")
        #expect(without.output.contains("away (127.0.0.1:\(port)): "), "\(without.everything)")
        #expect(without.output.contains("here: well, as "), "\(without.everything)")

        let controller = try tree.start()
        #expect(eventually { controller.log.contains("event=change") }, "\(controller.log)")
        // The folder has no tree of its own: the controller's is asked.
        let with = try tree.stead.run("server", "test", "away", "here")
        #expect(with.output == without.output, "\(with.everything)")
        #expect(with.status == 1)
        let json = try tree.stead.run("server", "test", "here", "--format", "json")
        #expect(json.status == 0)
        #expect(json.output.contains("\"ok\":true"), "\(json.everything)")
        let unknown = try tree.stead.run("server", "test", "hare")
        #expect(unknown.status == 1)
        #expect(unknown.errors.contains("no server is called `hare`"), "\(unknown.everything)")
        #expect(unknown.errors.contains("here"))
    }

    @Test("without a controller, its plan can't be had, and that is said")
    func nobody() throws {
        let tree = try FollowedTree()
        let result = try tree.stead.run("plan", "--controller")
        #expect(result.status == 1)
        #expect(result.errors.contains("no controller listens on"), "\(result.everything)")
    }
}
