import HTTPTypes
import NIOCore
import NIOHTTPTypes

/// What one connection of the public listener may hold, and for how long.
///
/// A request has to be here whole within the deadline, an answer to be taken within it, and a
/// connection that asks nothing ends after it. A body that is too long, or that nobody reads, is
/// passed over up to a bound, so that a client that writes before it reads gets its answer.
final class ConnectionLimits: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private static let deadline = TimeAmount.seconds(20)
    private static let bodyLimit = 1 << 20
    /// So much of what nobody reads is passed over, beyond the limit.
    private static let passedOverLimit = 16 << 20

    private var timer: Scheduled<Void>?
    /// Bytes of the body that came so far.
    private var count = 0
    private var isRequestOpen = false
    private var isAnswerBegun = false
    /// The answer is on its way, and the rest of the request is nobody's any more.
    private var isPassingOver = false

    func handlerAdded(context: ChannelHandlerContext) { wait(context) }

    func handlerRemoved(context: ChannelHandlerContext) { timer?.cancel() }

    func channelInactive(context: ChannelHandlerContext) {
        timer?.cancel()
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let part = unwrapInboundIn(data)
        switch part {
        case .head(let head):
            isRequestOpen = true
            isAnswerBegun = false
            count = 0
            wait(context)
            let declared = head.headerFields[.contentLength].flatMap { Int($0) } ?? 0
            if declared > Self.bodyLimit { return refuse(context) }
        case .body(let bytes):
            count += bytes.readableBytes
            if isPassingOver {
                if count > Self.bodyLimit + Self.passedOverLimit { context.close(promise: nil) }
                return
            }
            if count > Self.bodyLimit { return refuse(context) }
        case .end:
            isRequestOpen = false
            timer?.cancel()
            if isPassingOver { return context.close(promise: nil) }
        }
        context.fireChannelRead(data)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        // Whoever reads behind this one takes no more.
        if isPassingOver { context.read() }
        context.fireChannelReadComplete()
    }

    func write(
        context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?
    ) {
        guard !isPassingOver else {
            promise?.succeed(())
            return
        }
        switch unwrapOutboundIn(data) {
        case .head:
            isAnswerBegun = true
            wait(context)
        case .body: break
        case .end:
            // What is still to come would be the next request to a reader that has gone on.
            if isRequestOpen { passOver(context) } else { wait(context) }
        }
        context.write(data, promise: promise)
    }

    /// The answer's end is not the connection's while the rest of the request is passed over.
    func close(
        context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?
    ) {
        guard isPassingOver, mode == .output else {
            context.close(mode: mode, promise: promise)
            return
        }
        promise?.succeed(())
    }

    /// Answers that the body is too long.
    private func refuse(_ context: ChannelHandlerContext) {
        guard !isAnswerBegun else {
            context.close(promise: nil)
            return
        }
        let fields: HTTPFields = [.connection: "close", .contentLength: "0"]
        let head = HTTPResponse(status: .contentTooLarge, headerFields: fields)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        passOver(context)
    }

    private func passOver(_ context: ChannelHandlerContext) {
        isPassingOver = true
        wait(context)
        context.read()
    }

    /// Ends the connection unless something goes on in time.
    private func wait(_ context: ChannelHandlerContext) {
        timer?.cancel()
        let channel = context.channel
        timer = context.eventLoop.scheduleTask(in: Self.deadline) { channel.close(promise: nil) }
    }
}
