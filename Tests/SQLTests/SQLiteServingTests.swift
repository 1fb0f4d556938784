import Glibc
import SQL
import Synchronization
import Testing

@Suite("SQLite behind requests")
struct SQLiteServingTests {
    let database: SQLiteDatabase
    /// Counts for longer than any test.
    private static let slow =
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"

    init() throws {
        database = try SQLiteDatabase(.memory)
        try database.script("CREATE TABLE things (id INTEGER PRIMARY KEY, name TEXT) STRICT")
    }

    @Test("a statement that takes too long is ended, and the connection is good for the next")
    func timeout() throws {
        database.statementTimeoutMilliseconds = 20
        for _ in 0..<2 {
            let error = #expect(throws: SQLError.self) { try database.execute(Self.slow) }
            #expect(error?.reason == .timeout)
            #expect(try database.first("SELECT 1") { $0.integer(0) } == 1)
        }
        // Rows that are stepped to count as well.
        let rows =
            "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n"
        let error = #expect(throws: SQLError.self) { try database.query(rows, []) { _ in } }
        #expect(error?.reason == .timeout)
    }

    @Test("the time of one statement is not counted against the next")
    func timeoutPerStatement() throws {
        database.statementTimeoutMilliseconds = 1000
        for _ in 0..<2 {
            // Long enough for looks at the clock, short enough for any machine.
            let count = try database.first(
                """
                WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)
                SELECT count(*) FROM n
                """
            ) { $0.integer(0) }
            #expect(count == 2000)
            usleep(1_100_000)
        }
        database.statementTimeoutMilliseconds = 0
        #expect(database.statementTimeoutMilliseconds == 0)
    }

    @Test("another thread's interrupt ends what runs")
    func interrupt() async throws {
        let pool = DatabasePool(
            name: "test", size: 1, queueLimit: 10, waitTimeoutMilliseconds: 10_000,
            connect: { () throws(SQLError) in try SQLiteDatabase(.memory) }, isLost: { _ in false })
        let interrupt = try await pool.run { database throws(SQLError) in database.interrupt }
        let hasEnded = Atomic(false)
        async let error = #expect(throws: SQLError.self) {
            defer { hasEnded.store(true, ordering: .relaxed) }
            try await pool.run { database throws(SQLError) in _ = try database.execute(Self.slow) }
        }
        while !hasEnded.load(ordering: .relaxed) {
            try await Task.sleep(for: .milliseconds(5))
            interrupt()
        }
        #expect(await error?.reason == .timeout)
        #expect(
            try await pool.run { database throws(SQLError) in database.isInTransaction } == false)
        await pool.close()
        // Its connection is gone by now.
        interrupt()
    }

    @Test("a write that is ended in a transaction ends it, and what follows is not done by halves")
    func timeoutInTransaction() throws {
        database.statementTimeoutMilliseconds = 20
        let error = #expect(throws: SQLError.self) {
            try database.transaction(.writing) { () throws(SQLError) in
                try database.execute("INSERT INTO things (id) VALUES (1)")
                _ = try? database.execute("INSERT INTO things \(Self.slow), 'x'")
                _ = try? database.execute("INSERT INTO things (name) \(Self.slow)")
                try database.execute("INSERT INTO things (id) VALUES (2)")
            }
        }
        #expect(error != nil)
        #expect(try database.first("SELECT count(*) FROM things") { $0.integer(0) } == 0)
    }

    @Test(
        "stead_lower knows all of Unicode",
        arguments: [
            ("PLAIN", "plain"), ("ÀÉÎÕÜ ŠŽ", "àéîõü šž"), ("ΑΒΓ", "αβγ"), ("", ""), ("a1", "a1"),
        ])
    func lower(_ text: String, _ expected: String) throws {
        try database.prepareForServing()
        let lower = try database.first("SELECT stead_lower(?)", [.text(text)]) { $0.text(0) }
        #expect(lower == expected)
    }

    @Test("what is in double quotes is a name, but where a view may mean text by it")
    func quotedText() throws {
        let query = "SELECT \"nothing\" FROM things"
        try database.execute("INSERT INTO things (name) VALUES ('open')")
        try database.prepareForServing()
        let error = #expect(throws: SQLError.self) { try database.first(query) { $0.text(0) } }
        #expect(error?.reason == .undefined)
        let other = try SQLiteDatabase(.memory)
        try other.script("CREATE TABLE things (name TEXT)")
        try other.script("CREATE VIEW found AS SELECT name FROM things WHERE name = \"open\"")
        try other.execute("INSERT INTO things VALUES ('open')")
        try other.prepareForServing()
        #expect(try other.first("SELECT name FROM found") { $0.text(0) } == "open")
    }

    @Test("stead_lower keeps null, takes numbers for text, and may stand in an index")
    func lowerValues() throws {
        try database.prepareForServing()
        #expect(try database.first("SELECT stead_lower(NULL)") { $0.isNull(0) } == true)
        #expect(try database.first("SELECT stead_lower(15)") { $0.text(0) } == "15")
        try database.execute("CREATE INDEX by_name ON things (stead_lower(name))")
        try database.execute("INSERT INTO things (name) VALUES (?)", ["ÄPFEL"])
        let found = "SELECT count(*) FROM things WHERE stead_lower(name) = ?"
        #expect(try database.first(found, ["äpfel"]) { $0.integer(0) } == 1)
    }

    @Test("long values, which are lent, come back as they went, also when they are bound in vain")
    func longValues() throws {
        let text = String(repeating: "ünï", count: 5000)
        let bytes = (0..<100_000).map { UInt8(truncatingIfNeeded: $0) }
        try database.execute("CREATE TABLE long (id INTEGER PRIMARY KEY, t TEXT, b BLOB, u TEXT)")
        let insert = PreparedText("INSERT INTO long VALUES (?, ?, ?, ?)")
        for id in [1, 2] {
            try database.execute(insert, [.integer(id), .text(text), .blob(bytes), .text(text)])
        }
        #expect(throws: SQLError.self) {
            try database.execute(insert, [1, .text(text), .blob(bytes), "short"])
        }
        let rows = try database.all(
            "SELECT t, b, u, length(t) FROM long WHERE t = ?", [.text(text)]
        ) {
            ($0.text(0) == text, $0.value(1) == .blob(bytes), $0.text(2) == text, $0.integer(3))
        }
        #expect(rows.count == 2)
        #expect(rows.allSatisfy { $0.0 && $0.1 && $0.2 && $0.3 == text.unicodeScalars.count })
    }

    @Test("LIKE tells upper from lower case, or does not")
    func like() throws {
        for (isSensitive, expected) in [(true, 0), (false, 1), (true, 0)] {
            try database.prepareForServing(isLikeCaseSensitive: isSensitive)
            #expect(try database.first("SELECT 'ABC' LIKE 'abc'") { $0.integer(0) } == expected)
        }
    }
}
