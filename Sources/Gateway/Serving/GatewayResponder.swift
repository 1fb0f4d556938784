import HTTPTypes
import NIOCore
import NIOHTTP1
import Schemas

/// Answers the requests that come on one thread: finds the app, says who asks, and has the app's
/// routes do the rest.
///
/// One for each thread: what all of them write to would cost each request more than the writing, as
/// the processors' caches would have it in turn.
final class GatewayResponder: Sendable {
    let loop: any EventLoop
    /// Runs tasks on the thread.
    let executor: EventLoopExecutor
    private let directory: AppDirectory
    private let log: AccessLog.Lane
    private let counts: Metrics.Lane
    private let metrics: Metrics
    private let traces = TraceIDs()
    let dates = DateHeader()

    /// - Parameters:
    ///   - loop: the thread.
    ///   - directory: the apps.
    ///   - log: where the thread's lines go.
    ///   - counts: where its requests are counted.
    ///   - metrics: the counts of all threads.
    init(
        on loop: any EventLoop, directory: AppDirectory, log: AccessLog.Lane,
        counts: Metrics.Lane, metrics: Metrics
    ) {
        self.loop = loop
        executor = EventLoopExecutor(loop)
        self.directory = directory
        self.log = log
        self.counts = counts
        self.metrics = metrics
    }

    /// The most bytes that the body of a request may have.
    func bodyLimit(of request: IncomingRequest) -> Int {
        let app = directory.current.app(host: request.host, path: request.target.path)
        return app?.release.app.limits.bodyBytes ?? 0
    }

    /// Answers a request; whatever goes wrong is an answer too. To be called on the thread.
    ///
    /// - Parameters:
    ///   - request: what is asked.
    ///   - way: where the answer goes, at once or later.
    func answer(_ request: IncomingRequest, by way: HTTPConnection.WayBack) {
        let start = Clock.ticks
        let path = request.target.path
        if !request.isRefused, let reply = probe(path) { return way.send(reply, to: request) }
        Exchange(
            request, by: way, responder: self,
            app: directory.current.app(host: request.host, path: path),
            trace: traces.id(given: request.headers[.traceID]), start: start
        ).run()
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
    func finish(_ reply: inout Reply, of exchange: Exchange) {
        let request = exchange.request
        let elapsed = Clock.ticks - exchange.start
        reply.compress(for: request)
        reply.trace = exchange.trace
        reply.nanoseconds.total = elapsed
        let name = exchange.app?.name ?? "-"
        counts.add(
            app: name, method: request.method, status: reply.status, nanoseconds: elapsed)
        log.add(
            AccessLog.Entry(
                app: name, method: request.method.rawValue, path: request.target.path,
                status: reply.status, bytes: reply.body.count, nanoseconds: elapsed,
                address: request.address, subject: reply.subject, trace: exchange.trace,
                detail: reply.detail))
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
