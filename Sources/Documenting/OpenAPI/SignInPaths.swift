import Schemas

/// The paths by which one signs in.
struct SignInPaths {
    let app: ServedApp

    init(_ app: ServedApp) {
        self.app = app
    }

    /// One of them.
    private struct Entry {
        var method = "post"
        var name: String
        var summary: String
        var body: String?
        var status = "200"
        var data: String
        var needsToken = false
        var refusals: [Refusal] = []
    }

    private static let session = ##"{"$ref":"#/components/schemas/Session"}"##

    private var entries: [Entry] {
        guard let auth = app.app.auth else { return [] }
        var entries: [Entry] = []
        if auth.allowsRegistration {
            entries.append(
                Entry(
                    name: "register", summary: "Make an account, and sign in.",
                    body: "Registration", status: "201", data: Self.session,
                    refusals: Refusal.body))
        }
        let body: [Refusal] = [.tooLarge, .wrongType, .invalid]
        entries += [
            Entry(
                name: "login", summary: "Sign in.", body: "Login", data: Self.session,
                refusals: body),
            Entry(
                method: "get", name: "me", summary: "Who the token is of.", data: personReference,
                needsToken: true),
            Entry(
                name: "logout", summary: "End the session.", data: TablePaths.null,
                needsToken: true),
            Entry(
                name: "refresh", summary: "A new token, and a new refresh token for the old one.",
                body: "Refresh", data: Self.session, refusals: body),
            Entry(
                name: "password", summary: "Change one's password.", body: "PasswordChange",
                data: TablePaths.null, needsToken: true, refusals: body),
        ]
        return entries
    }

    func write(to json: inout JSONWriter) {
        for entry in entries {
            json.object("\(app.basePath)/auth/\(entry.name)") { path in
                path.object(entry.method) { write(entry, to: &$0) }
            }
        }
    }

    private func write(_ entry: Entry, to json: inout JSONWriter) {
        json.member("operationId", "auth_\(entry.name)")
        json.member("summary", entry.summary)
        json.array("tags", ["sign-in"])
        json.raw("security", entry.needsToken ? #"[{"token":[]}]"# : "[]")
        if let body = entry.body {
            json.object("requestBody") { request in
                request.member("required", true)
                request.raw(
                    "content",
                    ##"{"application/json":{"schema":{"$ref":"#/components/schemas/\##(body)"}}}"##)
            }
        }
        json.object("responses") { responses in
            responses.object(entry.status) { response in
                response.member("description", "Done.")
                let meta = #"{"type":"object"}"#
                response.raw("content", TablePaths.envelope(entry.data, meta: meta))
            }
            Refusal.write(Refusal.always + entry.refusals, to: &responses)
        }
    }

    // MARK: - Schemas

    private var personReference: String { ##"{"$ref":"#/components/schemas/Person"}"## }

    func writeSchemas(to json: inout JSONWriter) {
        guard let auth = app.app.auth else { return }
        let login = app.people?.table[auth.login]
        let secret = #"{"type":"string","minLength":1,"format":"password"}"#
        if auth.allowsRegistration { writeRegistration(auth, login, to: &json) }
        writeObject("Login", [auth.login, "password"], to: &json) { properties in
            properties.raw(auth.login, #"{"type":"string","minLength":1}"#)
            properties.raw("password", secret)
        }
        writeObject("Refresh", ["refresh_token"], to: &json) { properties in
            properties.raw("refresh_token", #"{"type":"string","minLength":1}"#)
        }
        writeObject("PasswordChange", ["current", "new"], to: &json) { properties in
            properties.raw("current", secret)
            properties.raw("new", Self.newPassword)
        }
        writePerson(to: &json)
        json.object("Session") { session in
            session.member("type", "object")
            session.member("additionalProperties", false)
            session.array(
                "required", ["token", "refresh_token", "token_type", "expires_in", "user"])
            session.object("properties") { properties in
                properties.raw("token", #"{"type":"string"}"#)
                properties.raw("refresh_token", #"{"type":"string"}"#)
                properties.raw("token_type", #"{"const":"Bearer"}"#)
                properties.raw(
                    "expires_in", #"{"type":"integer","minimum":0,"description":"Seconds."}"#)
                properties.raw("user", personReference)
                writeLoginData(auth, to: &properties)
            }
        }
    }

    /// What the app's queries find for those who sign in.
    private func writeLoginData(_ auth: SignIn, to json: inout JSONWriter) {
        let queries = auth.loginData.compactMap { name in
            app.allQueries.first { $0.name == name }
        }
        guard !queries.isEmpty else { return }
        json.object("login_data") { data in
            data.member("type", "object")
            data.member("description", "Not when a token is renewed.")
            data.array("required", queries.map(\.name))
            data.object("properties") { properties in
                for query in queries {
                    properties.object(query.name) { list in
                        list.member("type", "array")
                        list.object("items") { QueryPaths.writeRow(query, to: &$0) }
                    }
                }
            }
        }
    }

    /// No expression of a bearable length counts bytes: some long ones with letters beyond ASCII
    /// are refused (422).
    private static let newPassword =
        #"{"type":"string","format":"password","description":"At most 72 bytes in UTF-8.","#
        + #""minLength":\#(ServingLimits.passwordCharacters),"maxLength":72,"#
        + #""pattern":"^[^\\u0000]*$"}"#

    private func writeRegistration(
        _ auth: SignIn, _ login: Column?, to json: inout JSONWriter
    ) {
        let columns = app.registrationColumns
        let required = columns.filter(\.mustBeGiven).map(\.name)
        writeObject("Registration", [auth.login, "password"] + required, to: &json) { properties in
            writeLogin(auth, login, to: &properties)
            properties.raw("password", Self.newPassword)
            for column in columns {
                properties.object(column.name) {
                    ValueSchema(column: column, use: .input).write(to: &$0)
                }
            }
        }
    }

    private func writeLogin(_ auth: SignIn, _ login: Column?, to json: inout JSONWriter) {
        json.object(auth.login) { schema in
            guard var login else { return schema.member("type", "string") }
            login.isRequired = true
            ValueSchema(column: login, use: .input).write(to: &schema)
            if login.type.isTextual { schema.member("minLength", 1) }
        }
    }

    /// What anybody may see of themselves; roles that see more get more.
    private func writePerson(to json: inout JSONWriter) {
        json.object("Person") { person in
            person.member("type", "object")
            person.object("properties") { properties in
                for column in app.people?.readable ?? [] {
                    properties.object(column.name) {
                        ValueSchema(column: column, use: .output).write(to: &$0)
                    }
                }
            }
        }
    }

    private func writeObject(
        _ name: String, _ required: [String], to json: inout JSONWriter,
        properties: (inout JSONWriter) -> Void
    ) {
        json.object(name) { schema in
            schema.member("type", "object")
            schema.member("additionalProperties", false)
            schema.array("required", required)
            schema.object("properties", properties)
        }
    }
}
