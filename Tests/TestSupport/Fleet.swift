import Foundation

/// The fleet's hosts, as `scripts/fleet up` wrote them down.
package struct Fleet: Sendable {
    /// One host.
    package struct Host: Sendable {
        package var name: String
        package var address: String
        package var port: String
        package var user: String
        package var hostKey: String

        /// Its `Server` document.
        package func document(identityFile: String) -> String {
            """
            kind: Server
            name: \(name)
            host: \(address)
            port: \(port)
            user: \(user)
            \(user == "root" ? "" : "become: sudo")
            identityFile: \(identityFile)
            hostKey: \(hostKey)

            """
        }
    }

    package let folder: String
    package let hosts: [Host]

    package var identityFile: String { folder + "/id_ed25519" }

    /// The fleet that is up; nil when none is.
    package static let current: Fleet? = {
        var parts = #filePath.split(separator: "/").map(String.init)
        parts.removeLast(3)
        let root = "/" + parts.joined(separator: "/")
        let folder = ProcessInfo.processInfo.environment["STEAD_FLEET_OUT"] ?? root + "/state/fleet"
        guard let text = try? String(contentsOfFile: folder + "/hosts", encoding: .utf8) else {
            return nil
        }
        let hosts = text.split(separator: "\n").compactMap { line -> Host? in
            let cells = line.split(separator: "\t").map(String.init)
            guard cells.count >= 5 else { return nil }
            return Host(
                name: cells[0], address: cells[1], port: cells[2], user: cells[3],
                hostKey: cells[4])
        }
        return Fleet(folder: folder, hosts: hosts)
    }()

    package func host(_ name: String) throws -> Host {
        guard let host = hosts.first(where: { $0.name == name }) else {
            throw Missing(what: "the host \(name)")
        }
        return host
    }

    /// The fleet, or an error that says how to get one.
    package static func up() throws -> Fleet {
        guard let current else { throw Missing(what: "the fleet") }
        return current
    }

    /// Runs a command on a host, past Stead, and returns what it printed.
    @discardableResult
    package func exec(_ host: String, _ command: String) throws -> String {
        let result = try Tool.run(
            "/usr/bin/ssh", ["-F", folder + "/ssh_config", host, command])
        guard result.status == 0 else { throw Tool.Failed(script: command, result: result) }
        return result.output
    }

    /// Something a test needs and can't have.
    package struct Missing: Error, CustomStringConvertible {
        package let what: String

        package var description: String { "\(what) is not up: run `make fleet N=4` first" }
    }
}
