internal import CMariaDB
package import SQL

/// A connection to a MariaDB server.
///
/// Calls block until the server has answered. Text is UTF-8, times are UTC, `"x"` is a name, values
/// that don't fit are errors: the same SQL means the same as on the other engines.
package final class MariaDBDatabase: Database {
    private let connection: UnsafeMutablePointer<MYSQL>
    private var statements: StatementCache<MariaDBStatement>
    private var depth = 0
    private var hasFailed = false
    /// See `Database.sentStatements`.
    package private(set) var sentStatements = 0
    /// Ends the statement that runs, from any thread: it throws `timeout`.
    package let cancel: MariaDBCancel

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
        statements = StatementCache(limit: settings.statementLimit)
        cancel = MariaDBCancel(settings, thread: mysql_thread_id(connection))
        try script("SET SESSION sql_mode = '\(Self.modes.joined(separator: ","))'")
        try script("SET SESSION time_zone = '+00:00'")
        let seconds = Double(settings.statementTimeoutMilliseconds) / 1000
        try script("SET SESSION max_statement_time = \(seconds)")
    }

    deinit {
        statements.removeAll()
        mysql_close(connection)
    }

    /// Whether the connection has failed for good: every call will.
    ///
    /// Also looks at whether the server has hung up meanwhile, which costs no answer of it.
    package var isLost: Bool {
        if !hasFailed, Socket.hasSomethingToRead(Int32(mysql_get_socket(connection))) {
            // Nobody has asked for anything: a farewell, most likely.
            hasFailed = mysql_ping(connection) != 0
        }
        return hasFailed
    }

    /// See `Database.isInTransaction`.
    package var isInTransaction: Bool {
        connection.pointee.server_status & UInt32(SERVER_STATUS_IN_TRANS) != 0
    }

    /// Runs one constant statement without values or rows, past the protocol of prepared ones.
    package func script(_ sql: String) throws(SQLError) {
        sentStatements += 1
        try control(sql)
    }

    /// Runs what can be undone by leaving it alone: a transaction's own statements.
    private func control(_ sql: String) throws(SQLError) {
        guard mysql_real_query(connection, sql, UInt(sql.utf8.count)) == 0 else {
            throw failure(SQLError(connection))
        }
        mysql_free_result(mysql_store_result(connection))
    }

    /// See `Database.execute`.
    @discardableResult
    package func execute(_ sql: String, _ values: [SQLValue]) throws(SQLError) -> Int {
        try execute(sql, nil, values)
    }

    /// See `Database.execute`.
    @discardableResult
    package func execute(_ text: PreparedText, _ values: [SQLValue]) throws(SQLError) -> Int {
        try execute(text.sql, text, values)
    }

    private func execute(
        _ sql: String, _ text: PreparedText?, _ values: [SQLValue]
    ) throws(SQLError) -> Int {
        var count = 0
        try run(sql, text, values) { statement throws(SQLError) in count = statement.affectedRows }
        return count
    }

    /// See `Database.query`.
    package func query(
        _ sql: String, _ values: [SQLValue], _ body: (MariaDBRow) throws(SQLError) -> Void
    ) throws(SQLError) {
        try run(sql, nil, values) { statement throws(SQLError) in
            while try statement.step() { try body(MariaDBRow(statement: statement)) }
        }
    }

    /// See `Database.query`.
    package func query(
        _ text: PreparedText, _ values: [SQLValue], _ body: (MariaDBRow) throws(SQLError) -> Void
    ) throws(SQLError) {
        try run(text.sql, text, values) { statement throws(SQLError) in
            while try statement.step() { try body(MariaDBRow(statement: statement)) }
        }
    }

    /// See `Database.stream`.
    package func stream(
        _ text: PreparedText, _ values: [SQLValue], _ body: (MariaDBRow) throws(SQLError) -> Void
    ) throws(SQLError) {
        try run(text.sql, text, values, isStreamed: true) { statement throws(SQLError) in
            while try statement.step() { try body(MariaDBRow(statement: statement)) }
        }
    }

    /// See `Database.check`.
    @discardableResult
    package func check(_ sql: String) throws(SQLError) -> [String] {
        do throws(SQLError) {
            return try MariaDBStatement(sql, on: connection).columnNames
        } catch {
            throw failure(error)
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
        try control(begin)
        depth += 1
        defer { depth -= 1 }
        do {
            let result = try body()
            try control(commit)
            return result
        } catch {
            // A deadlock has rolled everything back already, savepoints included.
            try? control(rollback)
            throw error
        }
    }

    // MARK: - Statements

    private func run(
        _ sql: String, _ text: PreparedText?, _ values: [SQLValue], isStreamed: Bool = false,
        _ body: (MariaDBStatement) throws(SQLError) -> Void
    ) throws(SQLError) {
        do throws(SQLError) {
            let statement = try statement(sql, text)
            defer { statement.reset() }
            sentStatements += 1
            try statement.execute(values, isStreamed: isStreamed)
            try body(statement)
        } catch {
            throw failure(error)
        }
    }

    private func statement(
        _ sql: String, _ text: PreparedText?
    ) throws(SQLError) -> MariaDBStatement {
        if let kept = text.map({ statements.find($0) }) ?? statements.find(sql) { return kept }
        let statement = try MariaDBStatement(sql, on: connection)
        _ = statements.keep(statement, for: text)
        return statement
    }

    private func failure(_ error: SQLError) -> SQLError {
        if error.reason == .connectionLost { hasFailed = true }
        return error
    }

    // MARK: - Connecting

    /// Signs in; also for those that only end another connection's statement.
    static func connect(
        _ connection: UnsafeMutablePointer<MYSQL>, _ settings: ServerSettings
    ) throws(SQLError) {
        var timeout = UInt32(settings.connectTimeoutSeconds)
        mysql_options(connection, MYSQL_OPT_CONNECT_TIMEOUT, &timeout)
        if settings.statementTimeoutMilliseconds > 0 {
            // The server ends a statement itself; this is for one that neither does nor hangs up.
            var patience = UInt32(clamping: settings.statementTimeoutMilliseconds / 1000 + 5)
            mysql_options(connection, MYSQL_OPT_READ_TIMEOUT, &patience)
        }
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
