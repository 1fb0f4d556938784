internal import CSQLite

/// The row a SQLite statement stands on.
package struct SQLiteRow: Row {
    let statement: SQLiteStatement

    package var columnCount: Int {
        statement.current.map { Int(sqlite3_column_count($0)) } ?? 0
    }

    /// Whether the column holds NULL; columns count from 0.
    package func isNull(_ column: Int) -> Bool {
        guard let handle = statement.current else { return true }
        return sqlite3_column_type(handle, Int32(column)) == SQLITE_NULL
    }

    /// The column as an integer; nil for NULL.
    package func integer(_ column: Int) -> Int? {
        guard let handle = statement.current else { return nil }
        let integer = sqlite3_column_int64(handle, Int32(column))
        // Null reads as 0, so only that needs a second look.
        if integer == 0, sqlite3_column_type(handle, Int32(column)) == SQLITE_NULL { return nil }
        return Int(integer)
    }

    /// The column as a floating-point number; nil for NULL.
    package func real(_ column: Int) -> Double? {
        guard let handle = statement.current, !isNull(column) else { return nil }
        return sqlite3_column_double(handle, Int32(column))
    }

    /// The column as text; nil for NULL.
    package func text(_ column: Int) -> String? {
        withBytes(column) { bytes in
            // Null has no bytes, so only what has none needs a second look.
            if bytes.isEmpty, isNull(column) { return nil }
            return String(decoding: bytes, as: UTF8.self)
        }
    }

    /// The column's bytes, without a copy, for the length of the call.
    package func withBytes<Result>(
        _ column: Int, _ body: (UnsafeRawBufferPointer) -> Result
    ) -> Result {
        guard let handle = statement.current else { return body(.init(start: nil, count: 0)) }
        // The pointer first: asking for it may convert the value, and so change its size.
        let start = sqlite3_column_blob(handle, Int32(column))
        let count = sqlite3_column_bytes(handle, Int32(column))
        return body(.init(start: start, count: start == nil ? 0 : Int(count)))
    }

    /// The column as it is stored.
    package func value(_ column: Int) -> SQLValue {
        guard let handle = statement.current else { return .null }
        return switch sqlite3_column_type(handle, Int32(column)) {
        case SQLITE_INTEGER: SQLValue(integer(column))
        case SQLITE_FLOAT: .real(sqlite3_column_double(handle, Int32(column)))
        case SQLITE_TEXT: SQLValue(text(column))
        case SQLITE_BLOB: .blob(bytes(column) ?? [])
        default: .null
        }
    }
}
