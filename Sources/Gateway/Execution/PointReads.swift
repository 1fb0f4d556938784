import NIOCore
import SQL
import Schemas
import Synchronization

/// Rows of a server that are asked for by their keys, read together where several wait.
///
/// A statement costs the server, this process and the way between them about the same for one key
/// as for twenty. So what is asked for under one condition waits together while a statement is
/// under way, and the thread that has done with that reads all of it with the next. The busier the
/// gateway, the fewer the statements; nobody waits for company.
final class PointReads<Connection: Database>: Sendable {
    /// What rows must have in common to be read together.
    private struct Group: Hashable {
        var table: Int
        var scope: SQLFragment?
    }

    /// The requests of a group that wait, and the threads that read for it.
    private struct Queue {
        var waiting: [PointRead] = []
        var readers = 0
        /// When a thread last took what it reads.
        var takenAt = NIODeadline.now()

        /// Whether one more thread should read now.
        mutating func add(_ read: PointRead) -> Bool {
            waiting.append(read)
            let isEnough = readers > 0 && waiting.count < readers * PointReads.crowd
            return !isEnough && addReader()
        }

        /// Counts one more thread, where there may be one.
        mutating func addReader() -> Bool {
            guard readers < PointReads.readerLimit else { return false }
            readers += 1
            return true
        }

        /// As many as one statement may have, the longest waiting first.
        mutating func take() -> [PointRead] {
            takenAt = .now()
            guard waiting.count > PointReads.keyLimit else {
                // All of them, as nearly always: handed over, and not copied.
                defer { waiting = [] }
                return waiting
            }
            let taken = Array(waiting.prefix(PointReads.keyLimit))
            waiting.removeFirst(taken.count)
            return taken
        }
    }

    private struct State {
        var queues: [Group: Queue] = [:]
        /// Whether somebody will look after those who wait.
        var isWatched = false
    }

    private let pool: DatabasePool<Connection>
    private let state = Mutex(State())

    /// For how many that wait there should be a statement more under way.
    private static var crowd: Int { 32 }
    /// How many statements of a group may be under way.
    private static var readerLimit: Int { 4 }
    /// How long those who wait do so behind one statement: its connection may have died.
    private static var patience: TimeAmount { .milliseconds(50) }
    /// How many keys a statement may have.
    private static var keyLimit: Int { 64 }

    /// - Parameter pool: where there are connections.
    init(_ pool: DatabasePool<Connection>) {
        self.pool = pool
    }

    /// Reads a row and hands it on.
    func read(_ read: PointRead) {
        let group = Group(table: read.task.table.index, scope: read.task.scope)
        let (isReaderDue, isWatchDue) = state.withLock { state in
            let isReaderDue = state.queues[group, default: Queue()].add(read)
            defer { state.isWatched = state.isWatched || !isReaderDue }
            return (isReaderDue, !isReaderDue && !state.isWatched)
        }
        // Behind all that this thread has read by now: they go with the same statement.
        if isReaderDue { read.loop.execute { self.startReader(of: group) } }
        if isWatchDue { watch(on: read.loop) }
    }

    /// Has more threads read for those who wait for too long, as long as there are any.
    private func watch(on loop: any EventLoop) {
        loop.scheduleTask(in: Self.patience) { [self] in
            let (late, isOver) = state.withLock { state in
                let limit = NIODeadline.now() - Self.patience
                var late: [Group] = []
                for (group, queue) in state.queues
                where !queue.waiting.isEmpty && queue.takenAt < limit {
                    if state.queues[group]?.addReader() ?? false { late.append(group) }
                }
                state.isWatched = state.queues.values.contains { !$0.waiting.isEmpty }
                return (late, !state.isWatched)
            }
            for group in late { startReader(of: group) }
            if !isOver { watch(on: loop) }
        }
    }

    // MARK: - Reading

    /// How a thread came to the end of its reading.
    private enum End {
        case nobodyWaits
        /// Somebody else is to have the connection, or it is gone.
        case others
    }

    /// Has a thread read for a group until nobody waits any more.
    ///
    /// - Parameters:
    ///   - group: what they read.
    ///   - first: what is read before anything else.
    private func startReader(of group: Group, first: [PointRead] = []) {
        // What has been taken, and is not answered yet.
        let hand = Mutex(first)
        pool.submit { [self] connection throws(SQLError) in
            var isFirst = true
            repeat {
                let batch = hand.withLock { hand in
                    if hand.isEmpty { hand = take(of: group) }
                    return hand
                }
                if batch.isEmpty { return End.nobodyWaits }
                do throws(SQLError) {
                    try PointBatch(reads: batch).answer(on: connection)
                } catch {
                    // A connection that died between two statements: what reads may do so again.
                    if !isFirst, error.reason == .connectionLost { return .others }
                    throw error
                }
                hand.withLock { $0 = [] }
                isFirst = false
            } while !pool.isCrowded
            return .others
        } completion: { [self] result in
            let rest = hand.withLock { $0 }
            switch result {
            case .success(.nobodyWaits): break
            case .success(.others): startReader(of: group, first: rest)
            case .failure(let error):
                // Without a connection there is none for those who wait behind them either.
                let refused = rest.isEmpty ? giveUp(group) : rest
                PointBatch(reads: refused).hand(
                    on: Array(repeating: .failure(APIError(error)), count: refused.count))
                if !rest.isEmpty { startReader(of: group) }
            }
        }
    }

    /// What a thread is to read next; with nothing, its reading has ended.
    private func take(of group: Group) -> [PointRead] {
        state.withLock { state in
            let batch = state.queues[group]?.take() ?? []
            if batch.isEmpty { leave(group, &state.queues) }
            return batch
        }
    }

    /// Ends a thread's reading; all that wait when there is no other one.
    private func giveUp(_ group: Group) -> [PointRead] {
        state.withLock { state in
            let waiting = state.queues[group]?.waiting ?? []
            leave(group, &state.queues)
            return state.queues[group] == nil ? waiting : []
        }
    }

    private func leave(_ group: Group, _ queues: inout [Group: Queue]) {
        queues[group]?.readers -= 1
        if queues[group]?.readers == 0 { queues[group] = nil }
    }
}
