import FoundationEssentials
import Glibc
import Resources
import TestSupport
import Testing

@testable import Controlling

/// The process that puts guarded changes back, run by real shells.
@Suite struct HostGuardTests {
    static let shells = LocalShell.all

    /// A folder with files to lose, and a shell that plays the host.
    private struct Host {
        let shell: LocalShell
        let scratch: Scratch

        init(_ shell: LocalShell) throws {
            self.shell = shell
            scratch = try Scratch()
            try scratch.shell(
                """
                mkdir etc; printf 'old\\n' >etc/file; chmod 0640 etc/file
                ln -s /nowhere etc/link; printf 'gone\\n' >"etc/a b'c"
                """)
        }

        var paths: [String] {
            ["file", "link", "a b'c", "new", "deep/new"].map { scratch.path("etc/\($0)") }
        }

        func run(_ command: Command) async throws -> StepShell.Reply {
            let fence = Fence(state: "test", token: 1, localFolder: scratch.path("fence"))
            let host = OneShot(shell: shell, beginning: fence.raise(isLocal: true))
            return try await StepShell(host, fence: fence, timeoutSeconds: 60).run(command)
        }

        func arm(_ name: String = "one", seconds: Int, commands: [Command] = []) async throws
            -> HostGuard
        {
            let reply = try await run(
                HostGuard.arm(
                    name, timeoutSeconds: seconds, paths: paths + [scratch.path("etc")],
                    commands: commands, base: scratch.path("guard")))
            #expect(reply == .init(status: 0, output: scratch.path("guard/\(name)")))
            return HostGuard(folder: reply.output)
        }

        /// What a run would do, and more.
        func change() throws {
            try scratch.shell(
                """
                printf 'new\\n' >etc/file; chmod 0600 etc/file
                rm etc/link "etc/a b'c"; mkdir -p etc/deep
                printf 'new\\n' >etc/link; printf 'new\\n' >etc/new; ln -s x etc/deep/new
                """)
        }

        var state: String {
            get throws {
                try scratch.shell(
                    """
                    cd etc; stat -c '%n %a %F' * | sort; readlink link || true; cat file
                    cat "a b'c" || true
                    """)
            }
        }

        func wait(until condition: String) async throws {
            for _ in 0..<600 {
                if try Tool.run("/bin/sh", ["-c", condition], in: scratch.root).status == 0 {
                    return
                }
                try await Task.sleep(for: .milliseconds(100))
            }
            Issue.record("never: \(condition)")
        }
    }

    @Test("what nobody confirms is put back: content, mode, links, absence", arguments: shells)
    func forgotten(shell: LocalShell) async throws {
        let host = try Host(shell)
        try host.scratch.shell("mkdir etc/deep")
        let before = try host.state
        let guardian = try await host.arm(seconds: 2)
        try host.change()
        #expect(try host.state != before)
        try await host.wait(until: "[ -e guard/one/done ]")
        #expect(try host.state == before)
        #expect(try await host.run(guardian.confirm).status == HostGuard.Status.decided)
        #expect(try await host.run(guardian.renew(1)).status == HostGuard.Status.decided)
        #expect(try host.scratch.shell("ls guard/one; stat -c %a guard").contains("saved") == false)
    }

    @Test("what is confirmed stays, and can be confirmed again", arguments: shells)
    func confirmed(shell: LocalShell) async throws {
        let host = try Host(shell)
        let guardian = try await host.arm(seconds: 600)
        let folder = try host.scratch.shell("stat -c %a guard guard/one; cat guard/one/pid")
            .split(separator: "\n")
        #expect(folder.prefix(2) == ["700", "700"])
        #expect(try await host.run(guardian.renew(1)).isSuccess)
        try host.change()
        let after = try host.state
        #expect(try await host.run(guardian.confirm).isSuccess)
        #expect(try await host.run(guardian.confirm).isSuccess)
        #expect(try await host.run(guardian.takeBack).status == HostGuard.Status.decided)
        try await host.wait(until: "! kill -0 \(folder[2]) 2>/dev/null")
        #expect(try host.state == after)
        #expect(try await host.run(guardian.forget).isSuccess)
        #expect(try host.scratch.shell("ls guard") == "")
    }

    @Test("asked to, it puts everything back at once and runs the commands", arguments: shells)
    func asked(shell: LocalShell) async throws {
        let host = try Host(shell)
        try host.scratch.shell("mkdir etc/deep")
        let before = try host.state
        let log = host.scratch.path("log")
        let commands = [
            Command("if then fi ((("),
            Command(words: ["sh", "-c", "cat \"$1\" >>\"$2\"", "-", host.paths[0], log]),
            Command("printf '%s\\n' \"$2\" >>\"$1\"", [log, "it's $HOME"]),
        ]
        let guardian = try await host.arm(seconds: 600, commands: commands)
        try host.change()
        let reply = try await host.run(guardian.takeBack)
        #expect(reply.status == HostGuard.Status.commandFailed)
        #expect(reply.output.contains("failed: if then"))
        #expect(try host.state == before)
        #expect(try host.scratch.read("log") == "old\nit's $HOME\n")
    }

    @Test("a path that has become a directory is told, the others are put back", arguments: shells)
    func directory(shell: LocalShell) async throws {
        let host = try Host(shell)
        let guardian = try await host.arm(seconds: 600)
        try host.change()
        try host.scratch.shell("rm etc/link; mkdir etc/link")
        let reply = try await host.run(guardian.takeBack)
        #expect(reply.status == 1)
        #expect(reply.output.contains("etc/link is a directory now"))
        #expect(try host.scratch.read("etc/file") == "old\n")
        #expect(try host.scratch.shell("ls guard/one").contains("saved"))
    }

    @Test("two guards are never at work on one host", arguments: shells)
    func one(shell: LocalShell) async throws {
        let host = try Host(shell)
        let first = try await host.arm(seconds: 600)
        let second = try await host.run(
            HostGuard.arm(
                "two", timeoutSeconds: 600, paths: host.paths, commands: [],
                base: host.scratch.path("guard")))
        #expect(second.status == HostGuard.Status.busy)
        #expect(try host.scratch.shell("ls guard") == "one\n")
        #expect(try await host.run(first.takeBack).isSuccess)
        try await host.wait(until: "! kill -0 $(cat guard/one/pid) 2>/dev/null")
        let third = try await host.arm("three", seconds: 600)
        #expect(try host.scratch.shell("ls guard") == "three\n")
        #expect(try await host.run(third.confirm).isSuccess)
    }

    @Test("where the process is gone, as after a restart, who asks puts it back", arguments: shells)
    func restarted(shell: LocalShell) async throws {
        let host = try Host(shell)
        try host.scratch.shell("mkdir etc/deep")
        let before = try host.state
        let guardian = try await host.arm(seconds: 600)
        try host.scratch.shell("kill -9 $(cat guard/one/pid)")
        try await host.wait(until: "! kill -0 $(cat guard/one/pid) 2>/dev/null")
        try host.change()
        #expect(try await host.run(guardian.takeBack).isSuccess)
        #expect(try host.state == before)
    }
}
