import FoundationEssentials
import Glibc
import SQL
import Synchronization
import Testing

@Suite("many writes in one commit")
struct SQLiteWriterTests {
    let folder: TemporaryFolder
    let path: String
    let reader: SQLiteDatabase

    init() throws {
        folder = try TemporaryFolder()
        path = folder.path + "/test.db"
        try Data().write(to: URL(filePath: path))
        reader = try SQLiteDatabase(.file(path))
        try reader.script(
            """
            PRAGMA journal_mode = WAL;
            CREATE TABLE things (id INTEGER PRIMARY KEY, size INTEGER) STRICT;
            CREATE TABLE parts (
                thing INTEGER REFERENCES things (id) DEFERRABLE INITIALLY DEFERRED) STRICT;
            """)
    }

    private func writer(queueLimit: Int = 1000, batchLimit: Int = 100) -> SQLiteWriter {
        SQLiteWriter(
            open: { [path] () throws(SQLError) in try SQLiteDatabase(.file(path)) },
            queueLimit: queueLimit, batchLimit: batchLimit)
    }

    private static func add(_ id: Int, _ database: SQLiteDatabase) throws(SQLError) {
        try database.execute("INSERT INTO things (id) VALUES (?)", [.integer(id)])
    }

    private func ids() throws -> [Int] {
        try reader.all("SELECT id FROM things ORDER BY id") { $0.integer(0) ?? -1 }
    }

    /// Holds the writer up until `body` has put its writes in the queue, which then share a commit.
    private func together(
        _ writer: SQLiteWriter,
        _ bodies: [Write]
    ) async -> [SQLError?] {
        let gate = Gate()
        async let blocker: Void? = try? writer.write { _ throws(SQLError) in gate.pass() }
        await gate.reached()
        let errors = await withTaskGroup(of: (Int, SQLError?).self) { group in
            for (index, body) in bodies.enumerated() {
                group.addTask {
                    do throws(SQLError) {
                        try await writer.write(body.run)
                        return (index, nil)
                    } catch {
                        return (index, error)
                    }
                }
            }
            await gate.open(afterWaiting: bodies.count)
            return await group.reduce(into: [SQLError?](repeating: nil, count: bodies.count)) {
                $0[$1.0] = $1.1
            }
        }
        _ = await blocker
        return errors
    }

    @Test("all that was acknowledged is there, and a failing write undoes only its own work")
    func manyWriters() async throws {
        let writer = writer()
        let kept = await withTaskGroup(of: Int?.self) { group in
            for id in 1...500 {
                group.addTask {
                    try? await writer.write { database throws(SQLError) in
                        try Self.add(id, database)
                        if id % 7 == 0 { try Self.add(id, database) }
                        return id
                    }
                }
            }
            return await group.reduce(into: [Int]()) { if let id = $1 { $0.append(id) } }
        }
        #expect(kept.sorted() == (1...500).filter { $0 % 7 != 0 })
        #expect(try ids() == kept.sorted())
        await writer.close()
    }

    @Test("an open reference is the error of the write that left it, not of the commit")
    func deferredReferences() async throws {
        let writer = writer()
        let errors = await together(
            writer,
            [
                Write { database throws(SQLError) in try Self.add(1, database) },
                Write { database throws(SQLError) in
                    try Self.add(2, database)
                    try database.execute("INSERT INTO parts VALUES (99)", [])
                },
                Write { database throws(SQLError) in
                    try database.execute("INSERT INTO parts VALUES (3)", [])
                    try Self.add(3, database)
                },
            ])
        #expect(errors.map(\.?.reason) == [nil, .foreignKey, nil])
        #expect(try ids() == [1, 3])
    }

