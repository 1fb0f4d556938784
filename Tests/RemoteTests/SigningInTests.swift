import Diagnostics
import Foundation
import Remote
import Resources
import TestSupport
import Testing

@Suite("host keys and our keys", .timeLimit(.minutes(2)))
struct SigningInTests {
    @Test("both types of key sign in, against both types of host key")
    func keyTypes() async throws {
        let server = try await TestSSHServer.start()
        for type in ["ed25519", "ecdsa"] {
            let route = try server.route(key: type, hostKey: type)
            let result = try await withConnection(to: route) { try await $0.run("id -un\n") }
            #expect(result.text == server.user + "\n")
        }
    }

    @Test("a key in PEM signs in too", arguments: ["ecdsa -m PEM", "ecdsa -m PKCS8"])
    func pem(type: String) async throws {
        let server = try await TestSSHServer.start()
        let path = server.scratch.path("pem")
        try TestSSHServer.makeKey(type, at: path)
        try server.scratch.write("authorized_keys", server.scratch.read("pem.pub"))
        let route = try server.route { $0.identityFile = path }
        let result = try await withConnection(to: route) { try await $0.run("echo in\n") }
        #expect(result.text == "in\n")
    }

    @Test("without a pin the connection stops and prints the line to pin, and its fingerprint")
    func noPin() async throws {
        let server = try await TestSSHServer.start()
        let route = try server.route { $0.hostKey = nil }
        let error = try #require(await failure { try await withConnection(to: route) { _ in } })
        #expect(error.isStalled)
        #expect(error.text.contains("hostKey: " + (try server.hostKey())))
        let fingerprint = try TestSSHServer.fingerprint(of: server.scratch.path("host_ed25519"))
        #expect(error.text.contains(fingerprint))
        #expect(error.text.contains("ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub"))
        #expect(try !server.scratch.read("log").contains("Accepted"))
    }

    @Test("a wrong pin shows both fingerprints, and no key of ours is tried")
    func wrongPin() async throws {
        let server = try await TestSSHServer.start()
        let other = server.scratch.path("other")
        try TestSSHServer.makeKey("ed25519", at: other)
        let pin = try server.scratch.read("other.pub")
        let route = try server.route { $0.hostKey = pin }
        let error = try #require(await failure { try await withConnection(to: route) { _ in } })
        #expect(error.isStalled)
        for path in [other, server.scratch.path("host_ed25519")] {
            #expect(error.text.contains(try TestSSHServer.fingerprint(of: path)))
        }
        let log = try server.scratch.read("log")
        #expect(!log.contains("Accepted") && !log.contains("Failed"))
    }

    @Test(
        "a pin that can't be used is said to be so",
        arguments: [
            ("nonsense", "can't be read"), ("ssh-ed25519 AAAA", "can't be read"),
            ("ssh-ed25519 !!!", "can't be read"),
            (
                "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAAQ==",
                "can't verify a pinned host key of the type ssh-rsa"
            ),
        ])
    func badPins(pin: String, words: String) async throws {
        let route = route(toPort: 1) { $0.hostKey = pin }
        let error = try #require(await failure { try await withConnection(to: route) { _ in } })
        #expect(error.isStalled)
        #expect(error.text.contains(words))
    }

    @Test("a pin of a type that the host does not have says that no algorithm is common")
    func missingHostKeyType() async throws {
        let server = try await TestSSHServer.start(options: ["HostKeyAlgorithms ssh-ed25519"])
        let route = try server.route(hostKey: "ecdsa")
        let error = try #require(await failure { try await withConnection(to: route) { _ in } })
        #expect(error.isStalled)
        #expect(error.text.contains("no common algorithm"))
    }

    @Test("a key or a user that the host does not know is refused, with what to do")
    func refused() async throws {
        let server = try await TestSSHServer.start()
        let path = server.scratch.path("stranger")
        try TestSSHServer.makeKey("ed25519", at: path)
        let wrongKey = try server.route { $0.identityFile = path }
        let error = try #require(await failure { try await withConnection(to: wrongKey) { _ in } })
        #expect(error.isStalled)
        #expect(error.text.contains("refused the user \(server.user) with the key \(path)"))
        #expect(error.text.contains("authorized_keys"))
        let wrongUser = try server.route { $0.user = "nobody-of-that-name" }
        let other = try #require(await failure { try await withConnection(to: wrongUser) { _ in } })
        #expect(other.isStalled)
        #expect(other.text.contains("nobody-of-that-name"))
    }

