import NIOCore
import NIOPosix
import SQL

/// A connection to an SQLite file for each thread that reads, so that nobody waits for another.
///
/// Unchecked: a thread only ever sees the connection that it opened itself, and uses it before
/// anything is awaited.
final class SQLiteReaders: @unchecked Sendable {
    /// A thread's connection, and when its file is looked for again.
    private final class Reader {
        let database: SQLiteDatabase
        var nextLook = NIODeadline.now() + SQLiteReaders.lookInterval

        init(_ database: SQLiteDatabase) {
            self.database = database
        }
    }

    private let open: @Sendable () throws(SQLError) -> SQLiteDatabase
    private let readers = ThreadSpecificVariable<Reader>()

    /// How often is looked whether another file has taken the place of the one that is open.
    private static let lookInterval = TimeAmount.milliseconds(100)

    init(open: @escaping @Sendable () throws(SQLError) -> SQLiteDatabase) {
        self.open = open
    }

    /// This thread's own connection: to be used before anything is awaited.
    ///
    /// One that was opened while the file could not be written is not kept: all connections of a
    /// process share its memory of that, which only goes with the last of them.
    func connection() throws(SQLError) -> SQLiteDatabase {
        if let kept = readers.currentValue, isStillThere(kept) { return kept.database }
        let made = try open()
        readers.currentValue = made.isReadOnly ? nil : Reader(made)
        return made
    }

    private func isStillThere(_ reader: Reader) -> Bool {
        let now = NIODeadline.now()
        guard now >= reader.nextLook else { return true }
        reader.nextLook = now + Self.lookInterval
        return !reader.database.hasMoved
    }
}
