import SQL
import Synchronization
import Testing

@Suite("a pool of threads with connections")
struct DatabasePoolTests {
    private static func pool(
        size: Int = 2, queueLimit: Int = 100, waitTimeoutMilliseconds: Int = 10_000,
        connect: @escaping @Sendable () throws(SQLError) -> SQLiteDatabase = {
            () throws(SQLError) in try SQLiteDatabase(.memory)
        },
        isLost: @escaping @Sendable (SQLiteDatabase) -> Bool = { _ in false }
    ) -> DatabasePool<SQLiteDatabase> {
        DatabasePool(
            name: "test", size: size, queueLimit: queueLimit,
            waitTimeoutMilliseconds: waitTimeoutMilliseconds, connect: connect, isLost: isLost)
    }

    private static func one(_ pool: DatabasePool<SQLiteDatabase>) async -> Result<Int, SQLError> {
        do throws(SQLError) {
            let value = try await pool.run { database throws(SQLError) in
                try database.first("SELECT 1") { $0.integer(0) } ?? nil
            }
            return .success(value ?? 0)
        } catch {
            return .failure(error)
        }
    }

    @Test("many calls share few connections, each of which one thread uses at a time")
    func sharing() async {
        let opened = Atomic(0)
        let pool = Self.pool(size: 3) { () throws(SQLError) in
            opened.add(1, ordering: .relaxed)
            return try SQLiteDatabase(.memory)
        }
        let results = await withTaskGroup(of: Result<Int, SQLError>.self) { group in
            for _ in 0..<90 { group.addTask { await Self.one(pool) } }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(results.allSatisfy { $0 == .success(1) })
        #expect((1...3).contains(opened.load(ordering: .relaxed)))
        await pool.close()
    }

    @Test("a full queue refuses at once, and a long wait ends")
    func exhaustion() async {
        let pool = Self.pool(size: 1, queueLimit: 2, waitTimeoutMilliseconds: 100)
        let gate = Gate()
        async let blocker: Void? = try? pool.run { _ throws(SQLError) in gate.pass() }
        await gate.reached()
        let results = await withTaskGroup(of: Result<Int, SQLError>.self) { group in
            for _ in 0..<5 { group.addTask { await Self.one(pool) } }
            return await group.reduce(into: []) { $0.append($1) }
        }
        let messages = results.compactMap { result -> String? in
            guard case .failure(let error) = result, error.reason == .busy else { return nil }
            return error.message
        }
        #expect(messages.filter { $0 == "2 calls wait for test already" }.count == 3)
        #expect(messages.filter { $0 == "test had no connection for 100 ms" }.count == 2)
        gate.open()
        _ = await blocker
        #expect(await Self.one(pool) == .success(1))
    }

    @Test("a connection that died while it was idle is replaced, unseen by its next user")
    func idleDeath() async {
        let opened = Atomic(0)
        let isDead = Atomic(false)
        let pool = Self.pool(size: 1) { () throws(SQLError) in
            opened.add(1, ordering: .relaxed)
            isDead.store(false, ordering: .relaxed)
            return try SQLiteDatabase(.memory)
        } isLost: { _ in
            isDead.load(ordering: .relaxed)
        }
        #expect(await Self.one(pool) == .success(1))
        isDead.store(true, ordering: .relaxed)
        #expect(await Self.one(pool) == .success(1))
        #expect(opened.load(ordering: .relaxed) == 2)
    }

    @Test("a call that finds its connection dead before it sent anything gets another, once")
    func retry() async throws {
        let pool = Self.pool(size: 1)
        let tries = Atomic(0)
        let lost = SQLError(.connectionLost, "gone")
        let value = try await pool.run { _ throws(SQLError) in
            guard tries.add(1, ordering: .relaxed).newValue > 1 else { throw lost }
            return 7
        }
        #expect(value == 7)
        await #expect(throws: lost) { try await pool.run { _ throws(SQLError) in throw lost } }
    }

    @Test("no connection to be had is told at once, and asked about again only after a pause")
    func backOff() async throws {
        let tries = Atomic(0)
        let isUp = Atomic(false)
        let pool = Self.pool(size: 4) { () throws(SQLError) in
            tries.add(1, ordering: .relaxed)
            guard isUp.load(ordering: .relaxed) else { throw SQLError(.cannotOpen, "down") }
            return try SQLiteDatabase(.memory)
        }
        for _ in 0..<200 {
            #expect(await Self.one(pool) == .failure(SQLError(.cannotOpen, "down")))
        }
        #expect(tries.load(ordering: .relaxed) < 50)
        isUp.store(true, ordering: .relaxed)
        var result = await Self.one(pool)
        while result != .success(1) {
            try await Task.sleep(for: .milliseconds(20))
            result = await Self.one(pool)
        }
    }

    @Test("a server that grants fewer connections than asked for serves all calls with those")
    func fewerConnections() async {
        let opened = Atomic(0)
        let pool = Self.pool(size: 8) { () throws(SQLError) in
            guard opened.add(1, ordering: .relaxed).newValue <= 2 else {
                throw SQLError(.cannotOpen, "too many connections")
            }
            return try SQLiteDatabase(.memory)
        }
        #expect(await Self.one(pool) == .success(1))
        let results = await withTaskGroup(of: Result<Int, SQLError>.self) { group in
            for _ in 0..<100 { group.addTask { await Self.one(pool) } }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(results.allSatisfy { $0 == .success(1) })
    }

    @Test("a transaction that a caller left open is not handed to the next")
    func leftOpen() async throws {
        let pool = Self.pool(size: 1)
        try await pool.run { database throws(SQLError) in try database.script("BEGIN") }
        let isInTransaction = try await pool.run { database throws(SQLError) in
            database.isInTransaction
        }
        #expect(!isInTransaction)
    }

    @Test("closing lets what runs finish and refuses what waits")
    func closing() async throws {
        let pool = Self.pool(size: 1)
        let gate = Gate()
        async let running = pool.run { _ throws(SQLError) in
            gate.pass()
            return true
        }
        await gate.reached()
        async let waiting = Self.one(pool)
        try await Task.sleep(for: .milliseconds(20))
        async let closed: Void = pool.close()
        #expect(await waiting == .failure(SQLError(.cannotOpen, "test is closed")))
        gate.open()
        #expect(try await running)
        await closed
        #expect(await Self.one(pool) == .failure(SQLError(.cannotOpen, "test is closed")))
    }
}