    @Test("a key that others can read is refused, with its mode and the command that helps")
    func openMode() async throws {
        let server = try await TestSSHServer.start()
        let path = server.identityFile()
        for mode in ["640", "604", "620"] {
            try Tool.shell("chmod \(mode) \(path)")
            let route = try server.route()
            let error = try #require(await failure { try await withConnection(to: route) { _ in } })
            #expect(error.isStalled)
            #expect(error.text.contains("\(path) has mode 0\(mode)"))
            #expect(error.text.contains("chmod 600 \(path)"))
        }
    }

    /// What stands in a key file, and what is said about it.
    private static let unusable = [
        ("ssh-keygen -q -t ed25519 -N secret -f KEY", "has a passphrase"),
        ("ssh-keygen -q -t ecdsa -m PEM -N secret -f KEY", "has a passphrase"),
        ("ssh-keygen -q -t ecdsa -m PKCS8 -N secret -f KEY", "has a passphrase"),
        ("ssh-keygen -q -t rsa -N '' -f KEY", "RSA"),
        ("ssh-keygen -q -t rsa -m PEM -N '' -f KEY", "RSA"),
        ("ssh-keygen -q -t rsa -m PKCS8 -N '' -f KEY", "RSA"),
        ("ssh-keygen -q -t ed25519 -N '' -f k; cp k.pub KEY; chmod 600 KEY", "a public key"),
        ("echo hello > KEY; chmod 600 KEY", "no private key"),
        (": > KEY; chmod 600 KEY", "no private key"),
        ("head -c 100000 /dev/zero > KEY; chmod 600 KEY", "too large"),
        ("mkdir -m 700 KEY", "not a regular file"), ("mkfifo -m 600 KEY", "not a regular file"),
        ("true", "no such file"),
    ]

    @Test("a key file that can't be used says why", arguments: unusable)
    func unusableKeys(script: String, words: String) async throws {
        let server = try await TestSSHServer.start()
        let command = script.replacing("KEY", with: "key")
        try Tool.shell(command, in: server.scratch.root)
        let route = try server.route { $0.identityFile = server.scratch.path("key") }
        let error = try #require(await failure { try await withConnection(to: route) { _ in } })
        #expect(error.isStalled)
        #expect(error.text.contains(words), "\(error.text)")
    }

    @Test("sudo that wants a password or is missing says what to do")
    func sudo() async throws {
        let server = try await TestSSHServer.start()
        let route = try server.route { $0.become = .sudo }
        try server.addCommand("sudo", "[ \"$1 $2\" = '-n --' ] && shift 2 && exec \"$@\"")
        let result = try await withConnection(to: route) { try await $0.run("echo root\n") }
        #expect(result.text == "root\n")

        try server.addCommand("sudo", "echo 'sudo: a password is required' >&2; exit 1")
        let password = try #require(
            await failure {
                try await withConnection(to: route) { _ = try await $0.run("echo root\n") }
            })
        #expect(password.isStalled)
        #expect(password.text.contains("a password is required"))
        #expect(password.text.contains("NOPASSWD"))
        let shell = try #require(
            await failure {
                try await withConnection(to: route) {
                    let shell = try await $0.openShell()
                    _ = try await shell.exchange("echo =1\n", until: "=1")
                }
            })
        #expect(shell.isStalled)
        #expect(shell.text.contains("NOPASSWD"))

        try server.addCommand("sudo", "echo \"$0: sudo: not found\" >&2; exit 127")
        let missing = try #require(
            await failure {
                try await withConnection(to: route) { _ = try await $0.run("echo root\n") }
            })
        #expect(missing.isStalled)
        #expect(missing.text.contains("sudo is not installed"))
    }
}
