import Diagnostics
import Remote
import Resources
import TestSupport

extension TestSSHServer {
    /// A route to it, pinned, with the key that fits.
    func route(
        _ name: String = "test", key: String = "ed25519", hostKey: String = "ed25519",
        jumps: [HostRoute] = [], _ change: (inout ServerSpec) -> Void = { _ in }
    ) throws -> HostRoute {
        var server = ServerSpec()
        server.host = "127.0.0.1"
        server.port = port
        server.user = user
        server.identityFile = identityFile(key)
        server.hostKey = try self.hostKey(hostKey)
        server.connectTimeoutSeconds = 20
        change(&server)
        return HostRoute(name: name, server: server, jumps: jumps)
    }
}

/// A route to a port of the loopback interface where no sshd is.
func route(toPort port: Int, _ change: (inout ServerSpec) -> Void = { _ in }) -> HostRoute {
    var server = ServerSpec()
    server.host = "127.0.0.1"
    server.port = port
    server.connectTimeoutSeconds = 1
    change(&server)
    return HostRoute(name: "test", server: server)
}

/// Hands an open connection to `body` and closes it afterwards.
func withConnection<Value>(
    _ transport: any Transport = SSHTransport(), to route: HostRoute,
    _ body: (any HostConnection) async throws -> Value
) async throws -> Value {
    let connection = try await transport.connect(route)
    do {
        let value = try await body(connection)
        await connection.close()
        return value
    } catch {
        await connection.close()
        throw error
    }
}

/// What `body` fails with; nil when it does not.
func failure(_ body: () async throws -> Void) async -> Failure? {
    do {
        try await body()
        return nil
    } catch {
        return error as? Failure
    }
}

extension HostConnection {
    /// Runs a script given as text.
    func run(_ script: String, limits: RunLimits = RunLimits()) async throws -> RunResult {
        try await run(Array(script.utf8), limits: limits)
    }
}

extension HostShell {
    /// One exchange in text.
    func exchange(_ script: String, until marker: String, limits: RunLimits = RunLimits())
        async throws -> String
    {
        let bytes = try await exchange(
            Array(script.utf8), until: Array(marker.utf8), limits: limits)
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension RunResult {
    var text: String { String(decoding: output, as: UTF8.self) }
    var errorText: String { String(decoding: errorOutput, as: UTF8.self) }
}

extension Failure {
    var isStalled: Bool {
        if case .stalled = self { true } else { false }
    }

    var isTransient: Bool {
        if case .transient = self { true } else { false }
    }

    /// All words of it.
    var text: String {
        [report.message, report.detail, report.fix].compactMap { $0 }.joined(separator: "\n")
    }
}
