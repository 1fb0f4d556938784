internal import CPostgreSQL
internal import Glibc
package import SQL

/// A connection to a PostgreSQL server.
///
/// Calls block until the server has answered. Text is UTF-8, times are UTC.
package final class PostgreSQLDatabase: Database {
    private let connection: OpaquePointer
    private let answers: PostgreSQLAnswers
    private var statements: StatementCache<PostgreSQLStatement>
    private var prepared = 0
    private var depth = 0
    /// Whether a table has changed under a kept statement, and so maybe under others.
    private var isOutdated = false
    /// See `Database.sentStatements`.
    package private(set) var sentStatements = 0
    /// Ends the statement that runs, from any thread: it throws `timeout`.
    package let cancel: PostgreSQLCancel

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
        answers = PostgreSQLAnswers(connection, settings)
        statements = StatementCache(limit: settings.statementLimit)
        cancel = PostgreSQLCancel(connection)
        // Notices are for people at a prompt.
        PQsetNoticeProcessor(connection, { _, _ in }, nil)
    }

    deinit { PQfinish(connection) }

    /// Whether the connection has failed for good: every call will.
    ///
    /// Also looks at whether the server has hung up meanwhile, which costs no answer of it.
    package var isLost: Bool {
        if PQstatus(connection) != CONNECTION_OK { return true }
        guard Socket.hasSomethingToRead(PQsocket(connection)) else { return false }
        // Nobody has asked for anything: a farewell, or word of a changed setting.
        _ = try? control("")
        return PQstatus(connection) != CONNECTION_OK
    }

    /// See `Database.isInTransaction`.
    package var isInTransaction: Bool { PQtransactionStatus(connection) != PQTRANS_IDLE }

    /// Runs constant text of any number of statements, without values or rows.
    package func script(_ sql: String) throws(SQLError) {
        sentStatements += 1
        try control(sql)
    }

    /// Runs what can be undone by leaving it alone: a transaction's own statements.
    private func control(_ sql: String) throws(SQLError) {
        _ = try answers.only(PQsendQuery(connection, sql))
    }

    /// See `Database.execute`.
    @discardableResult
    package func execute(_ sql: String, _ values: [SQLValue]) throws(SQLError) -> Int {
        try run(sql, nil, values).affectedRows
    }

    /// See `Database.execute`.
    @discardableResult
    package func execute(_ text: PreparedText, _ values: [SQLValue]) throws(SQLError) -> Int {
        try run(text.sql, text, values).affectedRows
    }

    /// See `Database.query`.
    package func query(
        _ sql: String, _ values: [SQLValue], _ body: (PostgreSQLRow) throws(SQLError) -> Void
    ) throws(SQLError) {
        try each(run(sql, nil, values), body)
    }

    /// See `Database.query`.
    package func query(
        _ text: PreparedText, _ values: [SQLValue],
        _ body: (PostgreSQLRow) throws(SQLError) -> Void
    ) throws(SQLError) {
        try each(run(text.sql, text, values), body)
    }

    /// See `Database.stream`.
    package func stream(
        _ text: PreparedText, _ values: [SQLValue],
        _ body: (PostgreSQLRow) throws(SQLError) -> Void
    ) throws(SQLError) {
        try upToDate { () throws(SQLError) in try streamOnce(text, values, body) }
    }

    /// See `Database.check`.
    @discardableResult
    package func check(_ sql: String) throws(SQLError) -> [String] {
        // The statement without a name is gone with the next one.
        let statement = PostgreSQLStatement(sql, name: "")
        _ = try answers.only(PQsendPrepare(connection, "", statement.text, 0, nil))
        return try answers.only(PQsendDescribePrepared(connection, "")).columnNames
    }

    private func streamOnce(
        _ text: PreparedText, _ values: [SQLValue],
        _ body: (PostgreSQLRow) throws(SQLError) -> Void
    ) throws(SQLError) {
        let statement = try statement(text.sql, text)
        let isSent = try send(statement, values)
        guard isSent == 1, PQsetSingleRowMode(connection) == 1 else {
            throw SQLError(nil, on: connection)
        }
        var failure: SQLError?
        while let answer = answers.next() {
            let result = PostgreSQLResult(answer, on: connection)
            // A row that outlives its closure reads nulls.
            defer { result.clear() }
            // The rest must be taken in before anything else can be asked.
            guard failure == nil else { continue }
            do throws(SQLError) {
                try result.check()
                if result.rowCount > 0 { try body(PostgreSQLRow(result: result, row: 0)) }
            } catch {
                failure = error
                // Nobody wants the rest: the server need not finish it.
                try? cancel()
            }
        }
        if let failure { throw failure }
    }

    private func each(
        _ result: PostgreSQLResult, _ body: (PostgreSQLRow) throws(SQLError) -> Void
    ) throws(SQLError) {
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
        try control(begin)
        depth += 1
        defer { depth -= 1 }
        do {
            let result = try body()
            try control(commit)
            return result
        } catch {
            if isInTransaction { try? control(rollback) }
            throw error
        }
    }

    // MARK: - Statements

    private func run(
        _ sql: String, _ text: PreparedText?, _ values: [SQLValue]
    ) throws(SQLError) -> PostgreSQLResult {
        try upToDate { () throws(SQLError) in
            try answers.only(send(statement(sql, text), values))
        }
    }

    /// Runs a statement, and once more where a table has changed under the kept one: the server
    /// refuses it before anything is done, but a transaction that is open has failed with it.
    private func upToDate<Result>(_ body: () throws(SQLError) -> Result) throws(SQLError)
        -> Result
    {
        if isOutdated, PQtransactionStatus(connection) != PQTRANS_INERROR { try forget() }
        do throws(SQLError) {
            return try body()
        } catch {
            guard error.reason == .outdated else { throw error }
            isOutdated = true
            guard !isInTransaction else { throw error }
            try forget()
            return try body()
        }
    }

    /// Lets go of all kept statements.
    private func forget() throws(SQLError) {
        try control("DEALLOCATE ALL")
        statements.removeAll()
        isOutdated = false
    }

    /// What libpq says of the sending: 1 when it has begun.
    private func send(
        _ statement: PostgreSQLStatement, _ values: [SQLValue]
    ) throws(SQLError) -> Int32 {
        guard values.count == statement.parameterCount else {
            throw SQLError(.other, "\(values.count) values for \(statement.parameterCount) marks")
        }
        let parameters = try PostgreSQLParameters(values)
        sentStatements += 1
        return parameters.send(statement.name, on: connection)
    }

    private func statement(
        _ sql: String, _ text: PreparedText?
    ) throws(SQLError) -> PostgreSQLStatement {
        if let kept = text.map({ statements.find($0) }) ?? statements.find(sql) { return kept }
        prepared += 1
        let statement = PostgreSQLStatement(sql, name: "s\(prepared)")
        _ = try answers.only(
            PQsendPrepare(connection, statement.name, statement.text, 0, nil))
        for gone in statements.keep(statement, for: text) {
            try control("DEALLOCATE \(gone.name)")
        }
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
            ("keepalives_idle", "60"), ("keepalives_interval", "10"), ("keepalives_count", "3"),
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
