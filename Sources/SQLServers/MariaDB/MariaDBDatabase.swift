internal import CMariaDB
package import SQL

/// A connection to a MariaDB server.
///
/// Calls block until the server has answered. Text is UTF-8, times are UTC, `"x"` is a name, values
/// that don't fit are errors: the same SQL means the same as on the other engines.
package final class MariaDBDatabase: Database {
    private let connection: UnsafeMutablePointer<MYSQL>
    private var statements: [String: MariaDBStatement] = [:]
    private var depth = 0
    /// The connection has failed for good: every call will.
    package private(set) var isLost = false

    private static let modes = [
        "ANSI_QUOTES", "PIPES_AS_CONCAT", "NO_BACKSLASH_ESCAPES", "STRICT_ALL_TABLES",
        "NO_ZERO_DATE", "NO_ZERO_IN_DATE", "ERROR_FOR_DIVISION_BY_ZERO", "NO_ENGINE_SUBSTITUTION",
    ]

    /// - Throws: `cannotOpen` when the server can't be reached or refuses the user.
    package init(_ settings: ServerSettings) throws(SQLError) {
        guard let connection = mysql_init(nil) else {
            throw SQLError(.cannotOpen, "out of memory")
        }
        do throws(SQLError) {
            try Self.connect(connection, settings)
        } catch {
            mysql_close(connection)
            throw error
        }
        self.connection = connection
        try script("SET SESSION sql_mode = '\(Self.modes.joined(separator: ","))'")
        try script("SET SESSION time_zone = '+00:00'")
        let seconds = Double(settings.statementTimeoutMilliseconds) / 1000
        try script("SET SESSION max_statement_time = \(seconds)")
    }

    deinit {
        statements.removeAll()
        mysql_close(connection)
    }

    /// Runs one constant statement without values or rows, past the protocol of prepared ones.
    package func script(_ sql: String) throws(SQLError) {
        guard mysql_real_query(connection, sql, UInt(sql.utf8.count)) == 0 else {
            throw failure(SQLError(connection))
        }
        mysql_free_result(mysql_store_result(connection))
    }

    /// See `Database.execute`.
    @discardableResult
    package func execute(_ sql: String, _ values: [SQLValue]) throws(SQLError) -> Int {
        var count = 0
        try run(sql, values) { statement throws(SQLError) in count = statement.affectedRows }
        return count
    }

    /// See `Database.query`.
    package func query(
        _ sql: String, _ values: [SQLValue], _ body: (MariaDBRow) throws(SQLError) -> Void
    ) throws(SQLError) {
        try run(sql, values) { statement throws(SQLError) in
            while try statement.step() { try body(MariaDBRow(statement: statement)) }
        }
    }

    /// See `Database.transaction`. `writing` is as durable as `durable`.
    package func transaction<Result>(
        _ mode: TransactionMode, _ body: () throws(SQLError) -> Result
    ) throws(SQLError) -> Result {
        guard depth == 0 else {
            return try nested(
                "SAVEPOINT s\(depth)", commit: "RELEASE SAVEPOINT s\(depth)",
                rollback: "ROLLBACK TO SAVEPOINT s\(depth)", body)
        }
        let begin =
            mode == .reading
            ? "START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY" : "START TRANSACTION"
        return try nested(begin, commit: "COMMIT", rollback: "ROLLBACK", body)
    }

    private func nested<Result>(
        _ begin: String, commit: String, rollback: String,
        _ body: () throws(SQLError) -> Result
    ) throws(SQLError) -> Result {
        try script(begin)
        depth += 1
        defer { depth -= 1 }
        do {
            let result = try body()
            try script(commit)
            return result
        } catch {
            // A deadlock has rolled everything back already, savepoints included.
            try? script(rollback)
            throw error
        }
    }

    // MARK: - Statements

    private func run(
        _ sql: String, _ values: [SQLValue],
        _ body: (MariaDBStatement) throws(SQLError) -> Void
    ) throws(SQLError) {
        do throws(SQLError) {
            let statement = try statement(sql)
            defer { statement.reset() }
            try statement.execute(values)
            try body(statement)
        } catch {
            throw failure(error)
        }
    }

    /// The kept statement of this text, unless it is being stepped further up the stack.
    private func statement(_ sql: String) throws(SQLError) -> MariaDBStatement {
        if let kept = statements[sql], !kept.isRunning { return kept }
        let statement = try MariaDBStatement(sql, on: connection)
        // A bound on memory, not a policy: text is constant, so this is hardly ever reached.
        if statements.count >= 256 { statements.removeAll() }
        statements[sql] = statement
        return statement
    }

    private func failure(_ error: SQLError) -> SQLError {
        if error.reason == .connectionLost { isLost = true }
        return error
    }

    // MARK: - Connecting

    private static func connect(
        _ connection: UnsafeMutablePointer<MYSQL>, _ settings: ServerSettings
    ) throws(SQLError) {
        var timeout = UInt32(settings.connectTimeoutSeconds)
        mysql_options(connection, MYSQL_OPT_CONNECT_TIMEOUT, &timeout)
        mysql_options(connection, MYSQL_SET_CHARSET_NAME, "utf8mb4")
        // A server must not be able to ask for files of this machine.
        var never = UInt32(0)
        mysql_options(connection, MYSQL_OPT_LOCAL_INFILE, &never)
        encrypt(connection, settings.encryption)
        if case .tcp = settings.endpoint {
            // To the library `localhost` means a socket, to everybody else an address.
            var tcp = MYSQL_PROTOCOL_TCP.rawValue
            mysql_options(connection, MYSQL_OPT_PROTOCOL, &tcp)
        }
        let (host, port, socket): (String?, Int, String?) =
            switch settings.endpoint {
            case .tcp(let host, let port): (host, port, nil)
            case .socket(let path, let port): (nil, port, path)
            }
        // An update counts the rows it found, changed or not, as on the other engines.
        let connected = mysql_real_connect(
            connection, host, settings.user, settings.password, settings.database,
            UInt32(port), socket, UInt(CLIENT_FOUND_ROWS))
        guard connected != nil else {
            throw SQLError(.cannotOpen, String(cString: mysql_error(connection)))
        }
    }

    private static func encrypt(
        _ connection: UnsafeMutablePointer<MYSQL>, _ encryption: ServerSettings.Encryption
    ) {
        guard case .verified(let certificates) = encryption else { return }
        var yes: my_bool = 1
        mysql_options(connection, MYSQL_OPT_SSL_ENFORCE, &yes)
        mysql_options(connection, MYSQL_OPT_SSL_VERIFY_SERVER_CERT, &yes)
        mysql_options(
            connection, MYSQL_OPT_SSL_CA, certificates ?? "/etc/ssl/certs/ca-certificates.crt")
    }
}
