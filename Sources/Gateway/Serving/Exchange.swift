import HTTPTypes
import NIOHTTP1
import Schemas

/// One request and its answer.
struct Exchange {
    let app: ServedApp?
    private let limiter: SignInLimiter
    let path: Substring
    private let query: Substring
    let trace: String
    let address: String
    /// Who it turned out to be, for the log.
    private(set) var subject: String?
    /// What the app took for it.
    private(set) var nanoseconds = 0

    init(
        app: ServedApp?, limiter: SignInLimiter, path: Substring, query: Substring, trace: String,
        address: String
    ) {
        self.app = app
        self.limiter = limiter
        self.path = path
        self.query = query
        self.trace = trace
        self.address = address
    }

    /// The most bytes of a path and its query.
    private static let targetLimit = 16 << 10

    /// The answer; whatever goes wrong is one too.
    mutating func reply(to request: IncomingRequest) async -> Reply {
        if case .refused(let error) = request.body { return .failure(error, trace: trace) }
        guard let app else {
            return .failure(APIError(404, "not_found", "no app is served here"), trace: trace)
        }
        let crossOrigin = CrossOrigin(app, request)
        if let preflight = crossOrigin.preflight { return preflight }
        var reply: Reply
        do throws(APIError) {
            reply = try await self.reply(of: app, to: request)
        } catch {
            reply = .failure(error.naming(app.constraints), trace: trace)
        }
        reply.headers += crossOrigin.headers
        return reply
    }

    private mutating func reply(of app: ServedApp, to request: IncomingRequest)
        async throws(APIError)
        -> Reply
    {
        guard path.utf8.count + query.utf8.count <= Self.targetLimit else {
            throw APIError(414, "uri_too_long", "the URL is too long")
        }
        let place = try RequestPath(path, below: app.release.app.basePath)
        var caller = Caller.anonymous
        if !place.isEntrance, let header = request.headers[.authorization] {
            caller = try await Self.caller(header, app)
        }
        subject = caller.subject
        let start = Clock.ticks
        defer { nanoseconds = Clock.ticks - start }
        let route = try route(request, place, caller, of: app)
        do throws(APIError) {
            return try await route.handler()()
        } catch {
            throw route.complete(error)
        }
    }

    private func route(
        _ request: IncomingRequest, _ place: RequestPath, _ caller: Caller, of app: ServedApp
    ) throws(APIError) -> AppRoute {
        guard case .whole(let body) = request.body else {
            let limit = app.release.app.limits.bodyBytes
            throw APIError(413, "body_too_large", "the body may have at most \(limit) bytes")
        }
        let asked = APIRequest(
            request, body: body, path: place, queryText: query, address: address, caller: caller)
        return AppRoute(app: app, request: asked, limiter: limiter)
    }

    /// Who asks, by the token.
    private static func caller(
        _ header: String, _ app: ServedApp
    ) async throws(APIError) -> Caller {
        guard header.utf8.count > 7, header.prefix(7).lowercased() == "bearer " else {
            throw APIError(401, "invalid_token", "send `Authorization: Bearer TOKEN`")
        }
        guard let tokens = app.tokens else {
            throw APIError(401, "invalid_token", "nobody can sign in to this app")
        }
        return try await tokens.caller(header.dropFirst(7), now: Clock.seconds, of: app)
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
