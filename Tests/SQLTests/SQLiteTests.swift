import SQL
import Testing

@Suite("SQLite")
struct SQLiteTests {
    let database: SQLiteDatabase

    init() throws {
        database = try SQLiteDatabase(.memory)
        try database.script("CREATE TABLE things (id INTEGER PRIMARY KEY, name ANY) STRICT")
    }

    @Test(
        "a value comes back as it was bound",
        arguments: [
            .null, 0, 1, .integer(.min), .integer(.max), .real(1.5), .real(-0.0), "", "plain",
            "sœurs 🜁 \u{0}after a NUL", .text("it's; -- \"quoted\""), .blob([]),
            .blob([0, 255, 39]),
        ] as [SQLValue])
    func roundTrip(_ value: SQLValue) throws {
        try database.execute("INSERT INTO things (name) VALUES (?)", [value])
        #expect(try database.first("SELECT name FROM things") { $0.value(0) } == value)
    }

    @Test("columns are read by type, without values in between")
    func typedColumns() throws {
        let read = try database.first("SELECT 7, 2.5, 'text', x'00ff', NULL", []) { row in
            #expect(row.columnCount == 5)
            #expect(row.integer(0) == 7)
            #expect(row.real(1) == 2.5)
            #expect(row.text(2) == "text")
            #expect(row.bytes(3) == [0, 255])
            #expect(row.withBytes(2) { $0.count } == 4)
            #expect(row.isNull(4))
            #expect(row.integer(4) == nil && row.text(4) == nil && row.bytes(4) == nil)
            #expect(throws: SQLError.self) { try row.requiredText(4) }
            #expect(throws: SQLError.self) { try row.requiredInteger(4) }
            return true
        }
        #expect(read == true)
    }

    @Test("a row kept beyond its closure reads as nulls")
    func escapedRow() throws {
        let row = try #require(try database.first("SELECT 1, 'text'") { $0 })
        #expect(row.columnCount == 0)
        #expect(row.integer(0) == nil)
        #expect(row.text(1) == nil)
        #expect(row.value(1) == .null)
        #expect(row.withBytes(1) { $0.count } == 0)
    }

    @Test("a statement can be used while an earlier use of it is being stepped")
    func nestedUse() throws {
        for name in ["a", "b", "c"] as [SQLValue] {
            try database.execute("INSERT INTO things (name) VALUES (?)", [name])
        }
        var pairs: [String] = []
        let sql = "SELECT name FROM things ORDER BY name"
        try database.query(sql, []) { outer throws(SQLError) in
            try database.query(sql, []) { inner throws(SQLError) in
                pairs.append(try outer.requiredText(0) + (try inner.requiredText(0)))
            }
        }
        #expect(pairs == ["aa", "ab", "ac", "ba", "bb", "bc", "ca", "cb", "cc"])
    }

    @Test("more texts than are kept still run")
    func manyStatements() throws {
        for number in 0..<600 {
            #expect(try database.first("SELECT \(number)") { $0.integer(0) } == number)
        }
        #expect(try database.first("SELECT 0") { $0.integer(0) } == 0)
    }

    @Test("execute tells how many rows it touched")
    func changes() throws {
        let insert = "INSERT INTO things (name) VALUES (?), (?)"
        #expect(try database.execute(insert, ["a", "b"]) == 2)
        #expect(try database.execute("UPDATE things SET name = 'c' WHERE id > 9") == 0)
        #expect(try database.execute("CREATE TABLE more (id INTEGER) STRICT") == 0)
        #expect(try database.execute("DELETE FROM things") == 2)
    }

    @Test("a second statement in one text is refused rather than left out")
    func twoStatements() {
        #expect(throws: SQLError.self) { try database.execute("SELECT 1; DROP TABLE things") }
        #expect(throws: SQLError.self) { try database.execute("  ") }
    }

    @Test("too few or too many values are refused")
    func countOfValues() {
        #expect(throws: SQLError.self) { try database.execute("SELECT ?", []) }
        #expect(throws: SQLError.self) { try database.execute("SELECT ?", [1, 2]) }
    }
}
