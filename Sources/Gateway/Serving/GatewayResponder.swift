import HTTPTypes
import NIOCore
import NIOHTTP1
import Schemas

/// Answers requests: finds the app, says who asks, and has the app's routes do the rest.
final class GatewayResponder: Sendable {
    private let directory: AppDirectory
    private let log: AccessLog
    private let metrics: Metrics
    private let limiter: SignInLimiter
    private let traces = TraceIDs()
    let dates = DateHeader()

    init(
        directory: AppDirectory, log: AccessLog, metrics: Metrics, limiter: SignInLimiter
    ) {
        self.directory = directory
        self.log = log
        self.metrics = metrics
        self.limiter = limiter
    }

    /// The most bytes that the body of a request may have.
    func bodyLimit(of request: IncomingRequest) -> Int {
        let app = directory.current.app(host: request.host, path: request.target.path)
        return app?.release.app.limits.bodyBytes ?? 0
    }

    /// Answers a request; whatever goes wrong is an answer too.
    ///
    /// - Parameters:
    ///   - request: what is asked.
    ///   - loop: the thread that it came on, and that this is called on.
    ///   - executor: runs tasks on the same thread.
    ///   - send: takes the answer there, at once or later.
    func answer(
        _ request: IncomingRequest, on loop: any EventLoop, _ executor: EventLoopExecutor,
        _ send: @escaping @Sendable (consuming Reply) -> Void
    ) {
        let start = Clock.ticks
        let path = request.target.path
        if !request.isRefused, let reply = probe(path) { return send(reply) }
        let exchange = Exchange(
            request, on: loop, app: directory.current.app(host: request.host, path: path),
            limiter: limiter, trace: traces.id(given: request.headers[.traceID]), start: start)
        switch exchange.begin() {
        case .nothing(let reply): send(finish(reply, of: exchange))
        case .row(let task, let answer):
            task.app.backend.row(task, on: loop) { [self] row in
                send(finish(answer(row), of: exchange))
            }
        case .work(let work):
            Task.immediate(executorPreference: executor) { [self] in
                send(finish(await work(), of: exchange))
            }
        }
    }

    /// Answers what is no request, and so for no app.
    ///
    /// - Parameters:
    ///   - error: what is wrong with it.
    ///   - peer: the address that it came from.
    /// - Returns: the answer, which is in the log.
    func refuse(_ error: APIError, to peer: String) -> Reply {
        let trace = traces.id(given: nil)
        var reply = Reply.failure(error, trace: trace)
        reply.trace = trace
        log.add(
            AccessLog.Entry(
                app: "-", method: "-", path: "-", status: reply.status, bytes: reply.body.count,
                nanoseconds: 0, address: peer, subject: nil, trace: trace, detail: nil))
        return reply
    }

    /// Says what came of a request: in the answer's headers, the metrics and the log.
    private func finish(_ reply: consuming Reply, of exchange: Exchange) -> Reply {
        let request = exchange.request
        let elapsed = Clock.ticks - exchange.start
        var reply = reply
        reply.compress(for: request)
        reply.trace = exchange.trace
        reply.nanoseconds.total = elapsed
        let name = exchange.app?.name ?? "-"
        metrics.add(
            app: name, method: request.method, status: reply.status, nanoseconds: elapsed)
        log.add(
            AccessLog.Entry(
                app: name, method: request.method.rawValue, path: exchange.path,
                status: reply.status, bytes: reply.body.count, nanoseconds: elapsed,
                address: request.address, subject: reply.subject, trace: exchange.trace,
                detail: reply.detail))
        return reply
    }

    // MARK: - The process's own paths

    private func probe(_ path: Substring) -> Reply? {
        // None is longer: most paths are told from them by this alone.
        guard path.utf8.count <= 8 else { return nil }
        switch path {
        case "/healthz": return Reply(200, body: Self.ok)
        case "/readyz":
            return directory.isReady
                ? Reply(200, body: Self.ready)
                : Reply(503, body: Self.starting)
        case "/metrics":
            let text = metrics.text(apps: directory.current.apps.count)
            return Reply(200, body: Array(text.utf8)[...], contentType: "text/plain; version=0.0.4")
        default: return nil
        }
    }

    private static let ok = Array("{\"status\":\"ok\"}".utf8)[...]
    private static let ready = Array("{\"status\":\"ready\"}".utf8)[...]
    private static let starting = Array("{\"status\":\"starting\"}".utf8)[...]
}
