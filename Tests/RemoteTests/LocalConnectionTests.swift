import Diagnostics
import Foundation
import Glibc
import Remote
import Resources
import TestSupport
import Testing

@Suite("the machine itself", .timeLimit(.minutes(2)))
struct LocalConnectionTests {
    private var here: HostRoute {
        var server = ServerSpec()
        server.transport = .local
        return HostRoute(name: "here", server: server)
    }

    @Test("a command that takes too long takes all it started with it")
    func group() async throws {
        let scratch = try Scratch()
        try await withConnection(LocalTransport(), to: here) { connection in
            let script = """
                trap '' TERM
                sleep 300 & echo $! > \(scratch.path("child"))
                echo $$ > \(scratch.path("leader"))
                wait
                """
            let error = await failure {
                _ = try await connection.run(script, limits: RunLimits(timeoutSeconds: 3))
            }
            #expect(error?.isTransient == true)
            for name in ["child", "leader"] {
                let number = try #require(pid_t(try scratch.read(name).dropLast()))
                // A process that somebody else has yet to reap is as good as gone.
                let status = try? String(contentsOfFile: "/proc/\(number)/stat", encoding: .utf8)
                #expect(status.map { $0.contains(") Z ") } ?? true)
            }
        }
    }

    @Test("a script inherits neither descriptors nor ignored signals nor a blocked mask")
    func inheritance() async throws {
        try await withConnection(LocalTransport(), to: here) { connection in
            let script = "for n in /proc/self/fd/*; do echo ${n##*/}; done | sort -n | tr '\\n' ' '"
            let result = try await connection.run(script + "\n")
            // 0, 1, 2, and what the shell itself opens to list the folder.
            #expect(result.text.split(separator: " ").compactMap { Int($0) }.max() ?? 99 < 11)
            let signals = try await connection.run("grep -E '^Sig(Blk|Ign)' /proc/self/status\n")
            for line in signals.text.split(separator: "\n") {
                // The C library keeps the signals 32 and 33 to itself.
                let mask = UInt64(line.split(separator: "\t").last ?? "", radix: 16)
                #expect(mask.map { $0 & 0x7FFF_FFFF } == 0, "\(line)")
            }
        }
    }

    @Test("nothing is left behind: no process, no descriptor")
    func leaks() async throws {
        try await withConnection(LocalTransport(), to: here) { connection in
            for _ in 0..<20 {
                let result = try await connection.run("echo $$; readlink /proc/$$/fd/1\n")
                let lines = result.text.split(separator: "\n").map(String.init)
                #expect(lines.count == 2)
                #expect(!FileManager.default.fileExists(atPath: "/proc/\(lines[0])"))
                #expect(try !ownFiles().contains(lines[1]))
            }
        }
    }

    /// What this process's descriptors lead to.
    private func ownFiles() throws -> [String] {
        let numbers = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")
        return numbers.compactMap {
            try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/" + $0)
        }
    }

    @Test("sudo is asked for unless we are root already")
    func sudo() async throws {
        var route = here
        route.server.become = .sudo
        let result = try await withConnection(LocalTransport(), to: route) {
            try await $0.run("id -u\n")
        }
        #expect(result.text == "0\n")
    }
}
