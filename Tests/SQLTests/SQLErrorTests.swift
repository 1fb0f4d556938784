import FoundationEssentials
import SQL
import Testing

@Suite("errors of SQLite")
struct SQLErrorTests {
    let folder: TemporaryFolder
    var path: String { folder.path + "/test.db" }

    init() throws {
        folder = try TemporaryFolder()
    }

    @Test(
        "a broken constraint is told by its kind",
        arguments: [
            ("INSERT INTO things (id, name) VALUES (1, 'b')", .unique),
            ("INSERT INTO things (id, name) VALUES (2, 'a')", .unique),
            ("INSERT INTO things (id, name, parent) VALUES (2, 'b', 9)", .foreignKey),
            ("INSERT INTO things (id) VALUES (2)", .notNull),
            ("INSERT INTO things (id, name, size) VALUES (2, 'b', -1)", .check),
            ("INSERT INTO things (id, name, size) VALUES (2, 'b', 'big')", .check),
            ("INSERT INTO nothing VALUES (1)", .other),
            ("SELEKT 1", .other),
        ] as [(String, SQLError.Reason)])
    func constraints(_ sql: String, reason: SQLError.Reason) throws {
        let database = try SQLiteDatabase(.memory)
        try database.script(
            """
            CREATE TABLE things (
                id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE,
                parent INTEGER REFERENCES things (id), size INTEGER CHECK (size > 0)) STRICT;
            INSERT INTO things (id, name) VALUES (1, 'a');
            """)
        let error = #expect(throws: SQLError.self) { try database.execute(sql) }
        #expect(error?.reason == reason)
        #expect(try database.first("SELECT count(*) FROM things") { $0.integer(0) } == 1)
    }

    @Test("a unique constraint names its column")
    func message() throws {
        let database = try SQLiteDatabase(.memory)
        try database.script("CREATE TABLE a (b TEXT UNIQUE) STRICT; INSERT INTO a VALUES ('c')")
        #expect(throws: SQLError(.unique, "UNIQUE constraint failed: a.b")) {
            try database.execute("INSERT INTO a VALUES ('c')")
        }
    }

    @Test("another's lock is busy once the timeout has run out")
    func busy() throws {
        let (one, other) = try Self.pair(in: folder)
        try one.script("CREATE TABLE things (id INTEGER); BEGIN IMMEDIATE")
        let error = #expect(throws: SQLError.self) {
            try other.transaction(.writing) { () throws(SQLError) in }
        }
        #expect(error?.reason == .busy)
        try one.script("COMMIT")
        try other.transaction(.writing) { () throws(SQLError) in }
    }

    @Test("a full database keeps what it had, and works again once there is space")
    func full() throws {
        let (database, _) = try Self.pair(in: folder)
        try database.script("CREATE TABLE things (body BLOB); PRAGMA max_page_count = 4")
        let error = #expect(throws: SQLError.self) {
            try database.transaction(.durable) { () throws(SQLError) in
                for _ in 0..<10 {
                    try database.execute("INSERT INTO things VALUES (zeroblob(3000))")
                }
            }
        }
        #expect(error?.reason == .full)
        let count = "SELECT count(*) FROM things"
        #expect(try database.first(count) { $0.integer(0) } == 0)
        try database.script("PRAGMA max_page_count = 400")
        try database.execute("INSERT INTO things VALUES (zeroblob(3000))")
        #expect(try database.first(count) { $0.integer(0) } == 1)
    }

    @Test("a connection opened for reading refuses to write")
    func readOnly() throws {
        let (database, _) = try Self.pair(in: folder)
        try database.script("CREATE TABLE things (id INTEGER)")
        for location in [SQLiteDatabase.Location.readOnly(path), .immutable(path)] {
            let reader = try SQLiteDatabase(location)
            #expect(reader.isReadOnly)
            let error = #expect(throws: SQLError.self) {
                try reader.execute("INSERT INTO things VALUES (1)")
            }
            #expect(error?.reason == .readOnly)
        }
    }

    @Test("a file that is no database says so when it is first read")
    func notADatabase() throws {
        try Data("this is a letter, not a database, and long enough".utf8)
            .write(to: URL(filePath: path))
        let error = #expect(throws: SQLError.self) {
            try SQLiteDatabase(.file(path)).execute("SELECT * FROM sqlite_schema")
        }
        #expect(error?.reason == .notADatabase)
    }

    @Test("a damaged page is corrupt")
    func corrupt() throws {
        do {
            let (database, _) = try Self.pair(in: folder)
            try database.script("CREATE TABLE things (id INTEGER); INSERT INTO things VALUES (1)")
        }
        var bytes = try Data(contentsOf: URL(filePath: path))
        bytes.replaceSubrange(4096..., with: Data(repeating: 0xEE, count: bytes.count - 4096))
        try bytes.write(to: URL(filePath: path))
        let database = try SQLiteDatabase(.file(path))
        let error = #expect(throws: SQLError.self) { try database.execute("SELECT * FROM things") }
        #expect(error?.reason == .corrupt)
    }

    @Test("a file that isn't there can't be opened, and isn't made")
    func missing() {
        let error = #expect(throws: SQLError.self) { try SQLiteDatabase(.file(path)) }
        #expect(error?.reason == .cannotOpen)
        #expect(!FileManager.default.fileExists(atPath: path))
    }

    @Test("no character of a path means anything", arguments: ["a?mode=memory", "b#c%20d 'é\n"])
    func oddPaths(_ name: String) throws {
        let path = folder.path + "/" + name
        try Data().write(to: URL(filePath: path))
        try SQLiteDatabase(.file(path)).script("CREATE TABLE things (id INTEGER)")
        #expect(try Data(contentsOf: URL(filePath: path)).count > 0)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == [name])
    }

    /// Two connections to one new file, with a short patience.
    static func pair(in folder: TemporaryFolder) throws -> (SQLiteDatabase, SQLiteDatabase) {
        let path = folder.path + "/test.db"
        try Data().write(to: URL(filePath: path))
        return (
            try SQLiteDatabase(.file(path), busyTimeoutMilliseconds: 20),
            try SQLiteDatabase(.file(path), busyTimeoutMilliseconds: 20)
        )
    }
}
