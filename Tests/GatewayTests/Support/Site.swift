import Foundation
import Glibc
import Identity
import Synchronization
import TestSupport

/// Apps in a state of their own, brought about by `stead apply`, and a real gateway serving them.
final class Site: Sendable {
    let scratch: Scratch
    let stead: SteadProcess
    private let gateway = Mutex<(process: BackgroundProcess?, port: Int)>((nil, 0))

    /// The program did not do what it should.
    struct Failed: Error, CustomStringConvertible {
        var description: String
    }

    /// - Throws: when the apps can't be applied, or the gateway doesn't start.
    init(_ apps: [AppFixture], servers: DatabaseServers? = nil) throws {
        scratch = try Scratch()
        stead = SteadProcess(
            folder: scratch.root, environment: ["STEAD_STATE": scratch.path("state")])
        try scratch.write("repo/desired/stead.yaml", "version: 1\n")
        for app in apps { try app.write(to: scratch, servers: servers) }
        try apply()
        try start()
    }

    /// A copy of an app that this repository has, at `NAME.test`.
    ///
    /// - Throws: as above.
    init(copying app: String, from root: String) throws {
        scratch = try Scratch()
        stead = SteadProcess(
            folder: scratch.root, environment: ["STEAD_STATE": scratch.path("state")])
        try scratch.write("repo/desired/stead.yaml", "version: 1\n")
        let folder = try scratch.directory("repo/desired/apps")
        try Tool.shell(
            "cp -R '\(root)/desired/apps/\(app)' . && "
                + "sed -i 's/^hosts: .*/hosts: [\(app).test]/' \(app)/app.yaml", in: folder)
        try apply()
        try start()
    }

    deinit {
        stop()
    }

    /// Applies the tree as it is now.
    func apply(_ arguments: String...) throws {
        let result = try stead.run(["apply", "--repo", "repo", "--yes"] + arguments)
        guard result.status == 0 else { throw Failed(description: result.everything) }
    }

    /// The gateway's process.
    var identifier: pid_t { gateway.withLock { $0.process?.identifier ?? 0 } }

    var port: Int { gateway.withLock(\.port) }

    /// Ends the gateway and leaves nothing behind, for sites that outlive their tests.
    func end() {
        stop()
        try? FileManager.default.removeItem(atPath: scratch.root)
    }

    /// Ends the gateway at once.
    func stop() {
        gateway.withLock { gateway in
            gateway.process?.end()
            gateway.process = nil
        }
    }

    /// Starts the gateway, on the port that it had before if any.
    func start(_ arguments: String = "") throws {
        let started = try launch("gateway.log", port: port, arguments)
        gateway.withLock { $0 = started }
    }

    /// Starts another gateway beside the first, which ends when its process is let go.
    func another(_ arguments: String = "") throws -> (process: BackgroundProcess?, port: Int) {
        try launch("another.log", port: 0, arguments)
    }

    private func launch(
        _ name: String, port: Int, _ arguments: String
    ) throws -> (process: BackgroundProcess?, port: Int) {
        try? scratch.remove(name)
        let command =
            "STEAD_SECRETS=\(scratch.root) exec \(SteadProcess.path) gateway "
            + "--listen 127.0.0.1:\(port) "
            + "--state \(scratch.path("state")) --access-log \(scratch.path("access.log")) "
            + "\(arguments) 2>\(scratch.path(name))"
        let process = try BackgroundProcess(["/bin/sh", "-c", command])
        for _ in 0..<600 {
            let text = (try? scratch.read(name)) ?? ""
            if let range = text.range(of: "listening on 127.0.0.1:"),
                let end = text[range.upperBound...].firstIndex(of: "\n"),
                let number = Int(text[range.upperBound..<end])
            {
                return (process, number)
            }
            usleep(50_000)
        }
        process.end()
        throw Failed(description: "the gateway did not start: \(try scratch.read(name))")
    }

    /// Somebody's requests to an app.
    ///
    /// - Parameters:
    ///   - app: its name.
    ///   - subject: whose key the token has; nil without a token.
    ///   - role: the role that the token claims.
    /// - Returns: what sends them.
    /// - Throws: when the token can't be signed.
    func client(_ app: String, as subject: Int? = nil, role: String? = nil) throws -> Client {
        Client(self, app, as: try subject.map { try token(app, subject: String($0), role: role) })
    }

    /// A token as the gateway would have made it.
    func token(_ app: String, subject: String, role: String? = nil) throws -> String {
        let now = Int(Date().timeIntervalSince1970)
        let claims = TokenClaims(
            issuer: "stead", audience: app, subject: subject, expiresAt: now + 3600,
            notBefore: now, issuedAt: now, id: "test", role: role)
        return try keys(of: app).sign(claims)
    }

    /// The keys of an app.
    func keys(of app: String) throws -> KeySet {
        try KeySet(text: try scratch.read("state/keys/\(app).json"))
    }

    /// Tries until it is so, or gives up after half a minute.
    func wait(until isSo: () throws -> Bool) rethrows -> Bool {
        for _ in 0..<300 {
            if try isSo() { return true }
            usleep(100_000)
        }
        return false
    }
}
