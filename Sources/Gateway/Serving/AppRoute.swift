import Diagnostics
import Documenting
import HTTPTypes
import NIOHTTP1
import Schemas

/// Finds what answers a path of an app.
struct AppRoute {
    let request: APIRequest

    private var app: ServedApp { request.app }
    /// The role that descriptions are for.
    private var role: CallerRole {
        request.caller.isSignedIn ? .named(request.caller.role) : .anonymous
    }

    /// What the app says of itself, as far as the caller's role goes; nil for every other path.
    private func description(_ first: String) throws(APIError) -> Reply? {
        guard ["openapi.json", "docs", "_schema"].contains(first) else { return nil }
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
        if first == "docs" {
            let origin = request.origin(usually: app.release.app.hosts.first)
            made = DocumentationPage.placed(at: origin, made)
        }
        let type = first == "docs" ? "text/html; charset=utf-8" : "application/json"
        var reply = Reply(200, body: made[...], contentType: type)
        reply.set(version: ETag.digest(of: made[...]), for: request)
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

    /// What answers the request. To find it takes no waiting, and what does wait keeps nothing of
    /// all that there could have been.
    ///
    /// - Throws: 404 where nothing does, 405 where the method is none that is answered.
    func handler() throws(APIError) -> Handler {
        guard let first = request.path.first else {
            throw APIError(404, "not_found", contents)
        }
        if first == "auth", let tokens = app.tokens {
            let route = SignInRoute(tokens: tokens, request: request)
            return .work { () throws(APIError) in try await route.respond() }
        }
        if let table = app.table(first) {
            return try TableRoute(table: table, request: request).handler()
        }
        if let reply = try description(first) { return .work { reply } }
        guard let query = app.query(first) else {
            let hint = Suggestion.sentence(for: first, among: app.tables.map(\.name))
            throw APIError(
                404, "not_found", "there is no `\(first)`\(hint.map { ": " + $0 } ?? "")")
        }
        guard request.path.count == 1, request.method == .GET || request.method == .HEAD else {
            var error = APIError(405, "method_not_allowed", "a query is only read")
            error.allowed = ["GET"]
            throw error
        }
        let binding = QueryBinding(
            app: app, query: query, caller: request.caller, parameters: try request.query())
        return .work { () throws(APIError) in try await binding.reply() }
    }
}

extension AppRoute {
    /// A refusal as the caller is told it: that of a method names those that are answered.
    ///
    /// Source: RFC 9110, section 15.5.6.
    func complete(_ error: APIError) -> APIError {
        guard error.status == 405, error.allowed.isEmpty,
            let table = request.path.first.flatMap({ app.table($0) })
        else { return error }
        var error = error
        error.allowed = TableRoute(table: table, request: request).methods
        return error
    }
}

/// How a request is answered.
enum Handler: Sendable {
    /// By one row: most requests are of this kind, and a task for each would cost more than that.
    case row(ShowTask)
    /// By work that may wait for others.
    case work(@Sendable () async throws(APIError) -> Reply)
}
