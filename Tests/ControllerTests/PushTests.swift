import Foundation
import Glibc
import TestSupport
import Testing

/// `git push` to a repository that `stead hook install` has prepared.
@Suite struct PushTests {
    private let scratch: Scratch
    private let stead: SteadProcess

    init() throws {
        scratch = try Scratch()
        try scratch.makeRepository()
        stead = SteadProcess(
            folder: scratch.root, environment: ["STEAD_STATE": scratch.path("state")])
        let installed = try stead.run("hook", "install", "infra.git")
        #expect(installed.status == 0, "\(installed.everything)")
    }

    /// Pushes, and says what the pusher saw.
    private func push(_ arguments: String...) throws -> SteadProcess.Result {
        try Tool.run(
            "/usr/bin/git", ["push", "../infra.git"] + arguments, in: scratch.path("repo"),
            environment: ["GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_SYSTEM": "/dev/null"])
    }

    /// What the repository's branch names; empty for none.
    private func pushed(_ branch: String = "main") throws -> String {
        try scratch.shell("git -C infra.git rev-parse -q --verify refs/heads/\(branch) || :")
    }

    @Test("a push shows its plan, is applied, and is followed to its end")
    func applied() async throws {
        let controller = try ServingController(scratch, following: "infra.git")
        try await ServingController.wait {
            FileManager.default.fileExists(atPath: scratch.path("state/run/controller.sock"))
        }
        let first = try push("main")
        #expect(first.status == 0, "\(first.everything)")
        #expect(first.errors.contains("+ file/note"), "\(first.everything)")
        #expect(first.errors.contains("file/note is done"), "\(first.everything)")
        #expect(first.errors.contains("remote: applied: "), "\(first.everything)\(controller.log)")
        #expect(scratch.note == "one\n")

        try scratch.commit("two")
        let second = try push("main")
        #expect(second.errors.contains("~ file/note"), "\(second.everything)")
        #expect(second.errors.contains("applied: "), "\(second.everything)")
        #expect(scratch.note == "two\n")
    }

