import Hummingbird
import HummingbirdCore

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
}
