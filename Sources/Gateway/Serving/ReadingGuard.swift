import HTTPTypes
import NIOCore
import NIOHTTPTypes

/// Cuts off clients that keep a connection without getting on: those that send a body too slowly,
/// and those that go on sending one after they were answered.
///
/// Headers need no guard: Hummingbird closes a connection on which no request begins in time, and
/// a part of a header is no beginning.
final class ReadingGuard: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private enum State {
        /// No body is on its way.
        case idle
        /// A request has begun, of which nothing is known yet but its head.
        case begun
        /// A body comes, of which there are so many bytes since some moment.
        case body(bytes: Int, since: NIODeadline)
        /// It was answered before it was whole; so many more bytes came.
        case answered(bytes: Int)
    }

    private var state = State.idle
    private var timer: Scheduled<Void>?
    private let patience: TimeAmount

    /// A body may take a second more for each of so many bytes.
    private static let bytesPerSecond = 16 << 10
    /// What is read after an answer, so that the client gets to see it before the connection ends.
    private static let lastBytes = 4 << 20
    private static let lastSeconds = TimeAmount.seconds(5)

    init(patience: TimeAmount) {
        self.patience = patience
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head: state = .begun
        case .body(let buffer): take(buffer.readableBytes, context)
        case .end:
            state = .idle
            timer?.cancel()
            timer = nil
        }
        context.fireChannelRead(data)
    }

    private func take(_ count: Int, _ context: ChannelHandlerContext) {
        switch state {
        case .idle, .begun:
            state = .body(bytes: count, since: .now())
            wait(patience, context)
        case .body(let bytes, let since): state = .body(bytes: bytes + count, since: since)
        case .answered(let bytes):
            state = .answered(bytes: bytes + count)
            if bytes + count > Self.lastBytes { context.close(promise: nil) }
        }
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        if case .end = unwrapOutboundIn(data) {
            switch state {
            case .idle, .answered: break
            case .begun, .body:
                state = .answered(bytes: 0)
                wait(Self.lastSeconds, context)
            }
        }
        context.write(data, promise: promise)
    }

    func channelInactive(context: ChannelHandlerContext) {
        timer?.cancel()
        timer = nil
        context.fireChannelInactive()
    }

    private func wait(_ time: TimeAmount, _ context: ChannelHandlerContext) {
        timer?.cancel()
        timer = context.eventLoop.assumeIsolatedUnsafeUnchecked().scheduleTask(in: time) {
            self.timer = nil
            self.judge(context)
        }
    }

    /// Closes the connection, or gives it the time that the bytes so far have earned.
    private func judge(_ context: ChannelHandlerContext) {
        switch state {
        case .idle, .begun: break
        case .answered: context.close(promise: nil)
        case .body(let bytes, let since):
            let allowed = patience + .seconds(Int64(bytes / Self.bytesPerSecond))
            let left = since + allowed - .now()
            if left > .nanoseconds(0) {
                wait(left, context)
            } else {
                context.close(promise: nil)
            }
        }
    }
}

@available(*, unavailable)
extension ReadingGuard: Sendable {}
