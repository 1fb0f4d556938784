import HTTPTypes
import NIOHTTP1
import Schemas

/// Answers requests: finds the app, says who asks, and has the app's routes do the rest.
final class GatewayResponder: Sendable {
    private let directory: AppDirectory
    private let log: AccessLog
    private let metrics: Metrics
    private let limiter: SignInLimiter
    let traces = TraceIDs()
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

    /// Never throws: whatever goes wrong is an answer too.
    func reply(to request: IncomingRequest) async -> Reply {
        let start = Clock.ticks
        let (path, query) = request.target
        if !request.isRefused, let reply = probe(path) { return reply }
        let trace = traces.id(given: request.headers[.traceID])
        let app = directory.current.app(host: request.host, path: path)
        var exchange = Exchange(
            app: app, limiter: limiter, path: path, query: query, trace: trace,
            address: request.address)
        let reply = await exchange.reply(to: request)
        return finish(reply, to: request, exchange, elapsed: Clock.ticks - start)
    }

    /// Says what came of a request: in the answer's headers, the metrics and the log.
    private func finish(
        _ reply: Reply, to request: IncomingRequest, _ exchange: Exchange, elapsed: Int
    ) -> Reply {
        var reply = reply.compressed(for: request.headers[.acceptEncoding])
        reply.headers.append((.traceID, exchange.trace))
        reply.headers.append((.serverTiming, Self.timing(exchange, total: elapsed)))
        let name = exchange.app?.name ?? "-"
        metrics.add(
            app: name, method: request.method, status: reply.status, nanoseconds: elapsed)
        log.add(
            AccessLog.Entry(
                app: name, method: request.method.rawValue, path: exchange.path,
                status: reply.status, bytes: reply.body.count, nanoseconds: elapsed,
                address: exchange.address, subject: exchange.subject, trace: exchange.trace,
                detail: reply.detail))
        return reply
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
}
