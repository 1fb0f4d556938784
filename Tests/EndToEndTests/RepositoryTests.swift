import TestSupport
import Testing

/// Desired state from git: what is planned is what the ref holds, not what lies in the folder.
@Suite struct RepositoryTests {
    /// A tree whose `v1` holds one file, whose branch holds two, and whose folder holds a third.
    private func committedTree() throws -> LocalTree {
        let tree = try LocalTree()
        try tree.scratch.shell("git init --quiet --initial-branch=main repo")
        for (name, tag) in [("first", "v1"), ("second", "v2")] {
            try tree.file(name, content: "x\n")
            try tree.scratch.shell(
                "cd repo; git add .; git commit --quiet --message=\(name); git tag \(tag)")
        }
        try tree.file("third", content: "x\n")
        return tree
    }

    private func names(_ result: SteadProcess.Result) -> [String] {
        #expect(result.status == 0, "\(result.everything)")
        return ["first", "second", "third"].filter { result.output.contains("+ file/\($0)") }
    }

    @Test("a ref, a branch, an abbreviated commit and a folder each show what they hold")
    func refs() throws {
        let tree = try committedTree()
        #expect(names(try tree.plan("--ref", "v1")) == ["first"])
        #expect(names(try tree.plan("--ref", "main")) == ["first", "second"])
        #expect(names(try tree.plan("--ref", "main~1")) == ["first"])
        #expect(names(try tree.plan()) == ["first", "second"], "a repository means its HEAD")
    }

    @Test("a bare repository, by path and by URL")
    func bare() throws {
        let tree = try committedTree()
        try tree.scratch.shell("git clone --quiet --bare repo bare.git")
        let bare = tree.scratch.path("bare.git")
        for source in [bare, "file://" + bare] {
            let plan = try tree.stead.run("plan", "--repo", source, "--ref", "v2")
            #expect(names(plan) == ["first", "second"])
        }
        let apply = try tree.stead.run("apply", "--yes", "--repo", "file://" + bare)
        #expect(apply.status == 0, "\(apply.everything)")
        #expect(try tree.seen("second") == "x\n")
    }

    @Test("what does not exist is told, with what does", arguments: ["main2", "v9", "0123456789"])
    func missingRef(_ ref: String) throws {
        let tree = try committedTree()
        let plan = try tree.plan("--ref", ref)
        #expect(plan.status == 65, "\(plan.everything)")
        #expect(plan.errors.contains(ref), "\(plan.everything)")
        #expect(plan.errors.contains("fix: "), "\(plan.everything)")
    }

    @Test(
        "a repository that is not there is an error, with its place",
        arguments: ["nowhere", "file:///nowhere/at/all.git", "https://127.0.0.1:1/x.git"])
    func missingRepository(_ source: String) throws {
        let tree = try LocalTree()
        let plan = try tree.stead.run("plan", "--repo", source)
        #expect(plan.status == 1 || plan.status == 65, "\(plan.everything)")
        #expect(plan.errors.contains(source), "\(plan.everything)")
        #expect(!tree.scratch.exists("state/stead.db"))
    }

    @Test("a sealed plan of a commit is applied from that commit, wherever the branch is by then")
    func sealedCommit() throws {
        let tree = try committedTree()
        #expect(try tree.plan("--ref", "v1", "--out", "plan.json").status == 0)
        let apply = try tree.stead.run("apply", "plan.json", "--repo", "repo", "--yes")
        #expect(apply.status == 0, "\(apply.everything)")
        #expect(try tree.seen("first") == "x\n")
        #expect(!tree.scratch.exists("root/second"))
    }
}
