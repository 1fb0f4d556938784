import HTTPTypes
import NIOCore
import NIOHTTP1
import Schemas

/// One request and its answer.
final class Exchange: Sendable {
    let request: IncomingRequest
    private let way: HTTPConnection.WayBack
    private let responder: GatewayResponder
    let app: ServedApp?
    let trace: String
    /// When it began, by `Clock.ticks`.
    let start: Int
    private let crossOrigin: CrossOrigin?

    init(
        _ request: IncomingRequest, by way: HTTPConnection.WayBack, responder: GatewayResponder,
        app: ServedApp?, trace: String, start: Int
    ) {
        self.request = request
        self.way = way
        self.responder = responder
        self.app = app
        crossOrigin = app.map { CrossOrigin($0, request) }
        self.trace = trace
        self.start = start
    }

    /// The most bytes of a path and its query.
    private static let targetLimit = 16 << 10

    /// What is left to do for the answer.
    private enum Step: Sendable {
        case nothing(Reply)
        case row(ShowTask)
        case work(@Sendable () async -> Reply)
    }

    /// Answers the request, at once or later; whatever goes wrong is an answer too.
    func run() {
        switch begin() {
        case .nothing(let reply): send(reply)
        case .row(let task):
            task.request.app.backend.row(task, on: responder.loop) { [self] row in
                send(reply(row, of: task))
            }
        case .work(let work):
            Task.immediate(executorPreference: responder.executor) { [self] in
                send(await work())
            }
        }
    }

    private func send(_ reply: Reply) {
        var reply = reply
        responder.finish(&reply, of: self)
        way.send(reply, to: request)
    }

    /// Does what takes no waiting.
    private func begin() -> Step {
        if case .refused(let error) = request.body {
            return .nothing(.failure(error, trace: trace))
        }
        guard let app else {
            let error = APIError(404, "not_found", "no app is served here")
            return .nothing(.failure(error, trace: trace))
        }
        if let preflight = crossOrigin?.preflight { return .nothing(preflight) }
        do throws(APIError) {
            return try begin(in: app)
        } catch {
            return .nothing(refusal(error, by: app))
        }
    }

    private func begin(in app: ServedApp) throws(APIError) -> Step {
        let (path, query) = request.target
        guard path.utf8.count + query.utf8.count <= Self.targetLimit else {
            throw APIError(414, "uri_too_long", "the URL is too long")
        }
        let place = try RequestPath(path, below: app.release.app.basePath)
        guard !place.isEntrance, let header = request.headers[.authorization] else {
            return step(at: place, for: .anonymous, in: app)
        }
        guard header.utf8.count > 7, header.prefix(7).lowercased() == "bearer " else {
            throw APIError(401, "invalid_token", "send `Authorization: Bearer TOKEN`")
        }
        guard let tokens = app.tokens else {
            throw APIError(401, "invalid_token", "nobody can sign in to this app")
        }
        let (caller, reading) = try tokens.caller(header.dropFirst(7), now: Clock.seconds)
        guard let reading else {
            try tokens.admit(caller)
            return step(at: place, for: caller, in: app)
        }
        return .work { [self] in
            do throws(APIError) {
                try await tokens.read(reading, of: app)
                try tokens.admit(caller)
            } catch {
                return refusal(error, by: app)
            }
            return await take(step(at: place, for: caller, in: app))
        }
    }

    private func step(at place: RequestPath, for caller: Caller, in app: ServedApp) -> Step {
        guard case .whole(let body) = request.body else {
            let limit = app.release.app.limits.bodyBytes
            let error = APIError(
                413, "body_too_large", "the body may have at most \(limit) bytes")
            var reply = refusal(error, by: app)
            reply.subject = caller.subject
            return .nothing(reply)
        }
        let asked = APIRequest(
            request, to: app, body: body, path: place, caller: caller, start: Clock.ticks)
        do throws(APIError) {
            switch try AppRoute(request: asked).handler() {
            case .row(let task): return .row(task)
            case .work(let work):
                return .work { [self] in
                    do throws(APIError) {
                        var reply = try await work()
                        end(&reply, to: asked)
                        return reply
                    } catch {
                        return refusal(error, to: asked)
                    }
                }
            }
        } catch {
            return .nothing(refusal(error, to: asked))
        }
    }

    /// The answer with a row that was waited for.
    private func reply(_ row: PointRead.Answer, of task: ShowTask) -> Reply {
        switch row {
        case .success(let row):
            var reply = task.reply(row)
            end(&reply, to: task.request)
            return reply
        case .failure(let error): return refusal(error.ofKey, to: task.request)
        }
    }

    private func refusal(_ error: APIError, to asked: APIRequest) -> Reply {
        let whole = AppRoute(request: asked).complete(error).naming(asked.app.constraints)
        var reply = Reply.failure(whole, trace: trace)
        end(&reply, to: asked)
        return reply
    }

    /// Says in an app's answer which pages may have it, who asked for it, and how long it took.
    private func end(_ reply: inout Reply, to asked: APIRequest) {
        cross(&reply)
        reply.subject = asked.caller.subject
        reply.nanoseconds.app = Clock.ticks - asked.start
    }

    /// A step, by one who can wait.
    private func take(_ step: Step) async -> Reply {
        switch step {
        case .nothing(let reply): return reply
        case .work(let work): return await work()
        case .row(let task):
            let row = await withCheckedContinuation { continuation in
                task.request.app.backend.row(task, on: responder.loop) {
                    continuation.resume(returning: $0)
                }
            }
            return reply(row, of: task)
        }
    }

    private func refusal(_ error: APIError, by app: ServedApp) -> Reply {
        var reply = Reply.failure(error.naming(app.constraints), trace: trace)
        cross(&reply)
        return reply
    }

    /// Tells a browser which pages may have it.
    private func cross(_ reply: inout Reply) {
        if let headers = crossOrigin?.headers, !headers.isEmpty { reply.headers += headers }
    }
}

/// What browsers ask before pages of other origins may call.
///
/// Source: fetch.spec.whatwg.org, section 3.2.
struct CrossOrigin {
    private let origin: String?
    private let isAllowed: Bool
    private let isPreflight: Bool
    /// Whether an answer depends on the page that asks: caches must not mix them up.
    private let varies: Bool

    init(_ app: ServedApp, _ request: IncomingRequest) {
        origin = request.headers[.origin]
        let allowed = app.release.app.origins
        varies = origin != nil || !allowed.isEmpty
        isAllowed = origin.map { allowed.contains("*") || allowed.contains($0) } ?? false
        isPreflight =
            request.method == .OPTIONS && request.headers[.accessControlRequestMethod] != nil
    }

    /// What goes with every answer.
    var headers: [(HTTPField.Name, String)] {
        guard let origin, isAllowed else { return varies ? [(.vary, "Origin")] : [] }
        return [
            (.accessControlAllowOrigin, origin), (.vary, "Origin"),
            (
                .accessControlExposeHeaders,
                "ETag, Link, Location, Retry-After, Server-Timing, X-Trace-Id, Preference-Applied"
            ),
        ]
    }

    /// The answer to a preflight request; nil for every other request.
    var preflight: Reply? {
        guard isPreflight else { return nil }
        var reply = Reply(204)
        reply.headers = headers
        guard isAllowed else { return reply }
        reply.headers += [
            (.accessControlAllowMethods, "GET, POST, PUT, PATCH, DELETE"),
            (
                .accessControlAllowHeaders,
                "Authorization, Content-Type, If-Match, If-None-Match, Prefer, X-Trace-Id"
            ),
            (.accessControlMaxAge, "600"),
        ]
        return reply
    }
}
