import HTTPTypes
import NIOHTTP1
import Identity
import SQL
import Schemas

/// Registering, signing in and out.
struct SignInRoute {
    let tokens: TokenDesk
    let request: APIRequest

    var app: ServedApp { request.app }
    private var limiter: SignInLimiter { tokens.limiter }
    private var auth: SignIn { tokens.auth }
    private var refreshTokens: RefreshTokens {
        RefreshTokens(lifetimeSeconds: auth.refreshTTLSeconds)
    }

    /// Answers a request below `auth`.
    func respond() async throws(APIError) -> Reply {
        let action = request.path.count == 2 ? request.path[1] : ""
        if request.method == .POST { try Preconditions.refuseNoneMatch(request.headers) }
        try await tokens.prepare(app)
        switch (action, request.method) {
        case ("register", .POST): return try await register()
        case ("login", .POST): return try await login()
        case ("me", .GET), ("me", .HEAD): return try await me()
        case ("logout", .POST): return try await logout()
        case ("refresh", .POST): return try await refresh()
        case ("password", .POST): return try await changePassword()
        case ("register", _), ("login", _), ("logout", _), ("refresh", _), ("password", _):
            throw Self.notAllowed("POST", "only POST is answered here")
        case ("me", _): throw Self.notAllowed("GET", "this is only read")
        default: throw APIError(404, "not_found", "there is nothing at this path")
        }
    }

    private static func notAllowed(_ method: String, _ message: String) -> APIError {
        var error = APIError(405, "method_not_allowed", message)
        error.allowed = [method]
        return error
    }

    private func text(_ name: String, of json: JSONValue) throws(APIError) -> String {
        guard let value = json[name] else {
            throw .invalid([.init(field: name, code: "required", message: "is required")])
        }
        guard let text = value.string else {
            throw .invalid([.init(field: name, code: "type", message: "must be a string")])
        }
        guard !text.isEmpty else {
            throw .invalid([.init(field: name, code: "required", message: "must not be empty")])
        }
        return text
    }

    /// The body, an object of these members.
    ///
    /// - Throws: 422 for another member: it would be left aside.
    private func body(_ names: [String]) throws(APIError) -> JSONValue {
        let json = try request.json()
        guard case .object(let members) = json else {
            throw .bad("invalid_body", "the body must be an object")
        }
        let others = members.filter { member in
            !names.contains { $0.isSame(as: member.name) }
        }
        guard others.isEmpty else { throw .invalid(others.map { Self.unknown($0.name) }) }
        return json
    }

    private static func unknown(_ name: String) -> APIError.FieldProblem {
        .init(field: name, code: "unknown_field", message: "is no field here")
    }

    // MARK: - Signing in

    private func register() async throws(APIError) -> Reply {
        guard auth.allowsRegistration, let table = app.people else {
            throw APIError(404, "not_found", "there is nothing at this path")
        }
        try limiter.take(address: request.address)
        let json = try request.json()
        guard case .object(let members) = json else {
            throw .bad("invalid_body", "the body must be an object")
        }
        var reading = DraftReading(app, request.caller)
        var draft = try reading.draft(
            .object(members.filter { $0.name != "password" }), of: table)
        // Nobody could sign in by nothing.
        if json[auth.login]?.string == "" {
            draft.problems.append(
                .init(field: auth.login, code: "required", message: "must not be empty"))
        }
        // The column's own name is none that anybody sets it by.
        if auth.password != "password", json[auth.password] != nil {
            draft.problems.append(Self.unknown(auth.password))
        }
        // Whoever registers is nobody yet, by whose rules other rows could be written.
        let nested = draft.nested.map { nested in
            APIError.FieldProblem(
                field: nested.relation.name, code: "read_only",
                message: "can't be written along: write it once you are signed in")
        }
        guard nested.isEmpty else { throw .invalid(nested) }
        var registration = RegisterPerson(
            app: app, auth: auth, draft: draft, passwordHash: "", now: Clock.milliseconds)
        let problems = try passwordProblems(json["password"]) + registration.problems()
        guard problems.isEmpty, let password = json["password"]?.string else {
            throw .invalid(problems)
        }
        registration.passwordHash = try await hashed(password, field: "password")
        let person = try await app.backend.write(registration)
        guard let person else { throw .notFound }
        return try await begin(person, newHash: nil, status: 201)
    }

    private func login() async throws(APIError) -> Reply {
        let json = try body([auth.login, "password"])
        let login = try text(auth.login, of: json)
        let password = try text("password", of: json)
        try limiter.take(address: request.address)
        try limiter.take(account: login, of: app.name)
        let person = try await app.backend.read(
            FindPerson(app: app, auth: auth, login: login, subject: nil))
        if let person { try limiter.take(person: person.subject, of: app.name) }
        // The same work for those who are not there.
        let stored = person?.passwordHash
        let (isRight, newHash) = try await working {
            let hasher = try PasswordHasher()
            switch hasher.verify(password, against: stored ?? hasher.decoy) {
            case .doesNotMatch: return (false, String?.none)
            case .matches(let needsRehash):
                return (true, needsRehash ? try hasher.hash(password) : nil)
            }
        }
        guard isRight, let person else {
            throw APIError(401, "invalid_credentials", "the login or the password is wrong")
        }
        return try await begin(person, newHash: newHash, status: 200)
    }

