internal import CMariaDB
internal import SQL

/// A prepared statement, which owns its handle.
final class MariaDBStatement: KeptStatement {
    let sql: String
    var use = StatementUse()
    private var handle: UnsafeMutablePointer<MYSQL_STMT>
    private let connection: UnsafeMutablePointer<MYSQL>
    /// Being stepped: another use of the same text then needs a statement of its own.
    private(set) var isRunning = false
    private var fields: [MYSQL_FIELD] = []
    /// One of each a column, where the client library writes what it has fetched.
    private var lengths: UnsafeMutableBufferPointer<UInt>
    private var nulls: UnsafeMutableBufferPointer<my_bool>
    private var hasRow = false

    /// - Throws: what the server says of text that it can't prepare.
    init(
        _ sql: String, on connection: UnsafeMutablePointer<MYSQL>
    ) throws(SQLError) {
        self.sql = sql
        self.connection = connection
        handle = try Self.prepared(sql, on: connection)
        lengths = .allocate(capacity: 0)
        nulls = .allocate(capacity: 0)
        readFields()
    }

    private static func prepared(
        _ sql: String, on connection: UnsafeMutablePointer<MYSQL>
    ) throws(SQLError) -> UnsafeMutablePointer<MYSQL_STMT> {
        guard let handle = mysql_stmt_init(connection) else { throw SQLError(connection) }
        guard mysql_stmt_prepare(handle, sql, UInt(sql.utf8.count)) == 0 else {
            let error = SQLError(handle)
            mysql_stmt_close(handle)
            throw error
        }
        return handle
    }

    /// Makes room for as many columns as the statement has now.
    private func readFields() {
        let columns = Int(mysql_stmt_field_count(handle))
        lengths.deallocate()
        nulls.deallocate()
        lengths = .allocate(capacity: columns)
        lengths.initialize(repeating: 0)
        nulls = .allocate(capacity: columns)
        nulls.initialize(repeating: 0)
        fields = []
        guard let metadata = mysql_stmt_result_metadata(handle) else { return }
        fields = (0..<columns).map { mysql_fetch_field_direct(metadata, UInt32($0)).pointee }
        mysql_free_result(metadata)
    }

    deinit {
        mysql_stmt_close(handle)
        lengths.deallocate()
        nulls.deallocate()
    }

    /// What the columns are called that it finds.
    var columnNames: [String] {
        guard let metadata = mysql_stmt_result_metadata(handle) else { return [] }
        defer { mysql_free_result(metadata) }
        return fields.indices.map { column in
            let name = mysql_fetch_field_direct(metadata, UInt32(column)).pointee.name
            return name.map { String(cString: $0) } ?? ""
        }
    }

    var columnCount: Int { fields.count }
    /// How many rows were inserted, updated or deleted; 0 for a query.
    var affectedRows: Int { fields.isEmpty ? Int(mysql_stmt_affected_rows(handle)) : 0 }

    /// Binds `values` and runs it: streamed, the rows come as they are stepped to, otherwise all at
    /// once, which leaves the connection free meanwhile.
    func execute(_ values: [SQLValue], isStreamed: Bool) throws(SQLError) {
        guard values.count == Int(mysql_stmt_param_count(handle)) else {
            throw SQLError(
                .other, "\(values.count) values for \(mysql_stmt_param_count(handle)) marks")
        }
        isRunning = true
        let parameters = MariaDBParameters(values)
        let isDone = parameters.withBinds { binds in
            (binds.isEmpty || mysql_stmt_bind_param(handle, binds.baseAddress) == 0)
                && mysql_stmt_execute(handle) == 0
        }
        guard isDone else { throw SQLError(handle) }
        // The columns of `INSERT … RETURNING` are only known once it has run.
        if Int(mysql_stmt_field_count(handle)) != fields.count { readFields() }
        guard !fields.isEmpty else { return }
        guard bindResult(), isStreamed || mysql_stmt_store_result(handle) == 0 else {
            let error = SQLError(handle)
            try replaceHandle()
            throw error
        }
    }

