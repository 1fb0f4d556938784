internal import CPostgreSQL
internal import Glibc
package import SQL

/// A connection to a PostgreSQL server.
///
/// Calls block until the server has answered. Text is UTF-8, times are UTC.
package final class PostgreSQLDatabase: Database {
    private let connection: OpaquePointer
    private var statements: [String: PostgreSQLStatement] = [:]
    private var prepared = 0
    private var depth = 0

    /// - Throws: `cannotOpen` when the server can't be reached or refuses the user.
    package init(_ settings: ServerSettings) throws(SQLError) {
        let parameters = Self.parameters(settings)
        let connection = Self.connect(parameters)
        guard let connection else { throw SQLError(.cannotOpen, "out of memory") }
        guard PQstatus(connection) == CONNECTION_OK else {
            let message = String(cString: PQerrorMessage(connection))
            PQfinish(connection)
            throw SQLError(.cannotOpen, message.trimmingLineBreaks)
        }
        self.connection = connection
        // Notices are for people at a prompt.
        PQsetNoticeProcessor(connection, { _, _ in }, nil)
    }

    deinit { PQfinish(connection) }

    /// Whether the connection has failed for good: every call will.
    package var isLost: Bool { PQstatus(connection) != CONNECTION_OK }

    /// Runs constant text of any number of statements, without values or rows.
    package func script(_ sql: String) throws(SQLError) {
        let result = PostgreSQLResult(PQexec(connection, sql), on: connection)
        try result.check()
    }

    /// See `Database.execute`.
    @discardableResult
    package func execute(_ sql: String, _ values: [SQLValue]) throws(SQLError) -> Int {
        try run(sql, values).affectedRows
    }

    /// See `Database.query`.
    package func query(
        _ sql: String, _ values: [SQLValue], _ body: (PostgreSQLRow) throws(SQLError) -> Void
    ) throws(SQLError) {
        let result = try run(sql, values)
        // A row that outlives its closure reads nulls.
        defer { result.clear() }
        for row in 0..<result.rowCount { try body(PostgreSQLRow(result: result, row: row)) }
    }

    /// See `Database.transaction`. `writing` is as durable as `durable`.
    package func transaction<Result>(
        _ mode: TransactionMode, _ body: () throws(SQLError) -> Result
    ) throws(SQLError) -> Result {
        guard depth == 0 else {
            return try nested(
                "SAVEPOINT s\(depth)", commit: "RELEASE s\(depth)",
                rollback: "ROLLBACK TO s\(depth); RELEASE s\(depth)", body)
        }
        let begin =
            mode == .reading ? "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY" : "BEGIN"
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
            if PQtransactionStatus(connection) != PQTRANS_IDLE { try? script(rollback) }
            throw error
        }
    }

    // MARK: - Statements

    private func run(_ sql: String, _ values: [SQLValue]) throws(SQLError) -> PostgreSQLResult {
        let statement = try statement(sql)
        guard values.count == statement.parameterCount else {
            throw SQLError(.other, "\(values.count) values for \(statement.parameterCount) marks")
        }
        let result = PostgreSQLResult(
            try PostgreSQLParameters(values).execute(statement.name, on: connection),
            on: connection)
        try result.check()
        return result
    }

    private func statement(_ sql: String) throws(SQLError) -> PostgreSQLStatement {
        if let kept = statements[sql] { return kept }
        // A bound on memory, not a policy: text is constant, so this is hardly ever reached.
        if statements.count >= 256 {
            statements.removeAll()
            try script("DEALLOCATE ALL")
        }
        prepared += 1
        let statement = PostgreSQLStatement(sql, name: "s\(prepared)")
        try PostgreSQLResult(
            PQprepare(connection, statement.name, statement.text, 0, nil), on: connection
        ).check()
        statements[sql] = statement
        return statement
    }

    // MARK: - Connecting

    private static func connect(_ parameters: [(String, String)]) -> OpaquePointer? {
        let keys = parameters.map { strdup($0.0) } + [nil]
        let values = parameters.map { strdup($0.1) } + [nil]
        defer { for pointer in keys + values { free(pointer) } }
        return PQconnectdbParams(
            keys.map { UnsafePointer($0) }, values.map { UnsafePointer($0) }, 0)
    }

    private static func parameters(_ settings: ServerSettings) -> [(String, String)] {
        var parameters = [
            ("user", settings.user), ("dbname", settings.database),
            ("connect_timeout", String(settings.connectTimeoutSeconds)),
            ("application_name", "stead"), ("client_encoding", "UTF8"),
            (
                "options",
                "-c statement_timeout=\(settings.statementTimeoutMilliseconds) -c TimeZone=UTC"
            ),
        ]
        switch settings.endpoint {
        case .tcp(let host, let port): parameters += [("host", host), ("port", String(port))]
        case .socket(let path, let port): parameters += [("host", path), ("port", String(port))]
        }
        switch settings.encryption {
        case .off: parameters.append(("sslmode", "disable"))
        case .verified(let certificates):
            parameters.append(("sslmode", "verify-full"))
            // libpq looks for a file of the user's own; Debian's is the system's.
            parameters.append(
                ("sslrootcert", certificates ?? "/etc/ssl/certs/ca-certificates.crt"))
        }
        if let password = settings.password { parameters.append(("password", password)) }
        return parameters
    }
}
