import Diagnostics
import Manifests
import Resources
import TestSupport
import Testing

@Suite("A tree in a repository on this machine")
struct RepositoryTests {
    private let scratch: Scratch

    init() throws {
        scratch = try Scratch()
        try scratch.makeRepository()
    }

    private var repository: String { scratch.path("repo") }

    private func git(_ script: String) throws { try scratch.shell("cd repo; \(script)") }

    private func changeAndCommit(_ content: String) throws {
        try scratch.writeTree("repo", content: content)
        try git("git commit -qam '\(content)'")
    }

    @Test("HEAD is read without a checkout, and the revision says who wrote it")
    func head() throws {
        let id = try scratch.shell("cd repo; git rev-parse HEAD").dropLast()
        let tree = try scratch.readTree(repository)
        #expect(tree.files == ["desired/files/motd.yaml", "desired/servers/in3.yaml"])
        #expect(tree.templates.keys.sorted() == ["nginx/frontend"])
        #expect(
            tree.revision
                == Revision(id: String(id), author: "Ada <ada@example.com>", subject: "First"))
        #expect(tree.findings.isEmpty)
    }

    @Test("a bare repository serves as well")
    func bare() throws {
        try scratch.shell("git clone -q --bare repo bare.git")
        let tree = try scratch.readTree(scratch.path("bare.git"))
        #expect(tree.revision == (try scratch.readTree(repository).revision))
        #expect(tree.content == "Welcome.")
    }

    @Test("branches, tags, commits and short commits name what to read")
    func refs() throws {
        try git("git tag light; git tag -am note annotated; git branch feature/x")
        try changeAndCommit("Second.")
        let first = try scratch.shell("cd repo; git rev-parse light").dropLast()
        let refs = ["light", "annotated", "feature/x", "\(first)", "\(first.prefix(7))", "HEAD~1"]
        for ref in refs {
            #expect(try scratch.readTree(repository, ref: ref).content == "Welcome.", "\(ref)")
        }
        for ref in ["main", "HEAD", "refs/heads/main", nil] {
            #expect(
                try scratch.readTree(repository, ref: ref).content == "Second.", "\(ref ?? "nil")")
        }
    }

    @Test("a remote branch is read by its name")
    func remoteBranch() throws {
        try scratch.shell("git clone -q repo clone")
        try changeAndCommit("Second.")
        try scratch.shell("cd clone; git fetch -q")
        #expect(
            try scratch.readTree(scratch.path("clone"), ref: "origin/main").content == "Second.")
        #expect(try scratch.readTree(scratch.path("clone")).content == "Welcome.")
    }

    @Test("a ref that does not exist is refused, with the nearest one")
    func missingRef() throws {
        try git("git tag v1.0; git branch production")
        let near = scratch.refusal(of: repository, ref: "prodution")
        #expect(near.map(\.code) == [.gitReference])
        #expect(near.first?.fix == "did you mean `production`?")
        let far = scratch.refusal(of: repository, ref: "something-else")
        #expect(far.first?.fix == "there is `main`, `production`, `v1.0`")
        #expect(scratch.refusal(of: repository, ref: "").map(\.code) == [.gitReference])
        #expect(scratch.refusal(of: repository, ref: "main:desired").map(\.code) == [.gitReference])
    }

    @Test("a branch that was deleted is refused")
    func deletedBranch() throws {
        try git("git branch gone; git branch -q -D gone")
        #expect(scratch.refusal(of: repository, ref: "gone").map(\.code) == [.gitReference])
    }

    @Test("a repository without commits is refused")
    func noCommits() throws {
        try scratch.shell("git init -q -b main empty")
        let refusal = scratch.refusal(of: scratch.path("empty"))
        #expect(refusal.map(\.code) == [.gitReference])
        #expect(refusal.first?.summary.hasSuffix("has no commits yet") == true)
    }

    @Test("a commit without desired state is refused, and named")
    func noDesired() throws {
        try git("git rm -rq desired; git commit -qm 'Remove'")
        let refusal = scratch.refusal(of: repository)
        #expect(refusal.map(\.code) == [.treeUnreadable])
        #expect(refusal.first?.summary.contains("at HEAD (") == true)
    }

    @Test("something that only looks like a repository is refused")
    func broken() throws {
        try scratch.write("broken/.git/HEAD", "nonsense")
        #expect(scratch.refusal(of: scratch.path("broken")).map(\.code) == [.gitRepository])
    }

    @Test("a commit whose objects are gone is an error for each file that can't be read")
    func missingObject() throws {
        try scratch.shell(
            """
            cd repo
            id=$(git rev-parse HEAD:desired/files/motd.yaml)
            rm -f .git/objects/$(echo $id | cut -c1-2)/$(echo $id | cut -c3-)
            """)
        let tree = try scratch.readTree(repository)
        #expect(tree.findings.map(\.code).contains(.treeUnreadable))
        #expect(tree.findings.hasErrors)
    }

    @Test("changes that are not committed are a warning, and are not read")
    func uncommitted() throws {
        try scratch.writeTree("repo", content: "Not committed.")
        try scratch.write("repo/desired/new/file.yaml", "kind: File\n")
        try scratch.write("repo/notes.txt", "nothing to do with it")
        let tree = try scratch.readTree(repository)
        #expect(tree.content == "Welcome.")
        #expect(tree.findings.map(\.code) == [.gitUncommitted])
        #expect(tree.findings.map(\.severity) == [.warning])
        #expect(tree.findings.first?.summary.hasPrefix("2 changes") == true)
        #expect(try scratch.readTree(repository, ref: "main").findings.isEmpty)
    }

    @Test("submodules and links out of the tree are ignored with a warning, other links are not")
    func entries() throws {
        try scratch.write("repo/common/x.yaml", "kind: File\n")
        try git(
            """
            ln -s ../common/x.yaml desired/inside.yaml
            ln -s ../../../etc/passwd desired/outside.yaml
            ln -s /etc/passwd desired/absolute.yaml
            git add -A
            git update-index --add --cacheinfo 160000,$(git rev-parse HEAD),desired/module
            git commit -qm 'Links'
            """)
        let tree = try scratch.readTree(repository, ref: "main")
        #expect(tree.files.contains("desired/inside.yaml"))
        #expect(!tree.files.contains("desired/outside.yaml"))
        #expect(
            tree.findings.compactMap { $0.location?.file }.sorted() == [
                "desired/absolute.yaml", "desired/module", "desired/outside.yaml",
            ])
    }

    @Test("a file over the limit is not read from the object database")
    func largeFile() throws {
        try git("truncate -s 100M desired/huge.yaml; git add -A; git commit -qm 'Huge'")
        let tree = try scratch.readTree(repository)
        #expect(tree.findings.map(\.code) == [.fileTooLarge])
        #expect(tree.files.count == 2)
    }

    @Test("a working tree's linked folder is a repository as well")
    func worktree() throws {
        try git("git worktree add -q ../linked -b other")
        #expect(try scratch.readTree(scratch.path("linked")).content == "Welcome.")
    }
}
