internal import CMariaDB
package import SQL

/// The row a MariaDB statement stands on.
package struct MariaDBRow: Row {
    let statement: MariaDBStatement

    package var columnCount: Int { statement.columnCount }

    /// See `Row.isNull`.
    package func isNull(_ column: Int) -> Bool { statement.isNull(column) }

    /// See `Row.integer`.
    package func integer(_ column: Int) -> Int? {
        isNull(column) ? nil : statement.integer(column)
    }

    /// See `Row.real`.
    package func real(_ column: Int) -> Double? { isNull(column) ? nil : statement.real(column) }

    /// See `Row.text`.
    package func text(_ column: Int) -> String? {
        isNull(column) ? nil : String(decoding: statement.bytes(column), as: UTF8.self)
    }

    /// See `Row.withBytes`.
    package func withBytes<Result>(
        _ column: Int, _ body: (UnsafeRawBufferPointer) -> Result
    ) -> Result {
        guard !isNull(column) else { return body(.init(start: nil, count: 0)) }
        return statement.bytes(column).withUnsafeBytes(body)
    }

    /// See `Row.value`. Decimals, times and the rest are text.
    package func value(_ column: Int) -> SQLValue {
        guard !isNull(column) else { return .null }
        switch statement.type(column) {
        case MYSQL_TYPE_TINY, MYSQL_TYPE_SHORT, MYSQL_TYPE_INT24, MYSQL_TYPE_LONG,
            MYSQL_TYPE_LONGLONG, MYSQL_TYPE_YEAR:
            return statement.integer(column).map(SQLValue.integer) ?? SQLValue(text(column))
        case MYSQL_TYPE_FLOAT, MYSQL_TYPE_DOUBLE: return .real(statement.real(column))
        case MYSQL_TYPE_TINY_BLOB, MYSQL_TYPE_BLOB, MYSQL_TYPE_MEDIUM_BLOB, MYSQL_TYPE_LONG_BLOB,
            MYSQL_TYPE_STRING, MYSQL_TYPE_VAR_STRING, MYSQL_TYPE_VARCHAR:
            return statement.isBinary(column)
                ? .blob(statement.bytes(column)) : SQLValue(text(column))
        default: return SQLValue(text(column))
        }
    }
}
