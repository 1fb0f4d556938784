import Diagnostics
import FoundationEssentials
import Manifests
import Resources
import TestSupport
import Testing

@Suite("A tree in a repository elsewhere")
struct FetchTests {
    private let scratch: Scratch

    init() throws {
        scratch = try Scratch()
        try scratch.makeRepository()
    }

    private var address: String { "file://" + scratch.path("repo") }

    private func change(_ content: String, _ commit: String) throws {
        try scratch.writeTree("repo", content: content)
        try scratch.shell("cd repo; git add -A; git commit -q \(commit)")
    }

    @Test("is fetched, and fetched again when it has changed")
    func update() throws {
        #expect(try scratch.readTree(address).content == "Welcome.")
        try change("Second.", "-m Second")
        let tree = try scratch.readTree(address)
        #expect(tree.content == "Second.")
        #expect(tree.revision.subject == "Second")
        #expect(tree.findings.isEmpty)
    }

    @Test("is followed through a force-push")
    func forcePush() throws {
        try change("Second.", "-m Second")
        #expect(try scratch.readTree(address).content == "Second.")
        try scratch.shell("cd repo; git reset -q --hard HEAD~1")
        try change("Other.", "--amend -m Other")
        let tree = try scratch.readTree(address)
        #expect(tree.content == "Other.")
        #expect(tree.revision.subject == "Other")
    }

    @Test("a branch that is deleted there is gone here too, and is never read from the copy")
    func deletedBranch() throws {
        try scratch.shell("cd repo; git branch feature; git tag v1")
        #expect(try scratch.readTree(address, ref: "feature").content == "Welcome.")
        #expect(try scratch.readTree(address, ref: "origin/feature").content == "Welcome.")
        try scratch.shell("cd repo; git branch -q -D feature; git tag -d v1")
        #expect(scratch.refusal(of: address, ref: "feature").map(\.code) == [.gitReference])
        #expect(scratch.refusal(of: address, ref: "v1").map(\.code) == [.gitReference])
    }

    @Test("its default branch is followed when it changes")
    func defaultBranch() throws {
        #expect(try scratch.readTree(address).content == "Welcome.")
        try scratch.shell("cd repo; git checkout -q -b trunk")
        try change("Trunk.", "-m Trunk")
        #expect(try scratch.readTree(address).content == "Trunk.")
    }

    @Test("an empty repository is refused")
    func empty() throws {
        try scratch.shell("git init -q --bare empty.git")
        let refusal = scratch.refusal(of: "file://" + scratch.path("empty.git"))
        #expect(refusal.map(\.code) == [.gitReference])
    }

    @Test("one that is gone is a failure, and the copy is not read instead")
    func gone() throws {
        _ = try scratch.readTree(address)
        try scratch.shell("mv repo elsewhere")
        let failure = try #require(scratch.failure(of: address))
        #expect(failure.report.message.hasPrefix("cannot fetch \(address): "))
    }

    @Test("a host that can't be reached is worth trying again")
    func unreachable() throws {
        let failure = try #require(scratch.failure(of: "https://127.0.0.1:1/x.git"))
        guard case .transient(let report) = failure else {
            Issue.record("\(failure)")
            return
        }
        #expect(report.message.hasPrefix("cannot fetch https://127.0.0.1:1/x.git: "))
    }

    @Test("neither passwords nor tokens are printed or kept")
    func secrets() throws {
        let failure = try #require(
            scratch.failure(
                of: "https://ada:hunter2@127.0.0.1:1/x.git",
                environment: ["STEAD_GIT_TOKEN": "s3cret"]))
        #expect(failure.report.message.hasPrefix("cannot fetch https://127.0.0.1:1/x.git: "))
        #expect(!"\(failure)".contains("hunter2") && !"\(failure)".contains("s3cret"))
        #expect(try scratch.shell("grep -rl -e hunter2 -e s3cret state || true").isEmpty)
        #expect(try scratch.shell("ls state/repositories").contains(".lock"))
    }

    @Test(
        "addresses that anybody could change on the way are refused",
        arguments: ["http://example.com/x.git", "git://example.com/x.git", "ftp://example.com/x"])
    func insecure(address: String) {
        #expect(scratch.refusal(of: address).map(\.code) == [.gitFetch])
    }

    @Test("two fetches of one repository at once don't disturb each other")
    func sideBySide() async throws {
        try change("Second.", "-m Second")
        let contents = await withTaskGroup(of: String?.self) { group in
            for _ in 0..<8 { group.addTask { try? scratch.readTree(address).content } }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(contents == Array(repeating: "Second.", count: 8))
    }
}
