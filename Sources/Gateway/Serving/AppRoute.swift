import Diagnostics
import Documenting
import HTTPTypes
import NIOHTTP1
import Schemas

/// Finds what answers a path of an app.
struct AppRoute {
    let app: ServedApp
    let request: APIRequest
    let limiter: SignInLimiter

    /// The role that descriptions are for.
    private var role: CallerRole {
        request.caller.isSignedIn ? .named(request.caller.role) : .anonymous
    }

    /// What the app says of itself, as far as the caller's role goes; nil for every other path.
    private func description(_ first: String) throws(APIError) -> Reply? {
        guard ["openapi.json", "docs", "_schema"].contains(first), app.table(first) == nil else {
            return nil
        }
        guard request.method == .GET || request.method == .HEAD else {
            var error = APIError(405, "method_not_allowed", "this is only read")
            error.allowed = ["GET"]
            throw error
        }
        let place = request.path.joined(separator: "/")
        let made = app.description(place, for: role) {
            switch (first, request.path.count) {
            case ("openapi.json", 1): OpenAPI.document(of: app.release, role: role)
            case ("docs", 1): DocumentationPage.html(of: app.release, role: role)
            case ("_schema", 1): DataDictionary.schema(of: app.release, role: role)
            case ("_schema", 2): DataDictionary.table(request.path[1], of: app.release, role: role)
            default: nil
            }
        }
        guard var made else { throw APIError(404, "not_found", "there is nothing at this path") }
        if first == "docs" { made = DocumentationPage.placed(at: request.origin, made) }
        let type = first == "docs" ? "text/html; charset=utf-8" : "application/json"
        var reply = Reply(200, body: made, contentType: type)
        let etag = ETag.text(of: made[...])
        reply.headers.append((.eTag, etag))
        if let known = request.headers[.ifNoneMatch], ETag.matches(known, etag) {
            reply.status = 304
            reply.body = []
        }
        if first == "docs" {
            // The page is text and style alone.
            reply.headers.append(
                (.contentSecurityPolicy, "default-src 'none'; style-src 'unsafe-inline'"))
        }
        return reply
    }

    /// What there is below the app's base path, for those who name nothing.
    private var contents: String {
        var base = app.release.app.basePath
        while base.hasSuffix("/") { base.removeLast() }
        let listed = app.tables.filter { table in
            let rules = RowRules(app, table, request.caller)
            return (try? rules.admit(.list)) != nil && rules.condition(for: .list) != .nothing
        }
        let places = listed.map { "\(base)/\($0.name)" } + ["\(base)/openapi.json", "\(base)/docs"]
        return "name what you want: \(places.joined(separator: ", "))"
    }

    func respond() async throws(APIError) -> Reply {
        guard let first = request.path.first else {
            throw APIError(404, "not_found", contents)
        }
        if first == "auth", let tokens = app.tokens {
            return try await SignInRoute(
                app: app, tokens: tokens, request: request, limiter: limiter
            ).respond()
        }
        if let reply = try description(first) { return reply }
        if app.table(first) == nil, let query = app.query(first) {
            guard request.path.count == 1, request.method == .GET || request.method == .HEAD else {
                var error = APIError(405, "method_not_allowed", "a query is only read")
                error.allowed = ["GET"]
                throw error
            }
            return try await QueryBinding(
                app: app, query: query, caller: request.caller, parameters: try request.query()
            ).reply()
        }
        guard let table = app.table(first) else {
            let hint = Suggestion.sentence(for: first, among: app.tables.map(\.name))
            throw APIError(
                404, "not_found", "there is no `\(first)`\(hint.map { ": " + $0 } ?? "")")
        }
        return try await TableRoute(app: app, table: table, request: request).respond()
    }
}
