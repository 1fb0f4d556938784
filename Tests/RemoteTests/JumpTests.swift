import Diagnostics
import Glibc
import Remote
import Resources
import TestSupport
import Testing

@Suite("jump hosts", .timeLimit(.minutes(2)))
struct JumpTests {
    @Test("a host is reached through one and through two others")
    func jumps() async throws {
        let (first, second, target) = (
            try await TestSSHServer.start(), try await TestSSHServer.start(),
            try await TestSSHServer.start()
        )
        try target.addCommand("whereami", "echo target")
        let pool = ConnectionPool(transport: SSHTransport())
        let hops = [try first.route("first"), try second.route("second")]
        for jumps in [[hops[0]], hops] {
            let connection = try await pool.connection(to: target.route("target", jumps: jumps))
            #expect(try await connection.run("whereami\n").text == "target\n")
            let big = try await connection.run("head -c 5000000 /dev/zero\n")
            #expect(big.output.count == 5_000_000)
            let script = "cat <<'E' | wc -c\n" + String(repeating: "y\n", count: 2_000_000) + "E\n"
            #expect(try await connection.run(script).text.contains("4000000"))
        }
        await pool.closeAll()
        #expect(try first.acceptedCount() == 1)
    }

    @Test("many hosts behind one jump host share one connection to it")
    func shared() async throws {
        let (jump, target) = (try await TestSSHServer.start(), try await TestSSHServer.start())
        let pool = ConnectionPool(transport: SSHTransport())
        let hop = try jump.route("jump")
        let texts = try await withThrowingTaskGroup { group in
            for number in 0..<10 {
                let route = try target.route("target-\(number)", jumps: [hop])
                group.addTask {
                    let connection = try await pool.connection(to: route)
                    let script = "head -c 200000 /dev/zero | wc -c; echo \(number)\n"
                    return try await connection.run(script).text
                }
            }
            // The jump host serves its own commands meanwhile.
            let own = try await pool.connection(to: hop)
            for _ in 0..<5 { #expect(try await own.run("echo own\n").text == "own\n") }
            return try await group.reduce(into: Set<String>()) { $0.insert($1) }
        }
        #expect(texts == Set((0..<10).map { "200000\n\($0)\n" }))
        await pool.closeAll()
        #expect(try jump.acceptedCount() == 1)
    }

    @Test("a target that the jump host can't reach, and a jump host that lets nobody through")
    func unreachable() async throws {
        let jump = try await TestSSHServer.start()
        let pool = ConnectionPool(transport: SSHTransport())
        var behind = route(toPort: try TestSSHServer.freePort())
        behind.jumps = [try jump.route("jump")]
        let nobody = try #require(await failure { _ = try await pool.connection(to: behind) })
        #expect(nobody.isTransient)
        #expect(nobody.text.contains("through jump (127.0.0.1:\(jump.port))"))
        // The jump host's connection has not suffered.
        let own = try await pool.connection(to: jump.route("jump"))
        #expect(try await own.run("echo own\n").text == "own\n")

        let strict = try await TestSSHServer.start(options: ["AllowTcpForwarding no"])
        behind.jumps = [try strict.route("strict")]
        let closed = try #require(await failure { _ = try await pool.connection(to: behind) })
        #expect(closed.isStalled)
        #expect(closed.text.contains("AllowTcpForwarding"))
        await pool.closeAll()
    }

    @Test("a target behind a jump host that hangs or dies is given up in time")
    func deadJump() async throws {
        let (jump, target) = (try await TestSSHServer.start(), try await TestSSHServer.start())
        let pool = ConnectionPool(transport: SSHTransport())
        let behind = try target.route("target", jumps: [try jump.route("jump")])
        let connection = try await pool.connection(to: behind)
        #expect(try await connection.run("echo in\n").text == "in\n")
        jump.signalSessions(SIGSTOP)
        let hung = await failure {
            _ = try await connection.run("echo in\n", limits: RunLimits(timeoutSeconds: 1))
        }
        #expect(hung?.isTransient == true)
        jump.signalSessions(SIGKILL)
        let again = try await pool.connection(to: behind)
        #expect(try await again.run("echo in\n").text == "in\n")
        await pool.closeAll()
    }

    @Test("the pin of a host behind a jump host counts as everywhere")
    func pinBehindJump() async throws {
        let (jump, target) = (try await TestSSHServer.start(), try await TestSSHServer.start())
        let pool = ConnectionPool(transport: SSHTransport())
        let route = try target.route("target", jumps: [try jump.route("jump")]) {
            $0.hostKey = try? jump.hostKey()
        }
        let error = try #require(await failure { _ = try await pool.connection(to: route) })
        #expect(error.isStalled)
        #expect(error.text.contains("not the pinned one"))
        await pool.closeAll()
    }
}
