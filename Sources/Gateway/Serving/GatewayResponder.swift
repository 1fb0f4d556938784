import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import Schemas

/// What Hummingbird knows of a request besides itself.
struct GatewayContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    let channel: any Channel

    init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        channel = source.channel
    }
}

/// Answers requests: finds the app, says who asks, and has the app's routes do the rest.
struct GatewayResponder: HTTPResponder {
    typealias Context = GatewayContext

    let directory: AppDirectory
    let log: AccessLog
    let metrics: Metrics
    let limiter: SignInLimiter
    private let traces = TraceIDs()

    init(
        directory: AppDirectory, log: AccessLog, metrics: Metrics, limiter: SignInLimiter
    ) {
        self.directory = directory
        self.log = log
        self.metrics = metrics
        self.limiter = limiter
    }

    /// Never throws: whatever goes wrong is an answer too.
    func respond(to request: Request, context: GatewayContext) async throws -> Response {
        let start = Clock.ticks
        let target = request.head.path ?? "/"
        let (path, query) = Self.parts(of: target)
        if let reply = probe(path) { return Self.response(reply) }
        let trace = traces.id(given: request.headers[.traceID])
        let host = Self.host(request.head.authority)
        let app = directory.current.app(host: host, path: path)
        var exchange = Exchange(
            app: app, limiter: limiter, path: path, query: query, trace: trace,
            address: Self.address(request, context))
        var reply = await exchange.reply(to: request)
            .compressed(for: request.headers[.acceptEncoding])
        let elapsed = Clock.ticks - start
        reply.headers.append((.traceID, trace))
        reply.headers.append((.serverTiming, Self.timing(exchange, total: elapsed)))
        let method = request.method.rawValue
        let name = app?.name ?? "-"
        metrics.add(app: name, method: method, status: reply.status, nanoseconds: elapsed)
        log.add(
            AccessLog.Entry(
                app: name, method: method, path: path, status: reply.status,
                bytes: reply.body.count, nanoseconds: elapsed, address: exchange.address,
                subject: exchange.subject, trace: trace, detail: reply.detail))
        return Self.response(reply, isHead: request.method == .head)
    }

    // MARK: - The process's own paths

    private func probe(_ path: Substring) -> Reply? {
        // None is longer: most paths are told from them by this alone.
        guard path.utf8.count <= 8 else { return nil }
        switch path {
        case "/healthz": return Reply(200, body: Array("{\"status\":\"ok\"}".utf8))
        case "/readyz":
            return directory.isReady
                ? Reply(200, body: Array("{\"status\":\"ready\"}".utf8))
                : Reply(503, body: Array("{\"status\":\"starting\"}".utf8))
        case "/metrics":
            let text = metrics.text(apps: directory.current.apps.count)
            return Reply(200, body: Array(text.utf8), contentType: "text/plain; version=0.0.4")
        default: return nil
        }
    }

    // MARK: - Requests

    private static func parts(of target: String) -> (path: Substring, query: Substring) {
        guard let mark = target.utf8.firstIndex(of: UInt8(ascii: "?")) else {
            return (target[...], "")
        }
        return (target[..<mark], target[target.utf8.index(after: mark)...])
    }

    /// The domain that was asked for, without a port.
    private static func host(_ authority: String?) -> String {
        guard let authority else { return "" }
        let end = authority.utf8.lastIndex(of: UInt8(ascii: ":")) ?? authority.endIndex
        let host = authority[..<end]
        let isPlain = host.utf8.allSatisfy { $0 < 0x80 && !(0x41...0x5A).contains($0) }
        return isPlain ? String(host) : host.lowercased()
    }

    /// Where a request comes from; a proxy on this machine says for whom it asks.
    private static func address(_ request: Request, _ context: GatewayContext) -> String {
        let peer = context.channel.remoteAddress?.ipAddress ?? ""
        let isLocal = peer == "127.0.0.1" || peer == "::1" || peer.isEmpty
        guard isLocal, let forwarded = request.headers[.forwardedFor] else { return peer }
        let last = forwarded.split(separator: ",").last.map { $0.filter { $0 != " " } } ?? ""
        return last.isEmpty || last.utf8.count > 64 ? peer : String(last)
    }

    // MARK: - Responses

    private static func timing(_ exchange: Exchange, total: Int) -> String {
        var text = JSONText(capacity: 48)
        for (name, nanoseconds) in [
            ("app;dur=" as StaticString, exchange.nanoseconds), (", total;dur=", total),
        ] {
            text.raw(name)
            text.integer(nanoseconds / 1_000_000)
            text.raw(".")
            text.padded(nanoseconds / 1000 % 1000, 3)
        }
        return text.written
    }

    private static func response(_ reply: Reply, isHead: Bool = false) -> Response {
        var headers = HTTPFields()
        headers.reserveCapacity(reply.headers.count + 3)
        for (name, value) in reply.headers { headers.append(HTTPField(name: name, value: value)) }
        let hasBody = reply.status != 204 && reply.status != 304
        if hasBody {
            headers[.contentType] = reply.contentType
            headers[.contentLength] = String(reply.body.count)
        }
        let body =
            isHead || reply.body.isEmpty || !hasBody
            ? ResponseBody() : ResponseBody(byteBuffer: ByteBuffer(bytes: reply.body))
        return Response(
            status: .init(code: reply.status), headers: headers, body: body)
    }
}
