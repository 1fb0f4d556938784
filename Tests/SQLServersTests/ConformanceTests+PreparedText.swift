import SQL
import SQLServers
import Testing

/// Statements found by number, and rows that are never held as a whole, on all three engines.
extension ConformanceTests {
    @Test("a prepared text does what its text does", arguments: Engine.allCases)
    func same(_ engine: Engine) throws { try engine.run(Same()) }

    @Test("more texts than a connection keeps still run", arguments: Engine.allCases)
    func many(_ engine: Engine) throws { try engine.run(ManyTexts(), statementLimit: 3) }

    @Test("a streamed answer brings every row, and may be left early", arguments: Engine.allCases)
    func stream(_ engine: Engine) throws { try engine.run(Streaming()) }
}

private struct Same: Check {
    func run(_ database: some Database, _ engine: Engine) throws {
        let insert = PreparedText("INSERT INTO things (id, name) VALUES (?, ?)")
        let read = PreparedText("SELECT name FROM things WHERE id = ?")
        for id in 1...3 {
            #expect(try database.execute(insert, [.integer(id), .text("n\(id)")]) == 1)
            #expect(try database.first(read, [.integer(id)]) { $0.text(0) } == "n\(id)")
            #expect(try database.first(read.sql, [.integer(id)]) { $0.text(0) } == "n\(id)")
            // Another number for the same text.
            let twin = PreparedText(read.sql)
            #expect(try database.all(twin, [.integer(id)]) { $0.text(0) } == ["n\(id)"])
        }
        var pairs: [String?] = []
        try database.query(read, [1]) { outer throws(SQLError) in
            try database.query(read, [2]) { inner throws(SQLError) in
                pairs += [outer.text(0), inner.text(0)]
            }
        }
        #expect(pairs == ["n1", "n2"])
        let error = #expect(throws: SQLError.self) { try database.execute(insert, [1, "again"]) }
        #expect(error?.reason == .unique)
    }
}

private struct ManyTexts: Check {
    func run(_ database: some Database, _ engine: Engine) throws {
        let texts = (0..<300).map { PreparedText("SELECT \($0)") }
        for round in 0..<2 {
            for (number, text) in texts.enumerated() {
                #expect(try database.first(text) { $0.integer(0) } == number, "round \(round)")
                #expect(try database.first("SELECT \(number % 5)") { $0.integer(0) } == number % 5)
            }
        }
    }
}

private struct Streaming: Check {
    func run(_ database: some Database, _ engine: Engine) throws {
        try database.transaction(.writing) { () throws(SQLError) in
            for id in 1...2000 {
                try database.execute(
                    "INSERT INTO things (id, name) VALUES (?, ?)",
                    [.integer(id), .text(String(repeating: "x", count: id))])
            }
        }
        let all = PreparedText("SELECT id, name FROM things ORDER BY id")
        var ids: [Int] = []
        try database.stream(all, []) { row throws(SQLError) in
            ids.append(row.integer(0) ?? -1)
            #expect(row.text(1)?.utf8.count == row.integer(0))
        }
        #expect(ids == Array(1...2000))
        let enough = SQLError(.other, "enough")
        for _ in 0..<3 {
            var count = 0
            #expect(throws: enough) {
                try database.stream(all, []) { _ throws(SQLError) in
                    count += 1
                    if count == 5 { throw enough }
                }
            }
            #expect(try database.first("SELECT count(*) FROM things") { $0.integer(0) } == 2000)
        }
        #expect(throws: SQLError.self) {
            try database.stream(PreparedText("SELECT nothing FROM things"), []) { _ in }
        }
        #expect(try database.first(all) { $0.integer(0) } == 1)
    }
}
