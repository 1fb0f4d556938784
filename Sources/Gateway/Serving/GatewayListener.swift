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

    private let responder: GatewayResponder
    private let patience: TimeAmount
    /// By event loop.
    private let executors: [ObjectIdentifier: EventLoopExecutor]

    /// - Parameters:
    ///   - responder: what answers.
    ///   - group: the threads that connections are served on.
    ///   - patience: how long a client may let this side wait.
    init(_ responder: GatewayResponder, on group: any EventLoopGroup, patience: TimeAmount) {
        self.responder = responder
        self.patience = patience
        executors = Dictionary(
            uniqueKeysWithValues: group.makeIterator().map { loop in
                (ObjectIdentifier(loop), EventLoopExecutor(loop))
            })
    }

    /// What a request's headers may have, all of them together.
    private static let limits = {
        var limits = NIOHTTPDecoderLimitConfiguration()
        limits.maxHeaderListSize = 80 << 10
        limits.maxHeaderFieldCount = 256
        return limits
    }()

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        let executor =
            executors[ObjectIdentifier(channel.eventLoop)] ?? EventLoopExecutor(channel.eventLoop)
        return channel.eventLoop.makeCompletedFuture {
            let pipeline = channel.pipeline.syncOperations
            try pipeline.addHandler(
                ByteToMessageHandler(HTTPRequestDecoder(limitConfiguration: Self.limits)))
            try pipeline.addHandler(
                HTTPConnection(
                    responder, executor: executor, patience: patience,
                    peer: channel.remoteAddress?.ipAddress ?? ""))
            return Value(channel: channel)
        }
    }

    func handle(value: Value, logger: Logger) async {
        // A connection that broke is closed too.
        try? await value.channel.closeFuture.get()
    }
}
