internal import CPostgreSQL
internal import SQL

/// What the server answered to one statement; owns libpq's copy of it.
final class PostgreSQLResult {
    private var result: OpaquePointer?
    private let connection: OpaquePointer

    init(_ result: OpaquePointer?, on connection: OpaquePointer) {
        self.result = result
        self.connection = connection
    }

    deinit { PQclear(result) }

    /// Gives the memory back; every column is null from then on.
    func clear() {
        PQclear(result)
        result = nil
    }

    /// - Throws: what the server refused.
    func check() throws(SQLError) {
        switch PQresultStatus(result) {
        case PGRES_COMMAND_OK, PGRES_TUPLES_OK, PGRES_SINGLE_TUPLE, PGRES_EMPTY_QUERY: return
        default: throw SQLError(result, on: connection)
        }
    }

    var rowCount: Int { Int(PQntuples(result)) }
    var columnCount: Int { Int(PQnfields(result)) }

    /// What the columns are called.
    var columnNames: [String] {
        (0..<PQnfields(result)).map { column in
            PQfname(result, column).map { String(cString: $0) } ?? ""
        }
    }

    /// How many rows were inserted, updated or deleted; 0 for a query.
    var affectedRows: Int {
        guard PQresultStatus(result) == PGRES_COMMAND_OK || PQnfields(result) > 0 else { return 0 }
        let command = String(cString: PQcmdStatus(result))
        guard !command.hasPrefix("SELECT") else { return 0 }
        return Int(String(cString: PQcmdTuples(result))) ?? 0
    }

    /// Whether a column is null: one that there is none of is.
    func isNull(_ row: Int, _ column: Int) -> Bool {
        PQgetisnull(result, Int32(row), Int32(column)) == 1
    }

    /// The column's text, as long as this lives and is not cleared; empty for null.
    func bytes(_ row: Int, _ column: Int) -> UnsafeRawBufferPointer {
        guard let start = PQgetvalue(result, Int32(row), Int32(column)) else {
            return .init(start: nil, count: 0)
        }
        return .init(start: start, count: Int(PQgetlength(result, Int32(row), Int32(column))))
    }

    /// The number of the column's type in `pg_type`.
    func type(_ column: Int) -> UInt32 { PQftype(result, Int32(column)) }
}
