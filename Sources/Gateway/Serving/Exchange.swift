import HTTPTypes
import NIOCore
import NIOHTTP1
import Schemas

/// One request and its answer.
final class Exchange: Sendable {
    let request: IncomingRequest
    /// The thread that the request came on.
    let loop: any EventLoop
    let app: ServedApp?
    let path: Substring
    let trace: String
    /// When it began, by `Clock.ticks`.
    let start: Int
    private let query: Substring
    private let limiter: SignInLimiter
    private let crossOrigin: CrossOrigin?

    init(
        _ request: IncomingRequest, on loop: any EventLoop, app: ServedApp?,
        limiter: SignInLimiter, trace: String, start: Int
    ) {
        self.request = request
        self.loop = loop
        self.app = app
        (path, query) = request.target
        self.limiter = limiter
        crossOrigin = app.map { CrossOrigin($0, request) }
        self.trace = trace
        self.start = start
    }

    /// The most bytes of a path and its query.
    private static let targetLimit = 16 << 10

    /// What is left to do for the answer.
    enum Step: Sendable {
        case nothing(Reply)
        case row(ShowTask, @Sendable (PointRead.Answer) -> Reply)
        case work(@Sendable () async -> Reply)
    }

    /// Does what takes no waiting; whatever goes wrong is an answer too.
    func begin() -> Step {
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
        let start = Clock.ticks
        let route: AppRoute
        do throws(APIError) {
            route = try self.route(to: place, for: caller, in: app)
        } catch {
            var reply = refusal(error, by: app)
            reply.subject = caller.subject
            return .nothing(reply)
        }
        let answer: @Sendable (Result<Reply, APIError>) -> Reply = { [self] result in
            var reply: Reply
            switch result {
            case .success(let made): reply = crossing(made)
            case .failure(let error): reply = refusal(route.complete(error), by: app)
            }
            reply.subject = caller.subject
            reply.nanoseconds.app = Clock.ticks - start
            return reply
        }
        do throws(APIError) {
            switch try route.handler() {
            case .row(let task, let make):
                return .row(task) { row in answer(row.map(make).mapError(\.ofKey)) }
            case .work(let work):
                return .work {
                    do throws(APIError) {
                        return answer(.success(try await work()))
                    } catch {
                        return answer(.failure(error))
                    }
                }
            }
        } catch {
            return .nothing(answer(.failure(error)))
        }
    }

    private func route(
        to place: RequestPath, for caller: Caller, in app: ServedApp
    ) throws(APIError) -> AppRoute {
        guard case .whole(let body) = request.body else {
            let limit = app.release.app.limits.bodyBytes
            throw APIError(413, "body_too_large", "the body may have at most \(limit) bytes")
        }
        let asked = APIRequest(
            request, body: body, path: place, queryText: query, caller: caller)
        return AppRoute(app: app, request: asked, limiter: limiter)
    }

    /// A step, by one who can wait.
    private func take(_ step: Step) async -> Reply {
        switch step {
        case .nothing(let reply): return reply
        case .work(let work): return await work()
        case .row(let task, let answer):
            return answer(
                await withCheckedContinuation { continuation in
                    task.app.backend.row(task, on: loop) { continuation.resume(returning: $0) }
                })
        }
    }

    private func refusal(_ error: APIError, by app: ServedApp) -> Reply {
        crossing(.failure(error.naming(app.constraints), trace: trace))
    }

    /// With what tells a browser which pages may have it.
    private func crossing(_ reply: Reply) -> Reply {
        guard let headers = crossOrigin?.headers, !headers.isEmpty else { return reply }
        var reply = reply
        reply.headers += headers
        return reply
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
