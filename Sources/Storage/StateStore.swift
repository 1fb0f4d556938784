package import Diagnostics
internal import SQL

/// The state database `stead.db` of a state folder: what is owned, what was seen, what was done
/// and by whom.
///
/// Every operation is one transaction, and survives `kill -9` at any moment. Nothing secret goes
/// in: contents are kept as digests, and messages come redacted.
package actor StateStore {
    /// What a store is opened for.
    package enum Access: Sendable {
        case readWrite
        /// Makes and changes nothing, and works without permission to. A state that does not exist
        /// yet reads as an empty one.
        case readOnly
    }

    /// The state folder.
    package nonisolated let folder: String
    /// What the store was opened for.
    package nonisolated let access: Access

    let database: SQLiteDatabase
    let now: @Sendable () -> Int
    private let path: String
    private let stamp: FileStamp?
    /// The lease's token that every write is made under; nil for writes that need none.
    var fencingToken: Int?

    /// Opens the state of a folder; for writing, makes it when there is none.
    ///
    /// Each operation waits so long for another process's lock. The clock tells milliseconds since
    /// 1970.
    ///
    /// - Throws: `transient` when the database stays locked; `stalled` when it is damaged, of a
    ///   newer version, or out of reach.
    package init(
        folder: String, access: Access, busyTimeoutMilliseconds: Int = 5000,
        clock: @escaping @Sendable () -> Int = Timestamp.now
    ) throws(Failure) {
        path = folder + "/stead.db"
        let file = StateFile(path: path, busyTimeoutMilliseconds: busyTimeoutMilliseconds)
        if access == .readWrite { try StateFolder.make(folder) }
        let opened =
            access == .readWrite ? try file.openForWriting() : try file.openForReading()
        self.folder = folder
        self.access = access
        self.database = opened.database
        self.stamp = opened.stamp
        self.now = clock
    }

    /// Whether a folder holds a state; one that can't be looked at counts as one that does.
    package static func exists(in folder: String) -> Bool {
        !StateFolder.lacks(folder + "/stead.db")
    }

    /// The time in seconds since 1970.
    var seconds: Int { now() / 1000 }

    /// Reads one state of the database.
    func read<Value>(
        _ body: (SQLiteDatabase) throws(SQLError) -> Value
    ) throws(Failure) -> Value {
        let result: Result<Value, SQLError>
        do {
            result = .success(
                try database.transaction(.reading) { () throws(SQLError) in try body(database) })
        } catch {
            result = .failure(error)
        }
        // A file read without its locks may have been written meanwhile: what came of it, value or
        // error, then means nothing.
        guard stamp == nil || stamp == FileStamp(of: path) else {
            throw .transient(
                .init("the state database \(path) was written meanwhile", fix: "run again"))
        }
        do { return try result.get() } catch { throw error.failure(path: path) }
    }

    /// Writes all that `body` does, or nothing.
    ///
    /// - Throws: `stalled` when the lease that this store writes under has been lost.
    func write<Value>(
        _ mode: TransactionMode, isFenced: Bool = true,
        _ body: (SQLiteDatabase) throws(SQLError) -> Value
    ) throws(Failure) -> Value {
        guard access == .readWrite else {
            throw .stalled(.init("the state was opened for reading only"))
        }
        let token = isFenced ? fencingToken : nil
        let result: Result<Value, Failure>
        do {
            result = try database.transaction(mode) { () throws(SQLError) in
                if let token {
                    let current = try Self.lease(in: database).token
                    guard current == token else {
                        return .failure(Self.lost(token, to: current))
                    }
                }
                return .success(try body(database))
            }
        } catch {
            throw error.failure(path: path)
        }
        return try result.get()
    }
}