    /// Between the proof of a password and what follows it, the person's row has changed.
    private static var changed: APIError {
        APIError(
            503, "conflict", "the account has just changed: try again", retryAfterSeconds: 1)
    }

    private func begin(_ person: Person, newHash: String?, status: Int) async throws(APIError)
        -> Reply
    {
        let now = Clock.seconds
        let (refresh, record) = refreshTokens.begin(now: now)
        let begun = try await app.backend.write(
            BeginSession(app: app, record: record, person: person, auth: auth, newHash: newHash))
        guard let person = begun else { throw Self.changed }
        let token = try tokens.token(
            subject: person.subject, role: person.role, session: record.family, now: now)
        let caller = Caller(
            subject: person.subject, role: person.role ?? "default", session: record.family)
        return reply(
            token: token, refresh: refresh, person, data: try await loginData(for: caller),
            status: status)
    }

    /// What the app's queries find for those who sign in: an object by the queries' names.
    private func loginData(for caller: Caller) async throws(APIError) -> ArraySlice<UInt8>? {
        guard !auth.loginData.isEmpty else { return nil }
        let none = try QueryString("")
        var text = WireText()
        text.raw("{")
        for name in auth.loginData {
            guard let query = app.release.queries.first(where: { $0.name == name }) else {
                continue
            }
            let binding = QueryBinding(app: app, query: query, caller: caller, parameters: none)
            let found = try await app.backend.read(
                QueryTask(
                    query: query, statement: try binding.statement(),
                    limit: app.release.app.limits.pageRows))
            text.name(name)
            text.raw("[")
            text.raw(found.rows.bytes)
            text.raw("]")
        }
        text.raw("}")
        return text.bytes
    }

    private func reply(
        token: String, refresh: String, _ person: Person, data: ArraySlice<UInt8>? = nil,
        status: Int
    ) -> Reply {
        var text = WireText()
        text.raw("{\"token\":")
        text.string(token)
        text.name("refresh_token")
        text.string(refresh)
        text.name("token_type")
        text.string("Bearer")
        text.name("expires_in")
        text.integer(auth.tokenTTLSeconds)
        text.name("user")
        write(person, to: &text)
        if let data {
            text.raw(",\"login_data\":")
            text.raw(data)
        }
        text.raw("}")
        var reply = Reply.success(text.bytes, status: status)
        reply.headers.append((.cacheControl, "no-store"))
        return reply
    }

    private func write(_ person: Person, to text: inout WireText) {
        guard let table = app.people else { return text.raw("null") }
        RowText(table, fields: nil, role: person.role ?? "default").write(person.row, to: &text)
        text.raw("}")
    }

    // MARK: - Signed in

    private func signedIn() async throws(APIError) -> Person {
        guard let subject = request.caller.subject else { throw .unauthenticated }
        let person = try await app.backend.read(
            FindPerson(app: app, auth: auth, login: nil, subject: subject))
        guard let person else {
            throw APIError(401, "invalid_token", "the token is of nobody that is there")
        }
        return person
    }

    private func me() async throws(APIError) -> Reply {
        let person = try await signedIn()
        var text = WireText()
        write(person, to: &text)
        return Reply.success(text.bytes)
    }

    private func logout() async throws(APIError) -> Reply {
        guard let session = request.caller.session else { throw .unauthenticated }
        let now = Clock.seconds
        _ = try await app.backend.write(EndSession(app: app, family: session, now: now))
        tokens.end(session, now: now)
        return Reply.success(Reply.null)
    }

    private func refresh() async throws(APIError) -> Reply {
        try limiter.take(address: request.address)
        let presented = try text("refresh_token", of: try body(["refresh_token"]))
        let now = Clock.seconds
        let refusal = APIError(
            401, "invalid_refresh_token", "this sign-in can't be renewed: sign in again")
        let outcome = try await app.backend.write(
            RefreshSession(
                app: app, auth: auth, tokens: refreshTokens, presented: presented, now: now))
        switch outcome {
        case .refused: throw refusal
        case .ended(let family):
            tokens.end(family, now: now)
            throw refusal
        case .next(let refresh, let family, let person):
            let token = try tokens.token(
                subject: person.subject, role: person.role, session: family, now: now)
            return reply(token: token, refresh: refresh, person, status: 200)
        }
    }

    private func changePassword() async throws(APIError) -> Reply {
        try limiter.take(address: request.address)
        let json = try body(["current", "new"])
        let current = try text("current", of: json)
        let new = try text("new", of: json)
        let person = try await signedIn()
        let isRight = try await working {
            try PasswordHasher().verify(current, against: person.passwordHash) != .doesNotMatch
        }
        guard isRight else {
            throw APIError(
                403, "invalid_credentials", "the current password is wrong",
                [.init(field: "current", code: "password", message: "is wrong")])
        }
        let hash = try await hashed(new, field: "new")
        let now = Clock.seconds
        let ended = try await app.backend.write(
            SetPassword(
                app: app, auth: auth, person: person, hash: hash,
                session: request.caller.session, now: now))
        guard let ended else { throw Self.changed }
        for session in ended { tokens.end(session, now: now) }
        return Reply.success(Reply.null)
    }
}
