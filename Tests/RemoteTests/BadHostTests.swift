import Diagnostics
import Glibc
import Remote
import Resources
import TestSupport
import Testing

@Suite("hosts that misbehave", .timeLimit(.minutes(2)))
struct BadHostTests {
    private func error(of route: HostRoute) async throws -> Failure {
        let error = try #require(await failure { try await withConnection(to: route) { _ in } })
        #expect(error.text.contains("127.0.0.1:\(route.server.port)"))
        return error
    }

    @Test("a port that nobody listens on")
    func refused() async throws {
        let error = try await error(of: route(toPort: try TestSSHServer.freePort()))
        #expect(error.isTransient)
        #expect(error.text.contains("connection refused"))
    }

    @Test("a name that nobody knows")
    func unknownName() async throws {
        let route = route(toPort: 22) { $0.host = "no-such-host.invalid" }
        let error = try #require(await failure { try await withConnection(to: route) { _ in } })
        #expect(error.isTransient)
        #expect(error.text.contains("no-such-host.invalid:22"))
    }

    @Test("a name whose first address refuses is tried by the others")
    func severalAddresses() async throws {
        let server = try await TestSSHServer.start()
        // Where `localhost` is an IPv6 address too, nobody listens on that one.
        let route = try server.route { $0.host = "localhost" }
        let result = try await withConnection(to: route) { try await $0.run("echo in\n") }
        #expect(result.text == "in\n")
    }

    @Test("a host that takes the connection and says nothing")
    func silent() async throws {
        let listener = try LoopbackListener()
        let error = try await error(of: route(toPort: listener.port))
        #expect(error.isTransient)
        #expect(error.text.contains("said nothing for 1 s"))
    }

