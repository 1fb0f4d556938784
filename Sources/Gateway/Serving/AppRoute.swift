import Diagnostics
import Documenting
import HTTPTypes
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

    /// What the app says of itself; nil for every other path.
    private func description(_ first: String) throws(APIError) -> Reply? {
        guard request.path.count == 1, app.table(first) == nil else { return nil }
        switch first {
        case "openapi.json": return Reply(200, body: OpenAPI.document(of: app.release, role: role))
        default: return nil
        }
    }

    func respond() async throws(APIError) -> Reply {
        guard let first = request.path.first else {
            throw APIError(404, "not_found", "name a table: /\(app.tables.first?.name ?? "")")
        }
        if first == "auth", let tokens = app.tokens {
            return try await SignInRoute(
                app: app, tokens: tokens, request: request, limiter: limiter
            ).respond()
        }
        if let reply = try description(first) { return reply }
        if app.table(first) == nil, let query = app.query(first) {
            guard request.path.count == 1, request.method == .get || request.method == .head else {
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
