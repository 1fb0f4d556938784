import SQL
import Testing

@Suite("transactions")
struct TransactionTests {
    let database: SQLiteDatabase

    init() throws {
        database = try SQLiteDatabase(.memory)
        try database.script(
            """
            CREATE TABLE things (id INTEGER PRIMARY KEY) STRICT;
            CREATE TABLE parts (
                thing INTEGER REFERENCES things (id) DEFERRABLE INITIALLY DEFERRED) STRICT;
            """)
    }

    @Test("what a transaction did is undone when it throws")
    func rollback() throws {
        #expect(throws: SQLError(.other, "stop")) {
            try database.transaction(.writing) { () throws(SQLError) in
                try add(1)
                throw SQLError(.other, "stop")
            }
        }
        #expect(try ids() == [])
    }

    @Test("a savepoint that throws leaves the rest of its transaction")
    func savepoint() throws {
        try database.transaction(.durable) { () throws(SQLError) in
            try add(1)
            do throws(SQLError) {
                try database.transaction(.durable) { () throws(SQLError) in
                    try add(2)
                    try database.transaction(.durable) { () throws(SQLError) in try add(3) }
                    throw SQLError(.other, "stop")
                }
            } catch {
                #expect(error.message == "stop")
            }
            try database.transaction(.durable) { () throws(SQLError) in try add(4) }
        }
        #expect(try ids() == [1, 4])
    }

    @Test("a commit that fails undoes the transaction, and the connection is good for another")
    func failingCommit() throws {
        let error = #expect(throws: SQLError.self) {
            try database.transaction(.writing) { () throws(SQLError) in
                try add(1)
                try database.execute("INSERT INTO parts VALUES (9)")
            }
        }
        #expect(error?.reason == .foreignKey)
        #expect(try ids() == [])
        try database.transaction(.writing) { () throws(SQLError) in try add(2) }
        #expect(try ids() == [2])
    }

    @Test("a reader sees one state for the whole of its transaction")
    func snapshot() throws {
        let folder = try TemporaryFolder()
        let (reader, writer) = try SQLErrorTests.pair(in: folder)
        try writer.script("PRAGMA journal_mode = WAL; CREATE TABLE things (id INTEGER)")
        let count = "SELECT count(*) FROM things"
        let counts = try reader.transaction(.reading) { () throws(SQLError) in
            let before = try reader.first(count) { $0.integer(0) }
            try writer.execute("INSERT INTO things VALUES (1)")
            return [before, try reader.first(count) { $0.integer(0) }]
        }
        #expect(counts == [0, 0])
        #expect(try reader.first(count) { $0.integer(0) } == 1)
    }

    @Test(
        "a commit is as durable as it was asked to be",
        arguments: [(TransactionMode.writing, 1), (.durable, 2)])
    func durability(_ mode: TransactionMode, synchronous: Int) throws {
        for _ in 0..<2 {
            try database.transaction(.writing) { () throws(SQLError) in }
            let level = try database.transaction(mode) { () throws(SQLError) in
                try database.first("PRAGMA synchronous") { $0.integer(0) }
            }
            #expect(level == synchronous)
        }
        try add(1)
        #expect(try database.first("PRAGMA synchronous") { $0.integer(0) } == 2)
    }

    private func add(_ id: Int) throws(SQLError) {
        try database.execute("INSERT INTO things VALUES (?)", [.integer(id)])
    }

    private func ids() throws(SQLError) -> [Int?] {
        try database.all("SELECT id FROM things ORDER BY id") { $0.integer(0) }
    }
}
