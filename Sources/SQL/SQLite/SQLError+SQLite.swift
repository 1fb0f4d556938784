internal import CSQLite
internal import Glibc

extension SQLError {
    /// What the connection says of its last call, which returned `status`.
    init(status: Int32, on connection: OpaquePointer?) {
        let message = String(cString: sqlite3_errmsg(connection))
        let cause = connection.map { sqlite3_system_errno($0) } ?? 0
        let reason = Self.reason(status, cause: cause)
        // What is wrong with a statement's text is told by the message alone, in one language.
        let isUndefined =
            status == SQLITE_ERROR
            && (message.hasPrefix("no such column: ") || message.hasPrefix("no such table: ")
                || message.contains(" has no column named "))
        self.init(isUndefined ? .undefined : reason, message)
    }

    /// The reason behind an extended result code (sqlite.org/rescode.html) and the system's error
    /// number, which tells a full disk from a broken one.
    private static func reason(_ status: Int32, cause: Int32) -> Reason {
        // The extended codes SQLite defines by an expression, which Swift can't import.
        switch status {
        case SQLITE_CONSTRAINT | (8 << 8), SQLITE_CONSTRAINT | (6 << 8),
            SQLITE_CONSTRAINT | (10 << 8):
            return .unique
        case SQLITE_CONSTRAINT | (3 << 8): return .foreignKey
        case SQLITE_CONSTRAINT | (5 << 8): return .notNull
        // A wrong type in a STRICT table counts as a check.
        case SQLITE_CONSTRAINT | (1 << 8), SQLITE_CONSTRAINT | (12 << 8): return .check
        case SQLITE_CONSTRAINT | (7 << 8): return .raised
        default: break
        }
        switch status & 0xFF {
        case SQLITE_BUSY, SQLITE_LOCKED: return .busy
        case SQLITE_READONLY, SQLITE_PERM: return .readOnly
        case SQLITE_CORRUPT: return .corrupt
        case SQLITE_FULL: return .full
        case SQLITE_NOTADB: return .notADatabase
        case SQLITE_INTERRUPT: return .timeout
        case SQLITE_MISMATCH: return .value
        case SQLITE_TOOBIG: return .tooLong
        case SQLITE_SCHEMA: return .outdated
        case SQLITE_IOERR, SQLITE_CANTOPEN:
            if cause == ENOSPC || cause == EDQUOT { return .full }
            if cause == EROFS { return .readOnly }
            return status & 0xFF == SQLITE_CANTOPEN ? .cannotOpen : .other
        default: return .other
        }
    }
}
