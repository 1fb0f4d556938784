import Diagnostics
import Foundation
import Remote
import Resources
import Synchronization
import TestSupport
import Testing

@Suite("the connection pool", .timeLimit(.minutes(2)))
struct ConnectionPoolTests {
    @Test("many who ask at once share one connection a host")
    func sharing() async throws {
        let server = try await TestSSHServer.start()
        let pool = ConnectionPool()
        let route = try server.route()
        try await withThrowingTaskGroup { group in
            for number in 0..<20 {
                group.addTask {
                    let connection = try await pool.connection(to: route)
                    return try await connection.run("echo \(number)\n").text == "\(number)\n"
                }
            }
            for try await isRight in group { #expect(isRight) }
        }
        await pool.closeAll()
        #expect(try server.acceptedCount() == 1)
    }

    @Test("20 connections side by side, and no descriptor left open afterwards")
    func sideBySide() async throws {
        let server = try await TestSSHServer.start()
        let pool = ConnectionPool()
        try await withThrowingTaskGroup { group in
            for number in 0..<20 {
                let route = try server.route("host-\(number)")
                group.addTask {
                    let connection = try await pool.connection(to: route)
                    let result = try await connection.run("head -c 1000000 /dev/zero\n")
                    return result.output.count
                }
            }
            for try await count in group { #expect(count == 1_000_000) }
        }
        await pool.closeAll()
        #expect(try sockets(to: server) == 0)
    }

    /// How many sockets of this process are connected to a server.
    private func sockets(to server: TestSSHServer) throws -> Int {
        let hexadecimal = String(server.port, radix: 16, uppercase: true)
        let port = String(repeating: "0", count: 4 - hexadecimal.count) + hexadecimal
        let table = try String(contentsOfFile: "/proc/self/net/tcp", encoding: .utf8)
        let inodes = Set(
            table.split(separator: "\n").map { $0.split(separator: " ") }
                .filter { $0.count > 9 && $0[2].hasSuffix(":" + port) }.map { "socket:[\($0[9])]" })
        let own = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")
        return own.count { number in
            let path = "/proc/self/fd/" + number
            let target = try? FileManager.default.destinationOfSymbolicLink(atPath: path)
            return target.map(inodes.contains) ?? false
        }
    }

    @Test("a connection that has ended is opened anew, a failed one is tried again")
    func reopening() async throws {
        let attempts = Mutex(0)
        let transport = FlakyTransport { route throws(Failure) in
            let attempt = attempts.withLock { attempts in
                attempts += 1
                return attempts
            }
            if attempt == 1 { throw .transient(.init("not yet")) }
        }
        let pool = ConnectionPool(transport: transport)
        let route = route(toPort: 22)
        let first = await failure { _ = try await pool.connection(to: route) }
        #expect(first?.report.message == "not yet")
        let second = try await pool.connection(to: route)
        await second.close()
        let third = try await pool.connection(to: route)
        #expect(await third.isOpen)
        _ = try await pool.connection(to: route)
        #expect(attempts.withLock { $0 } == 3)
        await pool.closeAll()
        #expect(await third.isOpen == false)
    }

    @Test("closing ends connections in the making too")
    func closeWhileConnecting() async throws {
        let listener = try LoopbackListener()
        let pool = ConnectionPool()
        let route = route(toPort: listener.port) { $0.connectTimeoutSeconds = 60 }
        let opening = Task { try await pool.connection(to: route) }
        try await Task.sleep(for: .milliseconds(200))
        await pool.closeAll()
        let error = await failure { _ = try await opening.value }
        #expect(error?.isTransient == true)
    }

    @Test("each server is reached by its own transport")
    func routing() async throws {
        let transport = RoutingTransport(
            local: TranscriptTransport { _, _ in
                RunResult(output: Array("local".utf8), errorOutput: [], status: 0)
            },
            ssh: TranscriptTransport { _, _ in
                RunResult(output: Array("ssh".utf8), errorOutput: [], status: 0)
            })
        for way in ServerSpec.Transport.allCases {
            let route = route(toPort: 22) { $0.transport = way }
            let result = try await withConnection(transport, to: route) { try await $0.run("") }
            #expect(result.text == way.rawValue)
        }
    }

    @Test("a simulated host answers scripts and exchanges")
    func transcript() async throws {
        let transport = TranscriptTransport(delay: .milliseconds(1)) { route, script in
            let text = route.name + ": " + String(decoding: script, as: UTF8.self) + "\n=done 0\n"
            return RunResult(output: Array(text.utf8), errorOutput: [1], status: 7)
        }
        try await withConnection(transport, to: route(toPort: 22)) { connection in
            let result = try await connection.run("abc")
            #expect(result.text == "test: abc\n=done 0\n")
            #expect(result.status == 7 && result.errorOutput == [1])
            let shell = try await connection.openShell()
            #expect(try await shell.exchange("x", until: "=done") == "test: x\n=done 0\n")
            let limited = await failure {
                _ = try await connection.run("abc", limits: RunLimits(outputBytes: 3))
            }
            #expect(limited?.isStalled == true)
        }
    }
}

/// Opens simulated connections when `check` lets it.
private struct FlakyTransport: Transport {
    let check: @Sendable (HostRoute) throws(Failure) -> Void

    func connect(_ route: HostRoute) async throws(Failure) -> any HostConnection {
        try check(route)
        let empty = TranscriptTransport { _, _ in
            RunResult(output: [], errorOutput: [], status: 0)
        }
        return try await empty.connect(route)
    }
}
