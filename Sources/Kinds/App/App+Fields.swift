import Resources
import Schemas

extension App {
    static let summary = "An app whose API the gateway serves: its domains, database and sign-in."

    static let example = """
        kind: App                    # desired/apps/prokov/app.yaml: the folder gives the name
        name: prokov
        hosts: [prokov.example.com]
        basePath: /api
        database: {engine: sqlite, path: prokov.db}
        auth: {table: users, login: email, password: password_hash, register: true}

        """

    static let fields = FieldTable<AppSpec>(
        from: { AppSpec() },
        [
            Field(
                "hosts", \.hosts, .list(of: .domain), defaultText: "[]",
                "The domains the API answers to; none: all that no other app names.",
                example: "[prokov.example.com]"),
            Field(
                "basePath", \.basePath, .path, defaultText: "/api",
                "What the paths of the API begin with.", example: "/api"),
            Field(
                "database", \.database, .record(database) { DatabaseSpec() }, isRequired: true,
                "Where the app's tables are.", example: "{engine: sqlite, path: prokov.db}"),
            Field(
                "auth", \.auth, .record(auth) { SignIn() },
                "How people sign in; without it nobody can.",
                example: "{table: users, login: email, password: password_hash}"),
            Field(
                "origins", \.origins, .list(of: .origin), defaultText: "[]",
                "The origins of web pages that may call the API (CORS); `\"*\"` for all.",
                example: "[https://prokov.example.com]"),
            Field(
                "limits", \.limits, .record(limits) { ServingLimits() },
                "What one request may take.", example: "{body: 1048576}"),
        ])

    private static let database = FieldTable<DatabaseSpec>(
        from: { DatabaseSpec() },
        [
            Field(
                "engine", \.engine, .enumeration, isRequired: true,
                "The kind of database; mysql is another word for mariadb.", example: "sqlite"),
            Field(
                "path", \.path, .string,
                "SQLite's file; a relative one lies in `databases/` of the state folder.",
                example: "prokov.db"),
            Field(
                "host", \.host, .host, "The server; localhost when omitted.", example: "10.8.0.4"),
            Field("port", \.port, .port, "The server's port.", example: "5432"),
            Field(
                "socket", \.socket, .path,
                "The server's Unix socket instead; for PostgreSQL the folder it lies in.",
                example: "/run/mysqld/mysqld.sock"),
            Field("name", \.name, .string, "The database on its server.", example: "prokov"),
            Field("user", \.user, .string, "The user to sign in as.", example: "prokov"),
            Field(
                "passwordFile", \.passwordFile, .path,
                "A file with the password alone, readable by its owner only; without it the "
                    + "environment's STEAD_DATABASE_PASSWORD is used.",
                example: "/etc/stead/prokov.password"),
            Field(
                "tls", \.tls, .boolean, defaultText: "false",
                "Encrypts the connection and verifies the server's certificate.",
                example: "true"),
            Field(
                "certificates", \.certificates, .path,
                "Who may have signed that certificate, in PEM; the system's own when omitted.",
                example: "/etc/stead/ca.pem"),
            Field(
                "create", \.create, .boolean, defaultText: "true",
                "Whether Stead may make the database when it is not there.", example: "false"),
        ])

    private static let auth = FieldTable<SignIn>(
        from: { SignIn() },
        [
            Field(
                "table", \.table, .string, isRequired: true,
                "The table of those who may sign in.", example: "users"),
            Field(
                "login", \.login, .string, defaultText: "email",
                "Its column that says who one is.", example: "email"),
            Field(
                "password", \.password, .string, defaultText: "password",
                "Its column that holds the password's bcrypt hash; nobody reads or writes it.",
                example: "password_hash"),
            Field(
                "role", \.role, .string,
                "Its column that holds one's role; without it everybody is `default`.",
                example: "role"),
            Field(
                "algorithm", \.algorithm, .enumeration, defaultText: "HS256",
                "The signature of tokens.", example: "ES256"),
            Field(
                "tokenTTL", \.tokenTTLSeconds, .duration, defaultText: "24h",
                "How long a token is valid.", example: "15m"),
            Field(
                "refreshTTL", \.refreshTTLSeconds, .duration, defaultText: "30d",
                "How long a sign-in can be renewed.", example: "30d"),
            Field(
                "register", \.allowsRegistration, .boolean, defaultText: "false",
                "Whether anybody may register.", example: "true"),
            Field(
                "loginData", \.loginData, .list(of: .string), defaultText: "[]",
                "Queries that run at sign-in; what they find comes with the token.",
                example: "[my-projects]"),
            Field(
                "registeredRole", \.registeredRole, .string,
                "The role that those get who register.", example: "member"),
        ])

    private static let limits = FieldTable<ServingLimits>(
        from: { ServingLimits() },
        [
            Field(
                "body", \.bodyBytes, .integer(1...1 << 30), defaultText: "1048576",
                "The most bytes of a request's body.", example: "1048576"),
            Field(
                "page", \.pageRows, .integer(1...100_000), defaultText: "1000",
                "The most rows of a page.", example: "1000"),
            Field(
                "usualPage", \.usualPageRows, .integer(1...100_000), defaultText: "30",
                "The rows of a page that asks for no number.", example: "30"),
            Field(
                "statement", \.statementTimeoutMilliseconds, .integer(10...600_000),
                defaultText: "10000", "The most milliseconds of one statement.", example: "10000"),
        ])
}

extension FieldType where Value == String {
    /// The origin of a web page, as browsers send it; `*` for all.
    ///
    /// Source: RFC 6454, section 6.1.
    static var origin: FieldType {
        scalar.checked("origin") { text in
            if text == "*" { return nil }
            let parts = text.split(separator: "/", omittingEmptySubsequences: false)
            let isValid =
                parts.count == 3 && ["http:", "https:"].contains(parts[0]) && parts[1].isEmpty
                && !parts[2].isEmpty
            return isValid ? nil : "must be an origin such as `https://prokov.example.com`"
        }
    }
}
