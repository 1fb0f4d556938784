internal import CSQLite

/// A compiled statement, which owns its handle.
final class SQLiteStatement: KeptStatement {
    let sql: String
    private let handle: OpaquePointer
    /// Being stepped: another use of the same text then needs a statement of its own.
    private(set) var isRunning = false
    var use = StatementUse()
    /// Columns may be read: the last step brought a row.
    private var hasRow = false

    /// - Throws: what the connection says of text it can't compile, or of more than one statement.
    init(_ sql: String, on connection: OpaquePointer) throws(SQLError) {
        var handle: OpaquePointer?
        var hasMore = false
        let status = sql.withCString { start in
            var tail: UnsafePointer<CChar>?
            let status = sqlite3_prepare_v3(
                connection, start, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &handle, &tail)
            hasMore = tail.map { $0.pointee != 0 } ?? false
            return status
        }
        guard status == SQLITE_OK else { throw SQLError(status: status, on: connection) }
        guard let handle else { throw SQLError(.other, "an empty statement") }
        self.sql = sql
        self.handle = handle
        // Whatever follows the first statement would silently never run.
        guard !hasMore else { throw SQLError(.other, "more than one statement: \(sql)") }
    }

    deinit { sqlite3_finalize(handle) }

    /// What the columns are called that it finds.
    var columnNames: [String] {
        (0..<sqlite3_column_count(handle)).map { column in
            sqlite3_column_name(handle, column).map { String(cString: $0) } ?? ""
        }
    }

    /// Binds `values`, steps to the end, and leaves the statement ready for its next use.
    func run(
        _ values: [SQLValue], on connection: OpaquePointer,
        _ body: (SQLiteRow) throws(SQLError) -> Void
    ) throws(SQLError) {
        isRunning = true
        defer { reset() }
        guard values.count == Int(sqlite3_bind_parameter_count(handle)) else {
            throw SQLError(.other, "\(values.count) values for another number of placeholders")
        }
        try bind(values, from: 0, on: connection) { () throws(SQLError) in
            // Before what was lent goes back to its owner.
            defer { reset() }
            try step(on: connection, body)
        }
    }

    private func step(
        on connection: OpaquePointer, _ body: (SQLiteRow) throws(SQLError) -> Void
    ) throws(SQLError) {
        while true {
            let status = sqlite3_step(handle)
            guard status == SQLITE_ROW else {
                guard status == SQLITE_DONE else { throw SQLError(status: status, on: connection) }
                return
            }
            hasRow = true
            try body(SQLiteRow(statement: self))
        }
    }

    /// The handle while there is a row to read, nil otherwise; a row that outlives its closure thus
    /// reads nulls rather than what SQLite leaves undefined.
    var current: OpaquePointer? { hasRow ? handle : nil }

    private func reset() {
        hasRow = false
        // Its status repeats the error that stepping has already reported.
        sqlite3_reset(handle)
        sqlite3_clear_bindings(handle)
        isRunning = false
    }

    /// Binds the values from `start` on, and calls `body` while they are bound: what is long is
    /// lent to SQLite, not copied.
    private func bind(
        _ values: [SQLValue], from start: Int, on connection: OpaquePointer,
        _ body: () throws(SQLError) -> Void
    ) throws(SQLError) {
        for index in start..<values.count {
            let value = values[index]
            if value.isLong {
                let result = value.withBytes { bytes in
                    Result { () throws(SQLError) in
                        try check(lend(value, bytes, at: Int32(index + 1)), on: connection)
                        try bind(values, from: index + 1, on: connection, body)
                    }
                }
                return try result.get()
            }
            try check(bind(value, at: Int32(index + 1)), on: connection)
        }
        try body()
    }

    private func check(_ status: Int32, on connection: OpaquePointer) throws(SQLError) {
        guard status == SQLITE_OK else { throw SQLError(status: status, on: connection) }
    }

    private func lend(
        _ value: SQLValue, _ bytes: UnsafeRawBufferPointer, at index: Int32
    ) -> Int32 {
        let count = UInt64(bytes.count)
        // No destructor: SQLITE_STATIC, the bytes stay where they are.
        guard case .text = value else {
            return sqlite3_bind_blob64(handle, index, bytes.baseAddress, count, nil)
        }
        return sqlite3_bind_text64(
            handle, index, bytes.assumingMemoryBound(to: CChar.self).baseAddress, count, nil,
            UInt8(SQLITE_UTF8))
    }

    private func bind(_ value: SQLValue, at index: Int32) -> Int32 {
        switch value {
        case .null:
            return sqlite3_bind_null(handle, index)
        case .integer(let integer):
            return sqlite3_bind_int64(handle, index, Int64(integer))
        case .real(let real):
            return sqlite3_bind_double(handle, index, real)
        case .text(""):
            // An empty buffer's address may be nil, which SQLite would take for null.
            return sqlite3_bind_text(handle, index, "", 0, Self.copied)
        case .text(var text):
            return text.withUTF8 { bytes in
                bytes.withMemoryRebound(to: CChar.self) { characters in
                    sqlite3_bind_text64(
                        handle, index, characters.baseAddress, UInt64(characters.count),
                        Self.copied, UInt8(SQLITE_UTF8))
                }
            }
        case .blob(let bytes):
            return bytes.withUnsafeBytes { bytes in
                bytes.isEmpty
                    ? sqlite3_bind_zeroblob(handle, index, 0)
                    : sqlite3_bind_blob64(
                        handle, index, bytes.baseAddress, UInt64(bytes.count), Self.copied)
            }
        }
    }

    /// SQLITE_TRANSIENT, a macro Swift can't import: SQLite copies the bytes before it returns.
    private static var copied: sqlite3_destructor_type {
        unsafeBitCast(-1, to: sqlite3_destructor_type.self)
    }
}

extension SQLValue {
    /// Worth the trouble of not being copied.
    fileprivate var isLong: Bool {
        switch self {
        case .text(let text): text.utf8.count >= 4096
        case .blob(let bytes): bytes.count >= 4096
        default: false
        }
    }

    /// Lends the bytes of a text or a blob; none of the others.
    fileprivate func withBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        switch self {
        case .text(var text): text.withUTF8 { body(UnsafeRawBufferPointer($0)) }
        case .blob(let bytes): bytes.withUnsafeBytes(body)
        default: body(UnsafeRawBufferPointer(start: nil, count: 0))
        }
    }
}
