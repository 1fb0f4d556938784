import HTTPTypes
import NIOCore
import NIOHTTP1

/// The requests of one connection, one after another.
///
/// A request that needs no other thread is answered where it is read. What a slow or silent client
/// holds is bounded: a body by the app's limit, and each wait, for a request, for the rest of it or
/// for an answer to be taken, by `patience`; what has come of a body earns the rest more time.
final class HTTPConnection: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private enum Stage {
        case waiting
        case receiving(HTTPRequestHead, limit: Int)
        case answering
        /// The last answer is out; whatever still comes is dropped, and counted.
        case leaving(bytes: Int)
    }

    private let responder: GatewayResponder
    private let executor: EventLoopExecutor
    private let patience: TimeAmount
    private let peer: String
    private var stage = Stage.waiting
    private var body: [UInt8] = []
    /// When the other side has had its time; nil while it is ours.
    private var deadline: NIODeadline?
    /// Whether an answer waits for the client to take the one before.
    private var isHeldBack = false
    /// Whether this is the last request.
    private var isLast = false

    /// A body may take a second more for each of so many bytes.
    private static let bytesPerSecond = 16 << 10
    /// How long a client that was refused may go on sending before it is cut off, and how much.
    private static let farewell = TimeAmount.seconds(5)
    private static let farewellBytes = 4 << 20

    /// - Parameters:
    ///   - responder: what answers.
    ///   - executor: runs tasks on the connection's own thread.
    ///   - patience: how long a client may let this side wait.
    ///   - peer: the address at the other end.
    init(
        _ responder: GatewayResponder, executor: EventLoopExecutor, patience: TimeAmount,
        peer: String
    ) {
        self.responder = responder
        self.executor = executor
        self.patience = patience
        self.peer = peer
    }

    // MARK: - Reading

    func channelActive(context: ChannelHandlerContext) {
        deadline = .now() + patience
        watch(context, at: .now() + patience)
        context.fireChannelActive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch (unwrapInboundIn(data), stage) {
        case (.head(let head), .waiting): begin(head, context)
        case (.body(let part), .receiving(let head, let limit)):
            guard body.count + part.readableBytes <= limit else {
                return refuse(head, limit: limit, context)
            }
            body.append(contentsOf: part.readableBytesView)
            let earned = Int64(part.readableBytes) * 1_000_000_000 / Int64(Self.bytesPerSecond)
            deadline = deadline.map { $0 + .nanoseconds(earned) }
        case (.end, .receiving(let head, _)):
            let whole = body
            body = []
            answer(IncomingRequest(head: head, body: .whole(whole), peer: peer), context)
        case (.body(let part), .leaving(let bytes)):
            stage = .leaving(bytes: bytes + part.readableBytes)
            if bytes > Self.farewellBytes { context.close(promise: nil) }
        default: break
        }
    }

    private func begin(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
        deadline = .now() + patience
        isLast = !head.isKeepAlive
        let length = head.headers.first(name: "content-length")
        guard length != nil || head.headers.contains(name: "transfer-encoding") else {
            stage = .receiving(head, limit: 0)
            return
        }
        let limit = responder.bodyLimit(of: IncomingRequest(head: head, body: .whole([]), peer: ""))
        guard length.flatMap({ Int($0) }) ?? 0 <= limit else {
            return refuse(head, limit: limit, context)
        }
        stage = .receiving(head, limit: limit)
        if head.headers.first(name: "expect")?.lowercased() == "100-continue" {
            let go = HTTPResponseHead(version: head.version, status: .continue)
            context.writeAndFlush(wrapOutboundOut(.head(go)), promise: nil)
        }
    }

    /// Answers without reading the rest.
    private func refuse(
        _ head: HTTPRequestHead, limit: Int, _ context: ChannelHandlerContext
    ) {
        body = []
        isLast = true
        answer(IncomingRequest(head: head, body: .tooLarge(limit: limit), peer: peer), context)
    }

    // MARK: - Answering

    private func answer(_ request: IncomingRequest, _ context: ChannelHandlerContext) {
        stage = .answering
        deadline = nil
        let isHead = request.method == .HEAD
        let here = NIOLoopBound((connection: self, context: context), eventLoop: context.eventLoop)
        Task.immediate(executorPreference: executor) { [responder] in
            let reply = await responder.reply(to: request)
            here.value.connection.send(reply, isHead: isHead, here.value.context)
        }
    }

    private func send(_ reply: Reply, isHead: Bool, _ context: ChannelHandlerContext) {
        guard context.channel.isActive else { return }
        deadline = .now() + patience
        let hasBody = reply.status != 204 && reply.status != 304
        var head = HTTPResponseHead(
            version: .http1_1, status: HTTPResponseStatus(statusCode: reply.status))
        head.headers.reserveCapacity(reply.headers.count + 5)
        for (name, value) in reply.headers { head.headers.add(name: name.rawName, value: value) }
        if hasBody {
            head.headers.add(name: "Content-Type", value: reply.contentType)
            head.headers.add(name: "Content-Length", value: String(reply.body.count))
        }
        head.headers.add(name: "Date", value: responder.dates.text(at: Clock.seconds))
        head.headers.add(name: "Server", value: "stead")
        if isLast { head.headers.add(name: "Connection", value: "close") }
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        if hasBody, !isHead, !reply.body.isEmpty {
            let buffer = context.channel.allocator.buffer(bytes: reply.body)
            context.write(wrapOutboundOut(.body(.byteBuffer(buffer))), promise: nil)
        }
        if isLast { return leave(context) }
        // As long as an answer has not been taken, no further request is looked at.
        isHeldBack = !context.channel.isWritable
        if isHeldBack { context.flush() } else { finish(context) }
    }

    private func finish(_ context: ChannelHandlerContext) {
        isHeldBack = false
        stage = .waiting
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if isHeldBack, context.channel.isWritable { finish(context) }
        context.fireChannelWritabilityChanged()
    }

    // MARK: - Ending

    /// Ends the connection behind the last answer: this side at once, and all of it when the client
    /// has ended its own, so that it reads the answer and no reset of the connection.
    private func leave(_ context: ChannelHandlerContext) {
        stage = .leaving(bytes: 0)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        context.close(mode: .output, promise: nil)
        watch(context, at: .now() + Self.farewell)
        deadline = .now() + Self.farewell
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case ChannelEvent.inputClosed = event {
            switch stage {
            case .answering: isLast = true
            case .waiting, .receiving, .leaving: context.close(promise: nil)
            }
        }
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard let problem = error as? HTTPParserError else { return context.close(promise: nil) }
        switch stage {
        case .waiting, .receiving: break
        case .answering, .leaving: return context.close(promise: nil)
        }
        isLast = true
        let isTooLong = problem == .headerOverflow
        let refusal = APIError(
            isTooLong ? 431 : 400, isTooLong ? "headers_too_large" : "invalid_request",
            isTooLong ? "the request's head is too long" : "this is no HTTP request")
        stage = .answering
        send(.failure(refusal, trace: responder.traces.id(given: nil)), isHead: false, context)
    }

    /// Closes the connection when the client's time is up, and looks again when it isn't.
    private func watch(_ context: ChannelHandlerContext, at moment: NIODeadline) {
        let here = NIOLoopBound((connection: self, context: context), eventLoop: context.eventLoop)
        context.eventLoop.scheduleTask(deadline: moment) {
            let (connection, context) = here.value
            guard context.channel.isActive else { return }
            let now = NIODeadline.now()
            let end = connection.deadline ?? now + connection.patience
            if end <= now {
                context.close(promise: nil)
            } else {
                connection.watch(context, at: end)
            }
        }
    }
}