    /// Begins anew after rows that could not be stored.
    ///
    /// A row of `INSERT … RETURNING` that is refused comes after the columns. The library would
    /// wait for more rows when such a result is freed, and lose the connection.
    private func replaceHandle() throws(SQLError) {
        let new = try Self.prepared(sql, on: connection)
        mysql_stmt_close(handle)
        handle = new
        readFields()
    }

    /// Stands on the next row; false at the end.
    func step() throws(SQLError) -> Bool {
        switch mysql_stmt_fetch(handle) {
        case 0, MYSQL_DATA_TRUNCATED: hasRow = true
        case MYSQL_NO_DATA: hasRow = false
        default: throw SQLError(handle)
        }
        return hasRow
    }

    /// Leaves it ready for its next use.
    func reset() {
        hasRow = false
        mysql_stmt_free_result(handle)
        isRunning = false
    }

    // MARK: - The current row

    func isNull(_ column: Int) -> Bool {
        !hasRow || column >= fields.count || nulls[column] != 0
    }

    /// Whether the column holds bytes, not text.
    func isBinary(_ column: Int) -> Bool { fields[column].charsetnr == 63 }

    func type(_ column: Int) -> enum_field_types { fields[column].type }

    /// Nil for what is beyond 64 bits with a sign.
    func integer(_ column: Int) -> Int? {
        var value: Int64 = 0
        fetch(column, MYSQL_TYPE_LONGLONG, into: &value, size: MemoryLayout<Int64>.size)
        let isBeyond = value < 0 && fields[column].flags & UInt32(UNSIGNED_FLAG) != 0
        return isBeyond ? nil : Int(value)
    }

    func real(_ column: Int) -> Double {
        var value = 0.0
        fetch(column, MYSQL_TYPE_DOUBLE, into: &value, size: MemoryLayout<Double>.size)
        return value
    }

    /// A value as text, or the bytes of one that is none; bits as a number, shapes in hexadecimal.
    func bytes(_ column: Int) -> [UInt8] {
        switch fields[column].type {
        case MYSQL_TYPE_BIT:
            let value = fetched(column).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            return Array(String(value).utf8)
        case MYSQL_TYPE_GEOMETRY:
            return fetched(column).flatMap { byte in
                let digits = String(byte, radix: 16, uppercase: true).utf8
                return byte < 16 ? [UInt8(ascii: "0")] + digits : Array(digits)
            }
        case MYSQL_TYPE_DATETIME, MYSQL_TYPE_TIMESTAMP:
            var time = MYSQL_TIME()
            fetch(column, MYSQL_TYPE_DATETIME, into: &time, size: MemoryLayout<MYSQL_TIME>.size)
            return time.text(decimals: Int(fields[column].decimals))
        default: return fetched(column)
        }
    }

    private func fetched(_ column: Int) -> [UInt8] {
        // Numbers and times have no length yet: they are made text here.
        let room = max(Int(lengths[column]), 64)
        var count: UInt = 0
        return [UInt8](unsafeUninitializedCapacity: room) { buffer, initialized in
            var bind = MYSQL_BIND()
            bind.buffer_type = MYSQL_TYPE_STRING
            bind.buffer = UnsafeMutableRawPointer(buffer.baseAddress)
            bind.buffer_length = UInt(room)
            withUnsafeMutablePointer(to: &count) { count in
                bind.length = count
                _ = mysql_stmt_fetch_column(handle, &bind, UInt32(column), 0)
            }
            initialized = min(room, Int(count))
        }
    }

    private func fetch(
        _ column: Int, _ type: enum_field_types, into value: UnsafeMutableRawPointer, size: Int
    ) {
        var bind = MYSQL_BIND()
        bind.buffer_type = type
        bind.buffer = value
        bind.buffer_length = UInt(size)
        _ = mysql_stmt_fetch_column(handle, &bind, UInt32(column), 0)
    }

    /// No buffers: a column is only fetched when it is asked for.
    private func bindResult() -> Bool {
        var binds = fields.indices.map { column in
            var bind = MYSQL_BIND()
            bind.buffer_type = MYSQL_TYPE_STRING
            bind.length = lengths.baseAddress?.advanced(by: column)
            bind.is_null = nulls.baseAddress?.advanced(by: column)
            return bind
        }
        return mysql_stmt_bind_result(handle, &binds) == 0
    }
}
