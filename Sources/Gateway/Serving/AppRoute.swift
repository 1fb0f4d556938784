import Diagnostics
import Schemas

/// Finds what answers a path of an app.
struct AppRoute {
    let app: ServedApp
    let request: APIRequest
    let limiter: SignInLimiter

    func respond() async throws(APIError) -> Reply {
        guard let first = request.path.first else {
            throw APIError(404, "not_found", "name a table: /\(app.tables.first?.name ?? "")")
        }
        if first == "auth", let tokens = app.tokens {
            return try await SignInRoute(
                app: app, tokens: tokens, request: request, limiter: limiter
            ).respond()
        }
        guard let table = app.table(first) else {
            let hint = Suggestion.sentence(for: first, among: app.tables.map(\.name))
            throw APIError(
                404, "not_found", "there is no `\(first)`\(hint.map { ": " + $0 } ?? "")")
        }
        return try await TableRoute(app: app, table: table, request: request).respond()
    }
}
