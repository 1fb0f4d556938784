internal import Synchronization

/// One thread that writes to an SQLite file, many writes in one commit.
///
/// While a commit waits for the disk, the writes that arrive are collected for the next one.
package final class SQLiteWriter: Sendable {
    private let core: WriterCore

    /// - Parameters:
    ///   - open: opens the connection, on the writer's thread, at the first write.
    ///   - queueLimit: how many writes may wait for their commit.
    ///   - batchLimit: how many writes may share a commit.
    package init(
        open: @escaping @Sendable () throws(SQLError) -> SQLiteDatabase, queueLimit: Int,
        batchLimit: Int
    ) {
        core = WriterCore(open: open, queueLimit: queueLimit, batchLimit: max(batchLimit, 1))
    }

    deinit { core.refuse() }

    /// Runs `body` in a savepoint of a transaction that it shares, and returns once that is on the
    /// disk.
    ///
    /// `body` runs again, in a transaction of its own, when another write of the batch ended the
    /// shared one.
    /// - Throws: what `body` throws, whose own work alone is then undone; what the commit throws,
    ///   of which then nothing is kept; `busy` when too many wait; `cannotOpen` after `close`.
    package func write<Value: Sendable>(
        _ body: @escaping @Sendable (SQLiteDatabase) throws(SQLError) -> Value
    ) async throws(SQLError) -> Value {
        let result: Result<Value, SQLError> = await withCheckedContinuation { continuation in
            core.add(
                WriterCore.Job(
                    perform: { database throws(SQLError) in
                        let value = try body(database)
                        return { continuation.resume(returning: .success(value)) }
                    },
                    fail: { error in continuation.resume(returning: .failure(error)) }))
        }
        return try result.get()
    }

    /// Finishes what has been taken in, refuses whatever comes, and returns when the file is
    /// closed.
    package func close() async {
        core.refuse()
        await withCheckedContinuation { continuation in
            core.whenEnded { continuation.resume() }
        }
    }
}
