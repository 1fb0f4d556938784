import Foundation
import Glibc
import Synchronization

/// A real sshd on a free port of the loopback interface, with keys and a configuration of its own,
/// stopped by its process number. Signs in whoever runs the tests.
package final class TestSSHServer: Sendable {
    package let port: Int
    package let user: String
    package let scratch: Scratch
    private let process: Mutex<BackgroundProcess>

    /// - Parameter options: lines of sshd_config(5); the first value of an option counts, so these
    ///   win.
    /// - Throws: `Missing` when there is no sshd, `Tool.Failed` when it does not start.
    package init(options: [String] = []) throws {
        let sshd = "/usr/sbin/sshd"
        guard FileManager.default.isExecutableFile(atPath: sshd) else { throw Missing() }
        scratch = try Scratch()
        user = NSUserName()
        // Where an sshd that root starts sends its unprivileged half.
        if geteuid() == 0 { try Tool.shell("mkdir -p /run/sshd") }
        for type in ["ed25519", "ecdsa"] {
            try Self.makeKey(type, at: scratch.path("id_\(type)"))
            try Self.makeKey(type, at: scratch.path("host_\(type)"))
        }
        let keys = try scratch.read("id_ed25519.pub") + scratch.read("id_ecdsa.pub")
        try scratch.write("authorized_keys", keys)
        try scratch.write("bin/README", "this folder comes first in PATH\n")
        let started = try Self.start(sshd, in: scratch, options: options)
        process = Mutex(started.0)
        port = started.port
    }

    /// Starts it again after it was stopped, on the same port and with the same keys.
    package func restart() throws {
        try scratch.remove("pid")
        let again = try BackgroundProcess(Self.command("/usr/sbin/sshd", in: scratch))
        process.withLock { $0 = again }
        try Self.waitForStart(in: scratch)
    }

    private static func command(_ sshd: String, in scratch: Scratch) -> [String] {
        [sshd, "-D", "-f", scratch.path("config"), "-E", scratch.path("log")]
    }

    /// Tries other ports where another test has taken one meanwhile.
    private static func start(
        _ sshd: String, in scratch: Scratch, options: [String]
    ) throws -> (BackgroundProcess, port: Int) {
        var attempts = 0
        while true {
            attempts += 1
            let port = try freePort()
            let lines = options + defaults(in: scratch, port: port)
            try scratch.write("config", lines.map { $0 + "\n" }.joined())
            let process = try BackgroundProcess(command(sshd, in: scratch))
            do {
                try waitForStart(in: scratch)
                return (process, port)
            } catch let error as Tool.Failed
                where attempts < 5 && error.result.errors.contains("already in use")
            {
                try scratch.remove("log")
            }
        }
    }

    /// The same, on a thread of its own: making keys takes a while, and Swift's pool has few
    /// threads.
    package static func start(options: [String] = []) async throws -> TestSSHServer {
        try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread {
                continuation.resume(with: Result { try TestSSHServer(options: options) })
            }
        }
    }

    private static func defaults(in scratch: Scratch, port: Int) -> [String] {
        [
            "HostKey \(scratch.path("host_ed25519"))", "HostKey \(scratch.path("host_ecdsa"))",
            "Port \(port)", "ListenAddress 127.0.0.1", "UsePAM no", "StrictModes no",
            "PermitRootLogin yes", "MaxStartups 200", "LogLevel VERBOSE",
            "AuthorizedKeysFile \(scratch.path("authorized_keys"))",
            "PidFile \(scratch.path("pid"))",
            // SHLVL keeps bash from reading the user's own start-up file, as it does under sshd.
            "SetEnv SHLVL=9 PATH=\(scratch.path("bin")):/usr/local/bin:/usr/bin:/bin",
        ]
    }

    /// What there is to say when sshd is not there.
    package struct Missing: Error, CustomStringConvertible {
        package let description = "no /usr/sbin/sshd: apt-get install openssh-server"
    }

    /// The public host key of a type, as `hostKey` takes it.
    package func hostKey(_ type: String = "ed25519") throws -> String {
        let words = try scratch.read("host_\(type).pub").split(separator: " ")
        return words.prefix(2).joined(separator: " ")
    }

    /// How many times somebody has signed in so far.
    package func acceptedCount() throws -> Int {
        try scratch.read("log").components(separatedBy: "Accepted publickey").count - 1
    }

    /// The path of a private key that lets its owner in.
    package func identityFile(_ type: String = "ed25519") -> String { scratch.path("id_\(type)") }

    /// Puts a script before all others in the PATH of the commands that run there.
    package func addCommand(_ name: String, _ script: String) throws {
        let path = try scratch.write("bin/\(name)", "#!/bin/sh\n" + script + "\n")
        chmod(path, 0o755)
    }

    /// Sends a signal to sshd's processes for open connections, not to the one that listens.
    package func signalSessions(_ number: Int32) {
        for process in process.withLock({ $0.descendants }) { kill(process, number) }
    }

    /// Ends it and every session, at once.
    package func stop() {
        process.withLock { $0.end() }
    }

    /// The fingerprint of a key file, as `ssh-keygen -l` prints it.
    package static func fingerprint(of path: String) throws -> String {
        String(try Tool.shell("ssh-keygen -lf \(path)").split(separator: " ")[1])
    }

    /// Makes a key pair without passphrase, unless one is given.
    package static func makeKey(_ type: String, at path: String, options: String = "-N ''") throws {
        try Tool.shell("ssh-keygen -q -t \(type) \(options) -f \(path)")
    }

    /// A TCP port of the loopback interface that nobody listens on, below those that the system
    /// gives to outgoing connections: one of them may take any other before sshd does.
    package static func freePort() throws -> Int {
        for _ in 0..<100 {
            let port = Int.random(in: 10_000..<30_000)
            if (try? LoopbackListener(port: port)) != nil { return port }
        }
        throw LoopbackListener.Unavailable()
    }

    private static func waitForStart(in scratch: Scratch) throws {
        for _ in 0..<500 {
            if scratch.exists("pid") { return }
            if (try? scratch.read("log"))?.contains("already in use") == true { break }
            usleep(10_000)
        }
        throw Tool.Failed(
            script: "sshd",
            result: .init(status: 1, output: "", errors: (try? scratch.read("log")) ?? "no log"))
    }
}
