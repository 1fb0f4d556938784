import NIOPosix
import SQL

/// A connection to an SQLite file for each thread that reads, so that nobody waits for another.
///
/// Unchecked: a thread only ever sees the connection that it opened itself, and uses it before
/// anything is awaited.
final class SQLiteReaders: @unchecked Sendable {
    private let open: @Sendable () throws(SQLError) -> SQLiteDatabase
    private let connections = ThreadSpecificVariable<SQLiteDatabase>()

    init(open: @escaping @Sendable () throws(SQLError) -> SQLiteDatabase) {
        self.open = open
    }

    /// This thread's own connection: to be used before anything is awaited.
    ///
    /// One that was opened while the file could not be written is not kept: all connections of a
    /// process share its memory of that, which only goes with the last of them.
    func connection() throws(SQLError) -> SQLiteDatabase {
        if let kept = connections.currentValue { return kept }
        let made = try open()
        if !made.isReadOnly { connections.currentValue = made }
        return made
    }
}
