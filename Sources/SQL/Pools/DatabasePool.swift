internal import Synchronization

/// Threads that block, each with a connection of its own.
///
/// Threads and connections are made when they are first needed; the last one used is the first
/// one used again.
package final class DatabasePool<Connection: Database>: Sendable {
    private let core: PoolCore<Connection>

    /// - Parameters:
    ///   - name: what the threads are called.
    ///   - size: how many threads and connections there may be.
    ///   - queueLimit: how many calls may wait for one.
    ///   - waitTimeoutMilliseconds: how long a call may wait for one.
    ///   - connect: opens a connection; runs on the thread that uses it.
    ///   - isLost: whether a connection that has been idle is dead; asked before every use.
    package init(
        name: String, size: Int, queueLimit: Int, waitTimeoutMilliseconds: Int,
        connect: @escaping @Sendable () throws(SQLError) -> Connection,
        isLost: @escaping @Sendable (Connection) -> Bool
    ) {
        core = PoolCore(
            name: name, size: max(size, 1), queueLimit: queueLimit,
            waitTimeoutMilliseconds: waitTimeoutMilliseconds, connect: connect, isLost: isLost)
    }

    deinit { core.refuse() }

    /// Runs `body` on a free connection.
    ///
    /// It runs a second time, on a new connection, when the first turns out to be dead before
    /// anything was sent but the start of a transaction.
    /// - Throws: what `body` throws; `busy` when too many calls wait or this one did for too long;
    ///   `cannotOpen` when there is no connection to be had, or after `close`.
    package func run<Value: Sendable>(
        _ body: @escaping @Sendable (Connection) throws(SQLError) -> Value
    ) async throws(SQLError) -> Value {
        let result: Result<Value, SQLError> = await withCheckedContinuation { continuation in
            submit(body) { result in continuation.resume(returning: result) }
        }
        return try result.get()
    }

    /// Does the same for those who don't wait: `completion` is called once, on some thread.
    package func submit<Value>(
        _ body: @escaping @Sendable (Connection) throws(SQLError) -> Value,
        completion: @escaping @Sendable (Result<Value, SQLError>) -> Void
    ) {
        core.add(
            perform: { connection, isLastChance in
                let before = connection.sentStatements
                do throws(SQLError) {
                    completion(.success(try body(connection)))
                } catch {
                    let isUnsent = connection.sentStatements == before
                    if error.reason == .connectionLost, isUnsent, !isLastChance { return false }
                    completion(.failure(error))
                }
                return true
            },
            fail: { error in completion(.failure(error)) })
    }

    /// Whether calls wait for a connection: who has one for long should give it back.
    package var isCrowded: Bool { core.isCrowded }

    /// Finishes what runs, refuses what waits and whatever comes, and returns when all
    /// connections are closed.
    package func close() async {
        core.refuse()
        await withCheckedContinuation { continuation in
            core.whenEnded { continuation.resume() }
        }
    }
}
