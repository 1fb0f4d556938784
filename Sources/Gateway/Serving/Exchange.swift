import HTTPTypes
import NIOHTTP1
import Schemas

/// One request and its answer.
struct Exchange {
    private let app: ServedApp?
    private let limiter: SignInLimiter
    private let path: Substring
    private let query: Substring
    private let trace: String
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
        let rawParts = Self.parts(of: path, below: app.release.app.basePath)
        var parts: [String] = []
        for part in rawParts { parts.append(try QueryString.decoded(part)) }
        let caller =
            Self.isEntrance(parts) ? .anonymous : try await Self.caller(of: request, app)
        subject = caller.subject
        guard case .whole(let body) = request.body else {
            let limit = app.release.app.limits.bodyBytes
            throw APIError(413, "body_too_large", "the body may have at most \(limit) bytes")
        }
        let start = Clock.ticks
        defer { nanoseconds = Clock.ticks - start }
        let asked = APIRequest(
            method: request.method, path: parts, rawPath: rawParts, queryText: query,
            headers: request.headers,
            body: body, address: address, caller: caller,
            origin: request.origin(usually: app.release.app.hosts.first), target: path)
        return try await AppRoute(app: app, request: asked, limiter: limiter).respond()
    }

    /// Whether one comes here to get a token: an old one that is sent along is no hindrance.
    private static func isEntrance(_ parts: [String]) -> Bool {
        parts.count == 2 && parts[0] == "auth"
            && ["login", "register", "refresh"].contains(parts[1])
    }

    /// Who asks, by the token.
    private static func caller(
        of request: IncomingRequest, _ app: ServedApp
    ) async throws(APIError) -> Caller {
        guard let header = request.headers[.authorization] else { return .anonymous }
        guard header.utf8.count > 7, header.prefix(7).lowercased() == "bearer " else {
            throw APIError(401, "invalid_token", "send `Authorization: Bearer TOKEN`")
        }
        guard let tokens = app.tokens else {
            throw APIError(401, "invalid_token", "nobody can sign in to this app")
        }
        return try await tokens.caller(header.dropFirst(7), now: Clock.seconds, of: app)
    }

    private static func parts(of path: Substring, below base: String) -> [Substring] {
        // By bytes: a slash is one, whatever stands beside it.
        let rest = base == "/" ? path.utf8[...] : path.utf8.dropFirst(base.utf8.count)
        return rest.split(separator: UInt8(ascii: "/")).map { Substring($0) }
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
