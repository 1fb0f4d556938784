package import Diagnostics
import Glibc
package import NIOCore
import NIOPosix

/// An address and a port of this machine that a program is to listen on.
package struct ListeningPlace: Sendable {
    private let host: String
    private let port: Int

    /// - Parameters:
    ///   - host: an address, or the name of one.
    ///   - port: 0 for any that is free.
    package init(host: String, port: Int) {
        self.host = host
        self.port = port
    }

    /// Tries whether it can be had, before anything else is begun.
    ///
    /// - Throws: `stalled` when it can't.
    package func check(on group: any EventLoopGroup) async throws(Failure) {
        do {
            let channel = try await ServerBootstrap(group: group)
                .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
                // Nobody is let in here, to wait for an answer that never comes.
                .serverChannelOption(.autoRead, value: false)
                .bind(host: host, port: port).get()
            try await channel.close()
        } catch {
            throw refusal(error)
        }
    }

    /// What an error says of why it can't be listened on.
    package func refusal(_ error: any Error) -> Failure {
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