    @Test("a host that does not speak SSH, and says so at once or never stops")
    func garbage() async throws {
        let web = try LoopbackListener()
        web.serve { write($0, "HTTP/1.1 400 Bad Request\r\n\r\n", 28) }
        let error = try await error(of: route(toPort: web.port))
        #expect(error.isTransient)
        #expect(error.text.contains("does not speak SSH"))
        #expect(error.text.contains("HTTP/1.1 400 Bad Request"))

        for byte in [UInt8(ascii: "x"), 0x0A, 0, 0xFF] {
            let flood = try LoopbackListener()
            flood.serve { descriptor in
                let bytes = [UInt8](repeating: byte, count: 65536)
                while send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL)) > 0 {}
            }
            let error = try await self.error(of: route(toPort: flood.port))
            #expect(error.isTransient)
            #expect(error.text.contains("does not speak SSH"))
        }
    }

    @Test("a host that begins a key exchange and never ends it")
    func endlessKeyExchange() async throws {
        let listener = try LoopbackListener()
        listener.serve { descriptor in
            let banner = "SSH-2.0-OpenSSH_9.2\r\n"
            write(descriptor, banner, banner.utf8.count)
            sleep(30)
        }
        let error = try await error(of: route(toPort: listener.port))
        #expect(error.isTransient)
        #expect(error.text.contains("key exchange did not end within 1 s"))
    }

    @Test("a host that sends noise after its banner")
    func noise() async throws {
        let listener = try LoopbackListener()
        listener.serve { descriptor in
            let bytes =
                Array("SSH-2.0-OpenSSH_9.2\r\n".utf8) + (0..<4000).map { UInt8($0 * 7 & 0xFF) }
            write(descriptor, bytes, bytes.count)
            sleep(30)
        }
        let error = try await error(of: route(toPort: listener.port))
        #expect(error.isTransient)
    }

    @Test("a host that closes the connection before or after its banner")
    func closesEarly() async throws {
        for banner in ["", "SSH-2.0-OpenSSH_9.2\r\n"] {
            let listener = try LoopbackListener()
            listener.serve { write($0, banner, banner.utf8.count) }
            let error = try await error(of: route(toPort: listener.port))
            #expect(error.isTransient)
            #expect(error.text.contains("closed by the other side"))
        }
    }

    @Test("an sshd that is stopped in the middle of a command, and one that is killed")
    func stoppedAndKilled() async throws {
        let server = try await TestSSHServer.start()
        for signal in [SIGSTOP, SIGKILL] {
            let connection = try await SSHTransport().connect(server.route())
            let sign = "begun-\(signal)"
            let running = Task {
                try await connection.run(
                    "touch \(server.scratch.path(sign)); sleep 60\n",
                    limits: RunLimits(timeoutSeconds: 4))
            }
            // All of the session's processes are there once the command runs.
            for _ in 0..<150 where !server.scratch.exists(sign) {
                try await Task.sleep(for: .milliseconds(20))
            }
            server.signalSessions(signal)
            let error = try #require(await failure { _ = try await running.value })
            #expect(error.isTransient)
            #expect(error.text.contains(signal == SIGSTOP ? "within 4 s" : "closed by the other"))
            #expect(await connection.isOpen == false)
            await connection.close()
            server.signalSessions(SIGKILL)
        }
        let result = try await withConnection(to: server.route()) { try await $0.run("echo in\n") }
        #expect(result.text == "in\n")
    }

    @Test("a host that drops the connection in the middle of its output")
    func dropsInOutput() async throws {
        let server = try await TestSSHServer.start()
        try await withConnection(to: server.route()) { connection in
            let error = try #require(
                await failure {
                    // The shell's parent is the sshd process of this very connection.
                    _ = try await connection.run("head -c 300000 /dev/zero; kill -9 $PPID\n")
                })
            #expect(error.isTransient)
            #expect(error.text.contains("closed by the other side"))
            #expect(await connection.isOpen == false)
        }
    }

    @Test("an idle connection notices that the host has gone")
    func idleEnd() async throws {
        let server = try await TestSSHServer.start()
        for hasRun in [false, true] {
            try await withConnection(to: server.route()) { connection in
                if hasRun { _ = try await connection.run("true\n") }
                #expect(await connection.isOpen)
                server.signalSessions(SIGKILL)
                try await Task.sleep(for: .milliseconds(300))
                #expect(await connection.isOpen == false)
            }
        }
    }

    @Test("an idle connection answers the host's own keepalives")
    func hostKeepalives() async throws {
        let server = try await TestSSHServer.start(
            options: ["ClientAliveInterval 1", "ClientAliveCountMax 2"])
        try await withConnection(to: server.route()) { connection in
            _ = try await connection.run("true\n")
            try await Task.sleep(for: .seconds(5))
            #expect(await connection.isOpen)
            #expect(try await connection.run("echo still\n").text == "still\n")
        }
    }

    @Test("keys are exchanged anew in the middle of large transfers")
    func rekeying() async throws {
        let server = try await TestSSHServer.start(options: ["RekeyLimit 256K"])
        try await withConnection(to: server.route()) { connection in
            let out = try await connection.run("head -c 5000000 /dev/zero\n")
            #expect(out.output.count == 5_000_000)
            let line = "echo " + String(repeating: "x", count: 1018) + "\n"
            let both = try await connection.run(String(repeating: line, count: 4096))
            #expect(both.output.count == 4096 * 1019)
        }
    }

    @Test("commands that go on after their time do not use up the connection")
    func lingering() async throws {
        let server = try await TestSSHServer.start()
        let pool = ConnectionPool(transport: SSHTransport())
        for _ in 0..<6 {
            let error = await failure {
                let connection = try await pool.connection(to: server.route())
                _ = try await connection.run("sleep 30\n", limits: RunLimits(timeoutSeconds: 1))
            }
            #expect(error?.text.contains("did not end within 1 s") == true)
        }
        let connection = try await pool.connection(to: server.route())
        #expect(try await connection.run("echo fine\n").text == "fine\n")
        await pool.closeAll()
    }

    @Test("a user without a shell is no host that answers")
    func forcedCommand() async throws {
        let server = try await TestSSHServer.start(options: [
            "ForceCommand echo This account is closed; exit 1"
        ]
        )
        try await withConnection(to: server.route()) { connection in
            let result = try await connection.run("echo in\n")
            #expect(result.status == 1)
            #expect(result.text == "This account is closed\n")
        }
    }
}
