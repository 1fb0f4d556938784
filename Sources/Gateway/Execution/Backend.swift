import NIOPosix
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
        case mariadb(DatabasePool<MariaDBDatabase>)
        case postgres(DatabasePool<PostgreSQLDatabase>)
    }

    private let engine: Engine
    private let points = PointReads()

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
                DatabasePool(
                    name: address.description, size: Self.poolSize, queueLimit: 10_000,
                    waitTimeoutMilliseconds: timeout,
                    connect: { () throws(SQLError) in try MariaDBDatabase(settings) },
                    isLost: { $0.isLost }))
        case .postgres:
            let settings = try connector.settings(address, database: address.name)
            engine = .postgres(
                DatabasePool(
                    name: address.description, size: Self.poolSize, queueLimit: 10_000,
                    waitTimeoutMilliseconds: timeout,
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
        case .sqlite(let readers, _):
            let database: SQLiteDatabase
            do throws(SQLError) {
                database = try readers.connection()
            } catch {
                throw APIError(error)
            }
            return try task.run(on: database)
        case .mariadb(let pool): return try await Self.run(task, in: pool)
        case .postgres(let pool): return try await Self.run(task, in: pool)
        }
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
        case .mariadb(let pool): return try await Self.run(task, in: pool, isWriting: true)
        case .postgres(let pool): return try await Self.run(task, in: pool, isWriting: true)
        }
    }

    /// Reads one row; on a server along with those that others ask for.
    func row(_ task: ShowTask) async throws(APIError) -> ShowTask.Output {
        guard task.request.includes.isEmpty, task.key.count == 1,
            case .integer(let key) = task.key[0]
        else { return try await read(task) }
        switch engine {
        case .sqlite: return try await read(task)
        case .mariadb(let pool): return try await points.read(task, key: key, in: pool)
        case .postgres(let pool): return try await points.read(task, key: key, in: pool)
        }
    }

    /// Does it on a free connection of a pool.
    static func run<Task: DatabaseTask, Connection: Database>(
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
        case .mariadb(let pool): await pool.close()
        case .postgres(let pool): await pool.close()
        }
    }
}