    @Test("a write that ends the shared transaction does not take the others with it")
    func lostTransaction() async throws {
        let writer = writer()
        let errors = await together(
            writer,
            [
                Write { database throws(SQLError) in try Self.add(1, database) },
                Write { database throws(SQLError) in
                    try Self.add(2, database)
                    try database.execute("INSERT OR ROLLBACK INTO things (id) VALUES (2)", [])
                },
                Write { database throws(SQLError) in try Self.add(3, database) },
                // Swallows the error, and would go on by itself.
                Write { database throws(SQLError) in
                    try Self.add(4, database)
                    _ = try? database.execute("INSERT OR ROLLBACK INTO things (id) VALUES (4)", [])
                    _ = try? Self.add(5, database)
                },
            ])
        #expect(errors[0] == nil && errors[2] == nil)
        #expect(errors[1]?.reason == .unique)
        #expect(errors[3] != nil)
        #expect(try ids() == [1, 3])
    }

    @Test("a full disk costs the write that filled it, and the writer goes on")
    func full() async throws {
        let writer = SQLiteWriter(
            open: { [path] () throws(SQLError) in
                let database = try SQLiteDatabase(.file(path))
                try database.script("PRAGMA max_page_count = 12")
                return database
            }, queueLimit: 100, batchLimit: 100)
        let errors = await together(
            writer,
            [
                Write { database throws(SQLError) in try Self.add(1, database) },
                Write { database throws(SQLError) in
                    try database.script("CREATE TABLE big (body BLOB)")
                    try database.execute("INSERT INTO big VALUES (zeroblob(90000))", [])
                },
                Write { database throws(SQLError) in try Self.add(3, database) },
            ])
        #expect(errors.map(\.?.reason) == [nil, .full, nil])
        #expect(try ids() == [1, 3])
        try await writer.write { database throws(SQLError) in try Self.add(4, database) }
    }

    @Test("a queue that is full refuses, and a closed writer too")
    func refusal() async throws {
        let writer = writer(queueLimit: 2, batchLimit: 1)
        let bodies = (1...5).map { id in
            Write { database throws(SQLError) in try Self.add(id, database) }
        }
        let errors = await together(writer, bodies)
        #expect(errors.filter { $0?.reason == .busy }.count == 3)
        #expect(try ids().count == 2)
        await writer.close()
        await #expect(throws: SQLError(.cannotOpen, "the writer is closed")) {
            try await writer.write { _ throws(SQLError) in }
        }
    }

    @Test("a file that can't be opened is told to everybody, and tried again for the next")
    func cannotOpen() async throws {
        let missing = folder.path + "/later.db"
        let writer = SQLiteWriter(
            open: { () throws(SQLError) in try SQLiteDatabase(.file(missing)) }, queueLimit: 10,
            batchLimit: 10)
        let error = await #expect(throws: SQLError.self) {
            try await writer.write { _ throws(SQLError) in }
        }
        #expect(error?.reason == .cannotOpen)
        try Data().write(to: URL(filePath: missing))
        try await writer.write { database throws(SQLError) in
            try database.script("CREATE TABLE a (b)")
        }
    }
}

/// One of several writes.
struct Write: Sendable {
    let run: @Sendable (SQLiteDatabase) throws(SQLError) -> Void

    init(_ run: @escaping @Sendable (SQLiteDatabase) throws(SQLError) -> Void) { self.run = run }
}

/// Where a test holds a thread up until it has seen enough.
final class Gate: Sendable {
    private let isReached = Mutex(false)
    private let isOpen = Mutex(false)

    /// On the thread that is held up.
    func pass() {
        isReached.withLock { $0 = true }
        while !isOpen.withLock({ $0 }) { usleep(500) }
    }

    func reached() async {
        while !isReached.withLock({ $0 }) { try? await Task.sleep(for: .milliseconds(1)) }
    }

    func open() { isOpen.withLock { $0 = true } }

    /// Lets so many tasks come to their first wait, then opens.
    func open(afterWaiting count: Int) async {
        try? await Task.sleep(for: .milliseconds(50 + count))
        open()
    }
}
