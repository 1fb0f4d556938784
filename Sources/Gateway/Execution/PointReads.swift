import SQL
import Schemas
import Synchronization

/// Rows of a server that are asked for by their keys, read together where several wait.
///
/// A statement costs the server, this process and the way between them about the same for one key
/// as for twenty. So a few requests at a time lead: each asks for its own row and for those of all
/// that came to wait meanwhile under the same condition. The busier the gateway, the fewer the
/// statements; nobody waits for company.
final class PointReads: Sendable {
    /// What rows must have in common to be read together.
    private struct Group: Hashable {
        var table: Int
        var scope: SQLFragment?
    }

    /// What becomes of a request that waited.
    private enum Turn: Sendable {
        case answered(Result<ShowTask.Output, APIError>)
        case leads
    }

    /// A request that waits to be led, or to lead.
    private struct Waiting: Sendable {
        let key: Int
        let task: ShowTask
        let turn: CheckedContinuation<Turn, Never>
    }

    private struct State {
        var leaders = 0
        var waiting: [Group: [Waiting]] = [:]
        /// The groups in which somebody waits, in the order of their coming.
        var order: [Group] = []

        /// Takes so many of a group that wait.
        mutating func take(_ limit: Int, of group: Group) -> [Waiting] {
            guard var all = waiting[group] else { return [] }
            let taken = Array(all.prefix(limit))
            all.removeFirst(taken.count)
            waiting[group] = all.isEmpty ? nil : all
            // Those that are left stand behind the other groups.
            order.removeAll { $0 == group }
            if !all.isEmpty { order.append(group) }
            return taken
        }
    }

    private let state = Mutex(State())

    /// How many statements may be under way.
    private static let leaderLimit = 2
    /// How many keys a statement may have.
    private static let keyLimit = 64

    /// Reads a row by an integer key.
    ///
    /// - Parameters:
    ///   - task: the row.
    ///   - key: its key.
    ///   - pool: where there are connections.
    /// - Returns: the row as it goes out.
    /// - Throws: 404 when there is no such row, for this caller; what the database refused.
    func read<Connection: Database>(
        _ task: ShowTask, key: Int, in pool: DatabasePool<Connection>
    ) async throws(APIError) -> ShowTask.Output {
        let group = Group(table: task.table.index, scope: task.scope)
        let turn = await withCheckedContinuation { continuation in
            let leads = state.withLock { state in
                guard state.leaders >= Self.leaderLimit else {
                    state.leaders += 1
                    return true
                }
                if state.waiting[group] == nil { state.order.append(group) }
                state.waiting[group, default: []].append(
                    Waiting(key: key, task: task, turn: continuation))
                return false
            }
            if leads { continuation.resume(returning: .leads) }
        }
        if case .answered(let result) = turn { return try result.get() }
        let led = state.withLock { $0.take(Self.keyLimit - 1, of: group) }
        var results: [Result<ShowTask.Output, APIError>]
        do throws(APIError) {
            let rows = RowsTask(keys: [key] + led.map(\.key), tasks: [task] + led.map(\.task))
            results = try await Backend.run(rows, in: pool)
        } catch {
            results = Array(repeating: .failure(error), count: led.count + 1)
        }
        passOn()
        for (waiting, result) in zip(led, results.dropFirst()) {
            waiting.turn.resume(returning: .answered(result))
        }
        return try results[0].get()
    }

    /// Has one that waits lead in place of one that is done.
    private func passOn() {
        let next = state.withLock { state in
            let next = state.order.first.flatMap { state.take(1, of: $0).first }
            if next == nil { state.leaders -= 1 }
            return next
        }
        next?.turn.resume(returning: .leads)
    }
}

/// Rows of one table under one condition, each for a request of its own.
private struct RowsTask: DatabaseTask {
    let keys: [Int]
    let tasks: [ShowTask]

    func run<D: Database>(
        on database: D
    ) throws(APIError) -> [Result<ShowTask.Output, APIError>] {
        guard keys.count > 1 else { return [.success(try tasks[0].run(on: database))] }
        let table = tasks[0].table
        // Few lengths make few texts, which connections keep prepared.
        var marked = keys
        while marked.count & (marked.count - 1) != 0 { marked.append(keys[0]) }
        let marks = repeatElement(table.key[0].comparand, count: marked.count).joined(
            separator: ", ")
        let condition = SQLFragment(
            "\(table.key[0].quoted) IN (\(marks))", marked.map { .integer($0) })
        var positions: [Int: [Int]] = [:]
        for (position, key) in keys.enumerated() { positions[key, default: []].append(position) }
        var results = [Result<ShowTask.Output, APIError>](
            repeating: .failure(.notFound), count: keys.count)
        do throws(APIError) {
            try database.rows(tasks[0].select(condition)) { row in
                let key = row.integer(table.key[0].index)
                for position in key.flatMap({ positions[$0] }) ?? [] {
                    results[position] = .success(tasks[position].output(of: row))
                }
            }
        } catch {
            guard error.status != 503 else { throw error }
            // A key that the database refuses is its own request's affair, and nobody else's.
            return tasks.map { task in
                Result { () throws(APIError) in try task.run(on: database) }
            }
        }
        return results
    }
}
