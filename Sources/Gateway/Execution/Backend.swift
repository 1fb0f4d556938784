import NIOCore
import SQL
import SQLServers
import Schemas

/// Work on a connection of any engine.
protocol DatabaseTask: Sendable {
    associatedtype Output: Sendable

    /// Does it.
    ///
    /// - Throws: what the caller is told.
    func run<D: Database>(on database: D) throws(APIError) -> Output
}

/// The connections to an app's database.
final class Backend: Sendable {
    private enum Engine {
        case sqlite(SQLiteReaders, SQLiteWriter)
        case mariadb(Server<MariaDBDatabase>)
        case postgres(Server<PostgreSQLDatabase>)
    }

    private struct Server<Connection: Database> {
        let pool: DatabasePool<Connection>
        let points: PointReads<Connection>

        init(
            _ address: DatabaseAddress, timeoutMilliseconds: Int,
            connect: @escaping @Sendable () throws(SQLError) -> Connection,
            isLost: @escaping @Sendable (Connection) -> Bool
        ) {
            pool = DatabasePool(
                name: address.description, size: Backend.poolSize, queueLimit: 10_000,
                waitTimeoutMilliseconds: timeoutMilliseconds, connect: connect, isLost: isLost)
            points = PointReads(pool)
        }
    }

    private let engine: Engine

    /// - Parameters:
    ///   - address: the database.
    ///   - connector: how to reach it.
    ///   - limits: what one request may take.
    /// - Throws: when the password can't be read; the database itself may be away.
    init(
        _ address: DatabaseAddress, connector: DatabaseConnector, limits: ServingLimits
    ) throws(DatabaseConnector.Refusal) {
        let timeout = limits.statementTimeoutMilliseconds
        switch address.engine {
        case .sqlite:
            let open: @Sendable () throws(SQLError) -> SQLiteDatabase = { () throws(SQLError) in
                let database = try connector.sqlite(address)
                try database.prepareForServing()
                database.statementTimeoutMilliseconds = timeout
                return database
            }
            engine = .sqlite(
                SQLiteReaders(open: open),
                SQLiteWriter(open: open, queueLimit: 10_000, batchLimit: 200))
        case .mariadb:
            let settings = try connector.settings(address, database: address.name)
            engine = .mariadb(
                Server(
                    address, timeoutMilliseconds: timeout,
                    connect: { () throws(SQLError) in try MariaDBDatabase(settings) },
                    isLost: { $0.isLost }))
        case .postgres:
            let settings = try connector.settings(address, database: address.name)
            engine = .postgres(
                Server(
                    address, timeoutMilliseconds: timeout,
                    connect: { () throws(SQLError) in try PostgreSQLDatabase(settings) },
                    isLost: { $0.isLost }))
        }
    }

    /// Connections to a server, for one app.
    private static let poolSize = 16

    /// Reads. On SQLite at once, on the thread that asks.
    func read<Task: DatabaseTask>(_ task: Task) async throws(APIError) -> Task.Output {
        do throws(APIError) {
            return try await run(task)
        } catch {
            throw error.ofReading
        }
    }

    private func run<Task: DatabaseTask>(_ task: Task) async throws(APIError) -> Task.Output {
        switch engine {
        case .sqlite(let readers, _): return try Self.run(task, on: readers)
        case .mariadb(let server): return try await Self.run(task, in: server.pool)
        case .postgres(let server): return try await Self.run(task, in: server.pool)
        }
    }

    private static func run<Task: DatabaseTask>(
        _ task: Task, on readers: SQLiteReaders
    ) throws(APIError) -> Task.Output {
        let database: SQLiteDatabase
        do throws(SQLError) {
            database = try readers.connection()
        } catch {
            throw APIError(error)
        }
        return try task.run(on: database)
    }

    /// Writes, durably: all that the task does, or nothing.
    func write<Task: DatabaseTask>(_ task: Task) async throws(APIError) -> Task.Output {
        switch engine {
        case .sqlite(_, let writer):
            let box = Refusal()
            do throws(SQLError) {
                return try await writer.write { database throws(SQLError) in
                    try box.carrying { () throws(APIError) in try task.run(on: database) }
                }
            } catch {
                throw box.error ?? APIError(error)
            }
        case .mariadb(let server):
            return try await Self.run(task, in: server.pool, isWriting: true)
        case .postgres(let server):
            return try await Self.run(task, in: server.pool, isWriting: true)
        }
    }

    /// Reads one row: on SQLite at once, on a server along with those that others ask for.
    ///
    /// - Parameters:
    ///   - task: the row.
    ///   - loop: the thread that this is called on.
    ///   - answer: takes the row there, or 404 when there is none for this caller, or what the
    ///     database refused.
    func row(
        _ task: ShowTask, on loop: any EventLoop,
        _ answer: @escaping @Sendable (PointRead.Answer) -> Void
    ) {
        switch (engine, task.singleKey) {
        case (.sqlite(let readers, _), _):
            answer(Result { () throws(APIError) in try Self.run(task, on: readers) })
        case (.mariadb(let server), let key?):
            server.points.read(PointRead(task: task, key: key, loop: loop, answer: answer))
        case (.postgres(let server), let key?):
            server.points.read(PointRead(task: task, key: key, loop: loop, answer: answer))
        default:
            Task(executorPreference: EventLoopExecutor(loop)) { [self] in
                do throws(APIError) {
                    answer(.success(try await read(task)))
                } catch {
                    answer(.failure(error))
                }
            }
        }
    }

    /// Does it on a free connection of a pool.
    private static func run<Task: DatabaseTask, Connection: Database>(
        _ task: Task, in pool: DatabasePool<Connection>, isWriting: Bool = false
    ) async throws(APIError) -> Task.Output {
        let box = Refusal()
        do throws(SQLError) {
            return try await pool.run { database throws(SQLError) in
                try box.carrying { () throws(APIError) in
                    guard isWriting else { return try task.run(on: database) }
                    return try database.transaction(refusing: .durable) { () throws(APIError) in
                        try task.run(on: database)
                    }
                }
            }
        } catch {
            throw box.error ?? APIError(error)
        }
    }

    func close() async {
        switch engine {
        case .sqlite(_, let writer): await writer.close()
        case .mariadb(let server): await server.pool.close()
        case .postgres(let server): await server.pool.close()
        }
    }
}
