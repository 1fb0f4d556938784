import Diagnostics
import Foundation
import Glibc
import Remote
import Resources
import TestSupport
import Testing

/// These set SSH_AUTH_SOCK for the whole process, so they run one after another.
@Suite("the ssh-agent", .serialized, .timeLimit(.minutes(2)))
struct AgentTests {
    private func route(to server: TestSSHServer) throws -> HostRoute {
        try server.route {
            $0.identityFile = nil
            $0.connectTimeoutSeconds = 2
        }
    }

    @Test("every key of the agent is tried until one fits, and RSA keys are left out")
    func agent() async throws {
        let server = try await TestSSHServer.start(options: ["MaxAuthTries 4"])
        let socket = server.scratch.path("agent")
        let agent = try BackgroundProcess(["/usr/bin/ssh-agent", "-D", "-a", socket])
        defer { agent.end() }
        while !server.scratch.exists("agent") { try await Task.sleep(for: .milliseconds(10)) }
        setenv("SSH_AUTH_SOCK", socket, 1)
        for name in ["one", "two"] {
            try TestSSHServer.makeKey("ed25519", at: server.scratch.path(name))
        }
        try TestSSHServer.makeKey("rsa", at: server.scratch.path("rsa"))
        func add(_ name: String) throws {
            try Tool.shell("SSH_AUTH_SOCK=\(socket) ssh-add -q \(server.scratch.path(name))")
        }
        try add("rsa")
        let none = try #require(
            await failure { try await withConnection(to: route(to: server)) { _ in } })
        #expect(none.isStalled)
        #expect(none.text.contains("holds no ed25519 or ECDSA key"))

        try add("one")
        try add("two")
        let refused = try #require(
            await failure { try await withConnection(to: route(to: server)) { _ in } })
        #expect(refused.isStalled)
        #expect(
            refused.text.contains(try TestSSHServer.fingerprint(of: server.scratch.path("two"))))
        #expect(refused.text.contains("1 of RSA"))

        for type in ["ed25519", "ecdsa"] {
            try Tool.shell("SSH_AUTH_SOCK=\(socket) ssh-add -q -D")
            try add("one")
            try add("id_\(type)")
            let result = try await withConnection(to: route(to: server)) {
                try await $0.run("echo in\n")
            }
            #expect(result.text == "in\n")
        }
    }

    @Test("no agent, or one that does not answer, is said in time")
    func noAgent() async throws {
        let server = try await TestSSHServer.start()
        unsetenv("SSH_AUTH_SOCK")
        let none = try #require(
            await failure { try await withConnection(to: route(to: server)) { _ in } })
        #expect(none.isStalled)
        #expect(none.text.contains("SSH_AUTH_SOCK"))

        setenv("SSH_AUTH_SOCK", server.scratch.path("nothing"), 1)
        let missing = try #require(
            await failure { try await withConnection(to: route(to: server)) { _ in } })
        #expect(missing.isStalled)
        #expect(missing.text.contains("cannot reach the ssh-agent"))

        let silent = try UnixListener(path: server.scratch.path("silent"))
        setenv("SSH_AUTH_SOCK", silent.path, 1)
        let hung = try #require(
            await failure { try await withConnection(to: route(to: server)) { _ in } })
        #expect(hung.isTransient)
        #expect(hung.text.contains("ssh-agent does not answer"))
    }
}

/// A socket in the file system that takes connections and says nothing.
private final class UnixListener {
    let path: String
    private let descriptor: Int32

    init(path: String) throws {
        self.path = path
        descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let descriptor = descriptor
        let code = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard code == 0, listen(descriptor, 8) == 0 else { throw LoopbackListener.Unavailable() }
    }

    deinit {
        close(descriptor)
    }
}
