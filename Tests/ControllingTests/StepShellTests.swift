import Diagnostics
import FoundationEssentials
import Remote
import Resources
import TestSupport
import Testing

@testable import Controlling

/// Commands as a host's shell gets them, run by real shells.
@Suite struct StepShellTests {
    static let shells = LocalShell.all

    @Test("an argument arrives as it is, whatever it holds", arguments: shells)
    func arguments(shell: LocalShell) async throws {
        let hostile = [
            "it's", "$(touch /tmp/stead-owned)", "`id`", "-rf", "a b\tc", "new\nline", "\\", "\"",
            "*",
            "é漢", "", "'\u{301}; echo owned; '\u{301}",
        ]
        for value in hostile {
            let reply = try await run(Command("printf '<%s>' \"$1\"", [value]), in: shell)
            #expect(reply == .init(status: 0, output: "<\(value)>"))
        }
    }

    @Test("content arrives byte for byte", arguments: shells)
    func content(shell: LocalShell) async throws {
        let folder = try Scratch()
        let allBytes = Array(UInt8.min...UInt8.max)
        let contents: [[UInt8]] = [
            [], Array("a".utf8), Array("a\n".utf8), Array("\n\n".utf8),
            Array("$x `y` \\n 'q'\n".utf8),
            allBytes, allBytes.filter { $0 != 0 } + [0x0A], Array("100% é\u{0301}\n".utf8),
            Array(repeating: 0x78, count: 300_000) + [0x0A],
        ]
        for (index, content) in contents.enumerated() {
            let path = folder.path("f\(index)")
            let command = Command("cat >\"$1\"", [path], input: Content(content))
            let reply = try await run(command, in: shell)
            #expect(reply.isSuccess)
            #expect(try Array(Data(contentsOf: folder.url("f\(index)"))) == content)
        }
    }

    @Test("a command's failure is its own: the shell goes on", arguments: shells)
    func failures(shell: LocalShell) async throws {
        let commands = [
            Command("exit 7"), Command("if then fi ((("), Command("cat; echo done"),
            Command("echo out; echo err >&2; false"), Command("kill -9 $$ & exit 3"),
            Command(words: ["printf", "%s", "plain"]),
        ]
        var replies: [StepShell.Reply] = []
        for command in commands.dropLast(2) + commands.suffix(1) {
            replies.append(try await run(command, in: shell))
        }
        #expect(replies[0] == .init(status: 7, output: ""))
        #expect(replies[1].status != 0)
        #expect(replies[2] == .init(status: 0, output: "done"))
        #expect(replies[3] == .init(status: 1, output: "out\nerr"))
        #expect(replies[4] == .init(status: 0, output: "plain"))
    }

    private func run(_ command: Command, in shell: LocalShell) async throws -> StepShell.Reply {
        let folder = try Scratch()
        let fence = Fence(state: "test", token: 1, localFolder: folder.path("fence"))
        let host = OneShot(shell: shell, beginning: fence.raise(isLocal: true))
        return try await StepShell(host, fence: fence, timeoutSeconds: 60).run(command)
    }

    @Test("a host that has seen a higher lease runs nothing", arguments: shells)
    func fenced(shell: LocalShell) async throws {
        let folder = try Scratch()
        let path = folder.path("made")
        func run(under token: Int) async throws -> StepShell.Reply {
            let fence = Fence(state: "test", token: token, localFolder: folder.path("fence"))
            let host = OneShot(shell: shell, beginning: fence.raise(isLocal: true))
            let shell = StepShell(host, fence: fence, timeoutSeconds: 60)
            try await shell.raiseFence(isLocal: true)
            return try await shell.run(Command("echo \"$1\" >>\"$2\"", ["\(token)", path]))
        }
        #expect(try await run(under: 3).isSuccess)
        #expect(try await run(under: 12).isSuccess)
        for token in [3, 9, 11] {
            await #expect(throws: Failure.self) { try await run(under: token) }
        }
        #expect(try await run(under: 12).isSuccess)
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "3\n12\n12\n")
        let marks = try FileManager.default.contentsOfDirectory(atPath: folder.path("fence"))
        #expect(marks == ["test-12"])
    }
}

/// A host shell that starts a shell of this machine for each exchange.
struct OneShot: HostShell {
    let shell: LocalShell
    let beginning: String

    func exchange(_ input: [UInt8], until marker: [UInt8], limits: RunLimits)
        async throws(Failure) -> [UInt8]
    {
        do {
            return try shell.run(Array(beginning.utf8) + input)
        } catch {
            throw .stalled(.init("\(error)"))
        }
    }

    func close() async {}
}