    @Test("a push that fails on a host says so, with the fix, and ends")
    func failing() async throws {
        let controller = try ServingController(scratch, following: "infra.git")
        try await ServingController.wait {
            FileManager.default.fileExists(atPath: scratch.path("state/run/controller.sock"))
        }
        let port = try LoopbackListener().port
        try scratch.write(
            "repo/desired/servers/dead.yaml",
            "kind: Server\nname: dead\nhost: 127.0.0.1\nport: \(port)\n")
        try scratch.write(
            "repo/desired/files/far.yaml",
            "kind: File\nname: far\nserver: dead\npath: /far\ncontent: far\n")
        try scratch.shell("cd repo && git add -A && git commit -qm 'Add a host'")
        let result = try push("main")
        #expect(result.status == 0, "\(result.everything)")
        #expect(result.errors.contains("? file/far"), "\(result.everything)")
        #expect(
            result.errors.contains("not applied everywhere: 1 of 2"),
            "\(result.everything)\(controller.log)")
        #expect(result.errors.contains("retrying server/dead"), "\(result.everything)")
        #expect(scratch.note == "one\n")
    }

    @Test("a push that waits for a person says so, and how to go on")
    func held() async throws {
        try scratch.write(
            "repo/desired/stead.yaml",
            "version: 1\nsource: {interval: 1h}\npolicy: {approve: always}\n")
        try scratch.shell("cd repo && git commit -qam 'Ask first'")
        let controller = try ServingController(scratch, following: "infra.git")
        try await ServingController.wait {
            FileManager.default.fileExists(atPath: scratch.path("state/run/controller.sock"))
        }
        let result = try push("main")
        #expect(result.status == 0, "\(result.everything)")
        #expect(
            result.errors.contains("held file/note: waits for approval"),
            "\(result.everything)\(controller.log)")
        #expect(result.errors.contains("stead plans"), "\(result.everything)")
        #expect(scratch.note.isEmpty)
    }

    @Test("an invalid tree is rejected, with place and excerpt")
    func invalid() throws {
        #expect(try push("main").status == 0)
        let before = try pushed()
        try scratch.shell(
            """
            cd repo && sed -i 's/server: here/server: her/' desired/files/note.yaml
            git commit -qam Wrong
            """)
        let result = try push("main")
        #expect(result.status != 0)
        #expect(result.errors.contains("desired/files/note.yaml:3"), "\(result.everything)")
        #expect(result.errors.contains("server: her"), "\(result.everything)")
        #expect(result.errors.contains("pre-receive hook declined"), "\(result.everything)")
        #expect(try pushed() == before)

        let other = try push("main:topic")
        #expect(other.status == 0, "\(other.everything)")
        #expect(other.errors.contains("topic is taken as it is"), "\(other.everything)")
        #expect(other.errors.contains("desired/files/note.yaml:3"), "\(other.everything)")
    }

    @Test("the branch can be neither deleted nor rewritten")
    func protected() throws {
        #expect(try push("main").status == 0)
        let before = try pushed()
        let deleted = try push(":main")
        #expect(deleted.status != 0)
        #expect(deleted.errors.contains("it can't be deleted"), "\(deleted.everything)")
        try scratch.shell("cd repo && git commit -q --amend -m Other")
        let rewritten = try push("--force", "main")
        #expect(rewritten.status != 0)
        #expect(rewritten.errors.contains("can't be rewritten"), "\(rewritten.everything)")
        #expect(try pushed() == before)
    }

    @Test("without a controller the push is taken, and how to start one is said")
    func noController() throws {
        let result = try push("main")
        #expect(result.status == 0, "\(result.everything)")
        #expect(result.errors.contains("no controller runs"), "\(result.everything)")
        #expect(
            result.errors.contains("stead controller --repo \(scratch.path("infra.git"))"),
            "\(result.everything)")
        #expect(try pushed() == scratch.shell("git -C repo rev-parse main"))
    }

    @Test("a plan that takes too long does not hold the push up")
    func slow() throws {
        let silent = try LoopbackListener()
        let ended = DispatchSemaphore(value: 0)
        silent.serve { _ in ended.wait() }
        defer { for _ in 0..<8 { ended.signal() } }
        #expect(
            try stead.run("hook", "install", "infra.git", "--plan-timeout", "1s").status == 0)
        try scratch.write(
            "repo/desired/servers/slow.yaml",
            "kind: Server\nname: slow\nhost: 127.0.0.1\nport: \(silent.port)\n")
        try scratch.write(
            "repo/desired/files/far.yaml",
            "kind: File\nname: far\nserver: slow\npath: /far\ncontent: far\n")
        try scratch.shell("cd repo && git add -A && git commit -qm 'Add a host'")
        let result = try push("main")
        #expect(result.status == 0, "\(result.everything)")
        #expect(result.errors.contains("the plan takes longer than 1 s"), "\(result.everything)")
    }

    @Test("hooks of somebody else's stay, and one's own are written anew")
    func otherHooks() throws {
        #expect(try stead.run("hook", "install", "infra.git").status == 0)
        try scratch.shell("git init -q --bare other.git -b trunk")
        try scratch.write("other.git/hooks/pre-receive", "#!/bin/sh\nexit 0\n")
        let refused = try stead.run("hook", "install", "other.git")
        #expect(refused.status == 1)
        #expect(refused.errors.contains("there is another hook"), "\(refused.everything)")
        try scratch.remove("other.git/hooks/pre-receive")
        let taken = try stead.run("hook", "install", "other.git")
        #expect(taken.output.contains("takes pushes to trunk"), "\(taken.everything)")
        let files = try stead.run("hook", "install", "repo")
        #expect(files.status == 1)
        #expect(files.errors.contains("name a bare repository"), "\(files.everything)")
    }

    @Test(
        "whoever may not read the state is told what to do, and the push goes on",
        .enabled(if: geteuid() == 0))
    func otherUser() throws {
        try scratch.shell(
            """
            chmod 755 .; chown -R 65534:65534 infra.git repo; chmod 700 state
            """)
        let result = try Tool.run(
            "/usr/bin/setpriv",
            [
                "--reuid=65534", "--regid=65534", "--clear-groups", "git", "push",
                "../infra.git", "main",
            ], in: scratch.path("repo"),
            environment: [
                "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_SYSTEM": "/dev/null", "HOME": "/",
            ])
        #expect(result.status == 0, "\(result.everything)")
        #expect(result.errors.contains("valid: "), "\(result.everything)")
        #expect(result.errors.contains("may not read the state"), "\(result.everything)")
        #expect(result.errors.contains("push as root"), "\(result.everything)")
    }
}
