import Diagnostics
import Glibc
import Hummingbird
import HummingbirdCore
import NIOCore
import NIOPosix

/// The listener that anybody may reach: what a client may hold of it is bounded.
struct PublicListener {
    let host: String
    let port: Int

    /// So many connections at once; others wait until one of them ends.
    private static let connectionLimit = 256

    /// Where it listens.
    var configuration: ApplicationConfiguration {
        .init(
            address: .hostname(host, port: port), serverName: nil, backlog: 1024,
            availableConnectionsDelegate: MaximumAvailableConnections(Self.connectionLimit))
    }

    /// How a connection is served.
    var connections: HTTPServerBuilder {
        .http1(configuration: .init(additionalChannelHandlers: [ConnectionLimits()]))
    }

    /// Tries whether the port can be had, before anything else is begun.
    ///
    /// - Throws: `stalled` when it can't.
    func check(on group: any EventLoopGroup) async throws(Failure) {
        guard port != 0 else { return }
        do {
            let channel = try await ServerBootstrap(group: group)
                .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
                .bind(host: host, port: port).get()
            try await channel.close()
        } catch {
            throw refusal(error)
        }
    }

    /// Why the address can't be listened on.
    private func refusal(_ error: any Error) -> Failure {
        let address = "\(host.contains(":") ? "[\(host)]" : host):\(port)"
        switch (error as? IOError)?.errnoCode {
        case EADDRINUSE:
            return .stalled(
                .init(
                    "the address \(address) is in use",
                    fix: "end what listens there, or take another port with --listen"))
        case EADDRNOTAVAIL:
            return .stalled(
                .init(
                    "the address \(address) is none of this machine's",
                    fix: "name one of its own, or 0.0.0.0 for all, with --listen"))
        case EACCES:
            return .stalled(
                .init(
                    "the address \(address) is not this user's to listen on",
                    fix: "take a port from 1024 on with --listen"))
        default: return .stalled(.init("cannot listen on \(address): \(error)"))
        }
    }
}
