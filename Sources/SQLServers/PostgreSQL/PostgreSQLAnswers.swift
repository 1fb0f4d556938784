internal import CPostgreSQL
internal import SQL

/// The server's answers to what has been sent, waited for with an end in sight.
///
/// libpq's own calls would wait for ever for a server that neither answers nor hangs up.
struct PostgreSQLAnswers {
    let connection: OpaquePointer
    /// Negative for no limit.
    private let patienceMilliseconds: Int32
    /// How much longer than a statement may take its answer may: the server ends it itself.
    private static let marginMilliseconds = 5000

    init(_ connection: OpaquePointer, _ settings: ServerSettings) {
        self.connection = connection
        let limit = settings.statementTimeoutMilliseconds
        patienceMilliseconds = limit > 0 ? Int32(clamping: limit + Self.marginMilliseconds) : -1
    }

    /// The next answer; nil when there is no more.
    func next() -> OpaquePointer? {
        while PQisBusy(connection) == 1 {
            let socket = PQsocket(connection)
            if !Socket.wait(socket, milliseconds: patienceMilliseconds) { Socket.hangUp(socket) }
            guard PQconsumeInput(connection) == 1 else { break }
        }
        return PQgetResult(connection)
    }

    /// The only answer there is, or the last, to a question whose sending returned `isSent`.
    ///
    /// - Throws: the first that the server refused, or what became of the connection.
    func only(_ isSent: Int32) throws(SQLError) -> PostgreSQLResult {
        guard isSent == 1 else { throw SQLError(nil, on: connection) }
        var result = PostgreSQLResult(nil, on: connection)
        var failure: SQLError?
        while let answer = next() {
            result = PostgreSQLResult(answer, on: connection)
            do throws(SQLError) { try result.check() } catch { failure = failure ?? error }
        }
        if let failure { throw failure }
        return result
    }
}
