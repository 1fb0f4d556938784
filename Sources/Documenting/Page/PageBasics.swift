import Schemas

/// What holds for every table: sign-in, envelopes, filters, tags.
struct PageBasics {
    let app: ServedApp

    init(_ app: ServedApp) {
        self.app = app
    }

    func write(to html: inout HTMLWriter) {
        if let auth = app.app.auth {
            html.element("section", ["aria-labelledby": "sign-in"]) { writeSignIn(auth, to: &$0) }
        }
        html.element("section", ["aria-labelledby": "basics"]) { writeBasics(to: &$0) }
    }

    private func writeSignIn(_ auth: SignIn, to html: inout HTMLWriter) {
        html.element("h2", ["id": "sign-in"], "Sign-in")
        html.sentence(
            "Signing in gives a token, good for \(Self.duration(auth.tokenTTLSeconds)), and a "
                + "refresh token, good for one new pair. Requests carry the token as "
                + "`Authorization: Bearer TOKEN`.")
        let curl = CurlExample(app)
        var names = JSONWriter(capacity: 128)
        names.object { body in
            body.member(auth.login, "someone@example.com")
            body.member("password", "a long sentence")
        }
        let account = String(decoding: names.bytes, as: UTF8.self)
        let path = app.basePath + "/auth/"
        if auth.allowsRegistration {
            let required = app.registrationColumns.filter(\.mustBeGiven).map { "`\($0.name)`" }
            let besides =
                required.isEmpty ? "" : " It needs \(required.joined(separator: ", ")), too."
            html.element("h3", "Register")
            html.sentence("Makes an account, and signs in.\(besides)")
            html.example(curl.line("POST", path + "register", body: account, needsToken: false))
        }
        html.element("h3", "Sign in")
        html.example(curl.line("POST", path + "login", body: account, needsToken: false))
        html.element("h3", "Then")
        html.example(
            [
                curl.line("GET", path + "me", needsToken: true),
                curl.line(
                    "POST", path + "refresh", body: #"{"refresh_token":"…"}"#, needsToken: false),
                curl.line(
                    "POST", path + "password", body: #"{"current":"…","new":"…"}"#,
                    needsToken: true),
                curl.line("POST", path + "logout", needsToken: true),
            ].joined(separator: "\n"))
    }

    private static func duration(_ seconds: Int) -> String {
        for (size, unit) in [(86_400, "day"), (3600, "hour"), (60, "minute")]
        where seconds >= size && seconds.isMultiple(of: size) {
            let count = seconds / size
            return "\(count) \(unit)\(count == 1 ? "" : "s")"
        }
        return "\(seconds) seconds"
    }

    private func writeBasics(to html: inout HTMLWriter) {
        html.element("h2", ["id": "basics"], "Requests and answers")
        html.sentence(
            #"A success is `{"success": true, "data": …, "meta": …}`; a refusal is "#
                + #"`{"success": false, "code": "…", "message": "…", "trace_id": "…", "errors": "#
                + #"[{"field", "code", "message"}]}`, with all that is wrong at once."#)
        html.sentence(
            "A list takes `limit` (at most \(app.app.limits.pageRows)), `offset`, `cursor` (from "
                + "`meta.next_cursor`), `count=exact|estimated|none`, `fields=a,b`, "
                + "`order=-a,b.nullslast`, `include=relation(field)`, and conditions: "
                + "`field=value`, `field[operator]=value`, `or=(a.eq.1,b.gt.2)`.")
        html.table(
            "Operators", ["Operator", "The field"],
            FilterOperator.allCases.map { [$0.rawValue, $0.summary] }, code: [0])
        html.sentence(
            "A row comes with an `ETag`. Sent back as `If-Match`, a change is refused with 412 "
                + "when the row has changed since; as `If-None-Match`, an unchanged row is "
                + "answered 304. `Prefer: return=minimal` answers no row, `Prefer: tx=rollback` is "
                + "a dry run.")
        html.table(
            "Refusals", ["Status", "Meaning"],
            Refusal.allCases.map { [String($0.rawValue), $0.meaning] }, code: [0])
    }
}
