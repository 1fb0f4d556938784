import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1

/// Sets up the connections that Hummingbird's server accepts.
///
/// Hummingbird's own way of answering makes a task, a stream and two copies of the headers for each
/// request; see `docs/decisions/0017-connections.md`.
struct GatewayListener: ServerChildChannel {
    struct Value: ServerChildChannelValue {
        let channel: any Channel
    }

    /// By event loop.
    private let responders: [ObjectIdentifier: GatewayResponder]
    private let patience: TimeAmount

    /// - Parameters:
    ///   - responders: what answers, one for each thread that connections are served on.
    ///   - patience: how long a client may let this side wait.
    init(_ responders: [GatewayResponder], patience: TimeAmount) {
        self.responders = Dictionary(
            uniqueKeysWithValues: responders.map { (ObjectIdentifier($0.loop), $0) })
        self.patience = patience
    }

    /// What a request's headers may have, all of them together.
    private static let limits = {
        var limits = NIOHTTPDecoderLimitConfiguration()
        limits.maxHeaderListSize = 80 << 10
        limits.maxHeaderFieldCount = 256
        return limits
    }()

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        channel.eventLoop.makeCompletedFuture {
            // There is one for each loop of the group that the server runs on.
            guard let responder = responders[ObjectIdentifier(channel.eventLoop)] else {
                throw EventLoopError.unsupportedOperation
            }
            let pipeline = channel.pipeline.syncOperations
            try pipeline.addHandler(
                ByteToMessageHandler(HTTPRequestDecoder(limitConfiguration: Self.limits)))
            try pipeline.addHandler(
                HTTPConnection(
                    responder, patience: patience, peer: channel.remoteAddress?.ipAddress ?? ""))
            return Value(channel: channel)
        }
    }

    func handle(value: Value, logger: Logger) async {
        // A connection that broke is closed too.
        try? await value.channel.closeFuture.get()
    }
}
