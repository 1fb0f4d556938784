import HTTPTypes
import NIOCore
import NIOHTTP1

/// The requests of one connection, one after another.
///
/// A request that needs no other thread is answered where it is read. What a slow or silent client
/// holds is bounded: a body by the app's limit, and each wait, for a request, for the rest of it or
/// for an answer to be taken, by `patience`; what has come of a body earns the rest more time.
final class HTTPConnection: ChannelDuplexHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundIn = Never
    typealias OutboundOut = ByteBuffer

    private enum Stage {
        case waiting
        /// What comes of a body, up to so many bytes.
        case receiving(limit: Int)
        case answering
        /// An answer is out, and not all of it taken.
        case sending
        /// There is nothing more to answer; whatever still comes is dropped, and counted.
        case leaving(bytes: Int)

        var isLeaving: Bool { if case .leaving = self { true } else { false } }
        var isWaiting: Bool { if case .waiting = self { true } else { false } }
        var isSending: Bool { if case .sending = self { true } else { false } }
        /// Whether the next request must wait.
        var isBusy: Bool {
            switch self {
            case .answering, .sending: true
            case .waiting, .receiving, .leaving: false
            }
        }
    }

    /// How an answer finds back to its connection.
    final class WayBack: Sendable {
        private typealias End = (connection: HTTPConnection, context: ChannelHandlerContext)
        private let end: NIOLoopBound<End>

        fileprivate init(to connection: HTTPConnection, _ context: ChannelHandlerContext) {
            end = NIOLoopBound((connection, context), eventLoop: context.eventLoop)
        }

        /// Sends an answer. To be called on the connection's thread.
        func send(_ reply: Reply, to request: IncomingRequest) {
            let (connection, context) = end.value
            connection.send(reply, to: request.head, context)
        }

        /// Tells the connection that the client has taken all that there is for it.
        fileprivate func allIsTaken() {
            let (connection, context) = end.value
            connection.allIsTaken(context)
        }

        /// Has the connection look at its deadline.
        fileprivate func look() {
            let (connection, context) = end.value
            connection.look(context)
        }
    }

    private let responder: GatewayResponder
    private let patience: TimeAmount
    private let peer: String
    /// Nil outside a pipeline.
    private var way: WayBack?
    /// The channel's own answers to this and to the next cost more than a look here.
    private var isActive = false
    /// Whether the client takes what it is sent.
    private var isWritable = true
    private var stage = Stage.waiting
    /// Of the request that is received.
    private var head: HTTPRequestHead?
    private var authority = Authority.none
    private var body: [UInt8] = []
    /// When the other side has had its time; nil while it is ours.
    private var deadline: NIODeadline?
    /// What came while a request before it was answered.
    private var queue = CircularBuffer<HTTPServerRequestPart>(initialCapacity: 0)
    private var isDraining = false
    private var isReadHeldBack = false
    /// Whether this is the last request.
    private var isLast = false
    /// Whether the server ends: there is no other request.
    private var isQuiescing = false
    /// Whether nothing more comes than what waits.
    private var hasEnded = false
    /// Whether this side has ended.
    private var hasLeft = false

    /// A body may take a second more for each of so many bytes.
    private static let bytesPerSecond = 16 << 10
    /// How long a client that was refused may go on sending before it is cut off, and how much.
    private static let farewell = TimeAmount.seconds(5)
    private static let farewellBytes = 4 << 20

    /// - Parameters:
    ///   - responder: what answers.
    ///   - patience: how long a client may let this side wait.
    ///   - peer: the address at the other end.
    init(_ responder: GatewayResponder, patience: TimeAmount, peer: String) {
        self.responder = responder
        self.patience = patience
        self.peer = peer
    }

    // MARK: - In the pipeline

    func handlerAdded(context: ChannelHandlerContext) {
        way = WayBack(to: self, context)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        way = nil
    }

    func channelActive(context: ChannelHandlerContext) {
        isActive = true
        deadline = .now() + patience
        watch(context, at: .now() + patience)
        context.fireChannelActive()
    }

    func channelInactive(context: ChannelHandlerContext) {
        isActive = false
        context.fireChannelInactive()
    }

    // MARK: - Reading

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let part = unwrapInboundIn(data)
        switch stage {
        case .waiting, .receiving: take(part, context)
        case .answering, .sending:
            // Behind the last request there is none.
            if !isLast { queue.append(part) }
        case .leaving(let bytes):
            guard case .body(let rest) = part else { return }
            stage = .leaving(bytes: bytes + rest.readableBytes)
            if bytes > Self.farewellBytes { context.close(promise: nil) }
        }
    }

    /// Reads no further while requests wait.
    func read(context: ChannelHandlerContext) {
        isReadHeldBack = !queue.isEmpty
        if !isReadHeldBack { context.read() }
    }

    private func take(_ part: HTTPServerRequestPart, _ context: ChannelHandlerContext) {
        switch part {
        case .head(let head): if stage.isWaiting { begin(head, context) }
        case .body(let part): if case .receiving(let limit) = stage { add(part, limit, context) }
        case .end:
            guard case .receiving = stage, let head else { return }
            let whole = body
            body = []
            answer(head, .whole(whole))
        }
    }

    private func add(_ part: ByteBuffer, _ limit: Int, _ context: ChannelHandlerContext) {
        guard body.count + part.readableBytes <= limit else {
            if let head { refuse(head, .tooLarge(limit: limit)) }
            return
        }
        body.append(contentsOf: part.readableBytesView)
        let earned = Int64(part.readableBytes) * 1_000_000_000 / Int64(Self.bytesPerSecond)
        deadline = deadline.map { $0 + .nanoseconds(earned) }
    }

    private func begin(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
        deadline = .now() + patience
        isLast = !head.isKeepAlive || isQuiescing
        if let refusal = head.refusal(&authority) { return refuse(head, .refused(refusal)) }
        self.head = head
        let length = head.headers.first(name: "content-length")
        guard length != nil || head.headers.contains(name: "transfer-encoding") else {
            stage = .receiving(limit: 0)
            return
        }
        let limit = responder.bodyLimit(of: request(head, .whole([])))
        guard length.flatMap({ Int($0) }) ?? 0 <= limit else {
            return refuse(head, .tooLarge(limit: limit))
        }
        stage = .receiving(limit: limit)
        if head.headers.first(name: "expect")?.lowercased() == "100-continue" {
            let go = ByteBuffer(string: "HTTP/1.1 100 Continue\r\n\r\n")
            context.writeAndFlush(wrapOutboundOut(go), promise: nil)
        }
    }

    /// Answers without reading the rest.
    private func refuse(_ head: HTTPRequestHead, _ reason: IncomingRequest.Body) {
        body = []
        isLast = true
        answer(head, reason)
    }

    private func request(_ head: HTTPRequestHead, _ body: IncomingRequest.Body) -> IncomingRequest {
        IncomingRequest(head: head, authority: authority, body: body, peer: peer)
    }

    // MARK: - Answering

    private func answer(_ head: HTTPRequestHead, _ body: IncomingRequest.Body) {
        guard let way else { return }
        self.head = nil
        stage = .answering
        deadline = nil
        responder.answer(request(head, body), by: way)
    }

    private func send(
        _ reply: Reply, to head: HTTPRequestHead?, _ context: ChannelHandlerContext
    ) {
        guard isActive else { return }
        deadline = .now() + patience
        let buffer = reply.wire(
            date: responder.dates.text(at: Clock.seconds), isHead: head?.method == .HEAD,
            connection: isLast ? "close" : head?.version == .http1_1 ? nil : "keep-alive")
        guard !isLast else { return leave(context, behind: buffer) }
        stage = .sending
        context.writeAndFlush(wrapOutboundOut(buffer), promise: nil)
        // Where the client took it at once, the next request may have begun by now.
        if stage.isSending, isWritable { goOn(context) }
    }

    /// The client has taken an answer: the next request is looked at.
    func channelWritabilityChanged(context: ChannelHandlerContext) {
        isWritable = context.channel.isWritable
        if stage.isSending, isWritable { goOn(context) }
        context.fireChannelWritabilityChanged()
    }

    private func goOn(_ context: ChannelHandlerContext) {
        guard !isQuiescing else { return leave(context) }
        stage = .waiting
        // An answer that is there at once comes back here: no deeper than this.
        guard !isDraining else { return }
        isDraining = true
        while !queue.isEmpty, !stage.isBusy { take(queue.removeFirst(), context) }
        isDraining = false
        if hasEnded, !stage.isBusy, !stage.isLeaving { return leave(context) }
        readOn(context)
    }

    private func readOn(_ context: ChannelHandlerContext) {
        guard queue.isEmpty, isReadHeldBack else { return }
        isReadHeldBack = false
        context.read()
    }

    // MARK: - Ending

    /// Ends the connection behind all that is written: this side when the client has taken it, and
    /// all of it when the client has ended its own, so that it reads the answer and no reset.
    private func leave(_ context: ChannelHandlerContext, behind last: ByteBuffer = ByteBuffer()) {
        guard let way else { return }
        stage = .leaving(bytes: 0)
        queue.removeAll()
        readOn(context)
        deadline = .now() + patience
        let taken = context.eventLoop.makePromise(of: Void.self)
        taken.futureResult.whenComplete { _ in way.allIsTaken() }
        context.writeAndFlush(wrapOutboundOut(last), promise: taken)
    }

    private func allIsTaken(_ context: ChannelHandlerContext) {
        guard isActive else { return }
        hasLeft = true
        guard !hasEnded else { return context.close(promise: nil) }
        context.close(mode: .output, promise: nil)
        deadline = .now() + Self.farewell
        watch(context, at: .now() + Self.farewell)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case ChannelEvent.inputClosed: end(context)
        case is ChannelShouldQuiesceEvent:
            // A request that has begun is still answered.
            isQuiescing = true
            isLast = true
            if stage.isWaiting { leave(context) }
        default: context.fireUserInboundEventTriggered(event)
        }
    }

    /// Closes the connection once what waits is answered.
    private func end(_ context: ChannelHandlerContext) {
        hasEnded = true
        switch stage {
        case .waiting, .receiving: leave(context)
        case .answering, .sending: break
        case .leaving: if hasLeft { context.close(promise: nil) }
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard let problem = error as? HTTPParserError, !stage.isBusy, !stage.isLeaving else {
            return end(context)
        }
        isLast = true
        let isTooLong = problem == .headerOverflow
        let refusal = APIError(
            isTooLong ? 431 : 400, isTooLong ? "headers_too_large" : "invalid_request",
            isTooLong ? "the request's head is too long" : "this is no HTTP request")
        send(responder.refuse(refusal, to: peer), to: nil, context)
    }

    /// Closes the connection when the client's time is up, and looks again when it isn't.
    private func watch(_ context: ChannelHandlerContext, at moment: NIODeadline) {
        guard let way else { return }
        context.eventLoop.scheduleTask(deadline: moment) { way.look() }
    }

    private func look(_ context: ChannelHandlerContext) {
        guard isActive else { return }
        let now = NIODeadline.now()
        let end = deadline ?? now + patience
        if end <= now {
            context.close(promise: nil)
        } else {
            watch(context, at: end)
        }
    }
}
