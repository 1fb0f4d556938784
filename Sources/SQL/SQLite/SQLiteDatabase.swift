internal import CSQLite

/// A connection to a SQLite database.
///
/// Opened without SQLite's own mutexes: the class is not `Sendable`, so that only one actor or
/// thread can ever use it at a time.
package final class SQLiteDatabase: Database {
    /// Where a database lies, and what may be done with it.
    package enum Location: Sendable, Equatable {
        /// A file to read and write, which must exist.
        case file(String)
        /// A file to read, in step with whoever writes it.
        case readOnly(String)
        /// A file that nobody writes meanwhile: neither locks nor a write-ahead log are looked at.
        case immutable(String)
        /// A database of its own, gone with the connection.
        case memory
    }

    private let handle: OpaquePointer
    private var statements: StatementCache<SQLiteStatement>
    private let deadline: SQLiteDeadline
    private var depth = 0
    /// What `synchronous` was last set to; nil before the first write.
    private var isDurable: Bool?
    /// Ends the statement that runs, from any thread: it throws `timeout`. A write ends the
    /// transaction that it is in.
    package let interrupt: SQLiteInterrupt

    /// Opens a connection that enforces foreign keys, and on which a statement waits so long for
    /// another connection's lock. It keeps so many statements compiled.
    ///
    /// - Throws: `cannotOpen` above all. A file that is no database is told by the first query.
    package init(
        _ location: Location, busyTimeoutMilliseconds: Int = 5000, statementLimit: Int = 256
    ) throws(SQLError) {
        let (name, access) = Self.name(of: location)
        var handle: OpaquePointer?
        let flags = access | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE
        let status = sqlite3_open_v2(name, &handle, flags, nil)
        guard status == SQLITE_OK, let handle else {
            let error = SQLError(status: status, on: handle)
            // Even a failed open leaves a handle, to ask it why.
            sqlite3_close_v2(handle)
            throw error
        }
        self.handle = handle
        statements = StatementCache(limit: statementLimit)
        deadline = SQLiteDeadline(handle)
        interrupt = SQLiteInterrupt(handle)
        sqlite3_busy_timeout(handle, Int32(clamping: busyTimeoutMilliseconds))
        try script("PRAGMA foreign_keys = ON")
    }

    // close_v2 waits for the statements, which are released after this.
    deinit {
        interrupt.forget()
        deadline.forget()
        sqlite3_close_v2(handle)
    }

    /// After so long a statement is ended, and throws `timeout`; 0 for never. What a write did is
    /// undone, with the transaction that it is in.
    package var statementTimeoutMilliseconds: Int {
        get { deadline.limitMilliseconds }
        set { deadline.limitMilliseconds = newValue }
    }

    /// See `Database.isInTransaction`.
    package var isInTransaction: Bool { sqlite3_get_autocommit(handle) == 0 }

    /// Always 0: a file can't be lost on the way.
    package var sentStatements: Int { 0 }

    /// References of this transaction lead nowhere, which its commit would refuse.
    var hasOpenReferences: Bool {
        var count: Int32 = 0
        var highest: Int32 = 0
        sqlite3_db_status(handle, SQLITE_DBSTATUS_DEFERRED_FKS, &count, &highest, 0)
        return count != 0
    }

    /// Whether a view or a trigger has something in double quotes; also when that can't be told.
    private var mayHoldQuotedText: Bool {
        let count = try? first(
            """
            SELECT count(*) FROM sqlite_schema
            WHERE type IN ('view', 'trigger') AND instr(sql, '"') > 0
            """
        ) { $0.integer(0) }
        return count != 0
    }

    /// Makes the connection one that requests are served from: adds the SQL function
    /// `stead_lower(text)`, which knows all of Unicode, and sets whether `LIKE` tells `a` from `A`.
    /// A name in double quotes that is no column's is an error, and not text of these letters,
    /// unless a view or a trigger may mean such text.
    package func prepareForServing(isLikeCaseSensitive: Bool = true) throws(SQLError) {
        let status = SQLiteFunctions.register(on: handle)
        guard status == SQLITE_OK else { throw SQLError(status: status, on: handle) }
        if !mayHoldQuotedText {
            let quoting = stead_sqlite_refuse_quoted_text(handle)
            guard quoting == SQLITE_OK else { throw SQLError(status: quoting, on: handle) }
        }
        try script("PRAGMA case_sensitive_like = \(isLikeCaseSensitive ? "ON" : "OFF")")
    }

    /// Whether the file that is open no longer stands under its name: another does, or none.
    package var hasMoved: Bool {
        var flag: Int32 = 0
        sqlite3_file_control(handle, "main", SQLITE_FCNTL_HAS_MOVED, &flag)
        return flag != 0
    }

    /// Whether the file could only be opened for reading, whatever was asked for.
    package var isReadOnly: Bool { sqlite3_db_readonly(handle, "main") == 1 }

    /// Runs constant text of any number of statements, without values, rows or a transaction of its
    /// own: pragmas, which may act while they are compiled and so can't be kept, and migrations.
    package func script(_ sql: String) throws(SQLError) {
        let outer = deadline.begin()
        defer { deadline.end(outer) }
        let status = sqlite3_exec(handle, sql, nil, nil, nil)
        guard status == SQLITE_OK else { throw SQLError(status: status, on: handle) }
    }

    /// See `Database.execute`.
    @discardableResult
    package func execute(_ sql: String, _ values: [SQLValue]) throws(SQLError) -> Int {
        try countChanges { () throws(SQLError) in try query(sql, values) { _ in } }
    }

    /// See `Database.execute`.
    @discardableResult
    package func execute(_ text: PreparedText, _ values: [SQLValue]) throws(SQLError) -> Int {
        try countChanges { () throws(SQLError) in try query(text, values) { _ in } }
    }

    private func countChanges(_ body: () throws(SQLError) -> Void) throws(SQLError) -> Int {
        if depth == 0 { try setDurability(isDurable: true) }
        let before = sqlite3_total_changes64(handle)
        try body()
        return sqlite3_total_changes64(handle) == before ? 0 : Int(sqlite3_changes64(handle))
    }

    /// See `Database.query`.
    package func query(
        _ sql: String, _ values: [SQLValue], _ body: (SQLiteRow) throws(SQLError) -> Void
    ) throws(SQLError) {
        if let kept = statements.find(sql) { return try run(kept, values, body) }
        try run(compile(sql, nil), values, body)
    }

    /// See `Database.query`.
    package func query(
        _ text: PreparedText, _ values: [SQLValue], _ body: (SQLiteRow) throws(SQLError) -> Void
    ) throws(SQLError) {
        if let kept = statements.find(text) { return try run(kept, values, body) }
        try run(compile(text.sql, text), values, body)
    }

    /// See `Database.stream`. Rows are never held here.
    package func stream(
        _ text: PreparedText, _ values: [SQLValue], _ body: (SQLiteRow) throws(SQLError) -> Void
    ) throws(SQLError) {
        try query(text, values, body)
    }

    /// See `Database.check`.
    @discardableResult
    package func check(_ sql: String) throws(SQLError) -> [String] {
        try SQLiteStatement(sql, on: handle).columnNames
    }

    private func run(
        _ statement: SQLiteStatement, _ values: [SQLValue],
        _ body: (SQLiteRow) throws(SQLError) -> Void
    ) throws(SQLError) {
        // What belongs together must not be half done: SQLite would go on, a commit a statement.
        if depth > 0, !isInTransaction { throw Self.ended }
        let outer = deadline.begin()
        defer { deadline.end(outer) }
        try statement.run(values, on: handle, body)
    }

    private static let ended = SQLError(.other, "the transaction has been rolled back already")

    /// See `Database.transaction`.
    package func transaction<Result>(
        _ mode: TransactionMode, _ body: () throws(SQLError) -> Result
    ) throws(SQLError) -> Result {
        guard depth == 0 else {
            guard isInTransaction else { throw Self.ended }
            return try nested(
                "SAVEPOINT s\(depth)", commit: "RELEASE s\(depth)",
                rollback: "ROLLBACK TO s\(depth); RELEASE s\(depth)", body)
        }
        if mode != .reading { try setDurability(isDurable: mode == .durable) }
        // IMMEDIATE takes the write lock now: a reader that turns writer later could only fail.
        let begin = mode == .reading ? "BEGIN" : "BEGIN IMMEDIATE"
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
            // A full disk may have rolled everything back already; there is then nothing to do,
            // and the error that matters is the first.
            if isInTransaction { try? script(rollback) }
            throw error
        }
    }

    /// In WAL mode: whether a commit waits for the disk, or only a checkpoint does.
    private func setDurability(isDurable: Bool) throws(SQLError) {
        guard isDurable != self.isDurable else { return }
        try script(isDurable ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL")
        self.isDurable = isDurable
    }

    private func compile(
        _ sql: String, _ text: PreparedText?
    ) throws(SQLError) -> SQLiteStatement {
        let statement = try SQLiteStatement(sql, on: handle)
        _ = statements.keep(statement, for: text)
        return statement
    }

    /// A URI (sqlite.org/uri.html), so that no character of a path is ever read as more than that.
    private static func name(of location: Location) -> (uri: String, access: Int32) {
        switch location {
        case .file(let path): (uri(path), SQLITE_OPEN_READWRITE)
        case .readOnly(let path): (uri(path), SQLITE_OPEN_READONLY)
        case .immutable(let path): (uri(path) + "?immutable=1", SQLITE_OPEN_READONLY)
        case .memory: (":memory:", SQLITE_OPEN_READWRITE)
        }
    }

    private static func uri(_ path: String) -> String {
        var uri = path.hasPrefix("/") ? "file://" : "file:"
        for byte in path.utf8 {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A,
                UInt8(ascii: "/"), UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"):
                uri.unicodeScalars.append(UnicodeScalar(byte))
            default:
                uri += byte < 16 ? "%0" : "%"
                uri += String(byte, radix: 16)
            }
        }
        return uri
    }
}
