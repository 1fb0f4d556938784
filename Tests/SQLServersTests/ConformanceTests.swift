import Foundation
import SQL
import SQLServers
import Testing

/// What every engine promises: the same calls with the same outcome on all three.
@Suite(.serialized) struct ConformanceTests {
    @Test("values of every sort come back as they went", arguments: Engine.allCases)
    func values(_ engine: Engine) throws { try engine.run(Values()) }

    @Test("a write tells how many rows it found", arguments: Engine.allCases)
    func counts(_ engine: Engine) throws { try engine.run(Counts()) }

    @Test("a broken constraint is told by its sort", arguments: Engine.allCases)
    func constraints(_ engine: Engine) throws { try engine.run(Constraints(engine: engine)) }

    @Test("a transaction keeps all, or nothing", arguments: Engine.allCases)
    func transactions(_ engine: Engine) throws { try engine.run(Transactions()) }

    @Test("a savepoint that fails leaves the rest of its transaction", arguments: Engine.allCases)
    func savepoints(_ engine: Engine) throws { try engine.run(Savepoints()) }

    @Test("what a value holds is never read as SQL", arguments: Engine.allCases)
    func injection(_ engine: Engine) throws { try engine.run(Injection()) }

    @Test("a question mark in quotes or a comment is no placeholder", arguments: Engine.allCases)
    func placeholders(_ engine: Engine) throws { try engine.run(Placeholders()) }

    @Test("rows may be asked about while they are stepped", arguments: Engine.allCases)
    func nesting(_ engine: Engine) throws { try engine.run(Nesting()) }

    @Test("a wrong statement is an error, and the connection is good for the next")
    func mistakes() throws {
        for engine in Engine.allCases { try engine.run(Mistakes()) }
    }
}

/// A check that any engine must pass.
protocol Check {
    func run(_ database: some Database, _ engine: Engine) throws
}

private func ids(_ database: some Database) throws -> [Int] {
    try database.all("SELECT id FROM things ORDER BY id") { $0.integer(0) ?? -1 }
}

private func add(_ id: Int, _ database: some Database) throws(SQLError) {
    try database.execute("INSERT INTO things (id, name) VALUES (?, ?)", [.integer(id), "x"])
}

private struct Values: Check {
    func run(_ database: some Database, _ engine: Engine) throws {
        let texts = [
            "", "plain", "it's \"quoted\" \\ back", "ünï 👩‍🚀\n\t",
            String(repeating: "x", count: 70_000),
        ]
        for (index, text) in texts.enumerated() {
            try database.execute(
                "INSERT INTO things (id, name, number, body) VALUES (?, ?, ?, ?)",
                [
                    .integer(index), .text(text), .real(Double(index) / 8),
                    .blob(Array(text.utf8) + [0, 255, 0]),
                ])
        }
        let rows = try database.all("SELECT name, number, body FROM things ORDER BY id") {
            ($0.value(0), $0.value(1), $0.value(2), $0.text(0))
        }
        for (index, row) in rows.enumerated() {
            #expect(row.0 == .text(texts[index]))
            #expect(row.1 == .real(Double(index) / 8))
            #expect(row.2 == .blob(Array(texts[index].utf8) + [0, 255, 0]))
            #expect(row.3 == texts[index])
        }
        #expect(rows.count == texts.count)
        for (id, edge) in [(100, Int.min), (101, Int.max)] {
            try database.execute(
                "INSERT INTO things (id, edge) VALUES (?, ?)", [.integer(id), .integer(edge)])
            let back = try database.first(
                "SELECT edge, name FROM things WHERE id = ?", [.integer(id)]
            ) { ($0.integer(0), $0.isNull(1), $0.value(1)) }
            #expect(back?.0 == edge)
            #expect(back?.1 == true)
            #expect(back?.2 == .null)
        }
        try database.execute("INSERT INTO things (id, name) VALUES (?, ?)", [.integer(200), .null])
        #expect(
            try database.first("SELECT name FROM things WHERE id = 200") { $0.text(0) }
                == .some(nil))
    }
}

private struct Counts: Check {
    func run(_ database: some Database, _ engine: Engine) throws {
        for id in 1...3 { try add(id, database) }
        // Found, though nothing about them changes.
        #expect(try database.execute("UPDATE things SET name = ?", ["x"]) == 3)
        #expect(try database.execute("UPDATE things SET name = ? WHERE id = 9", ["x"]) == 0)
        #expect(try database.execute("DELETE FROM things WHERE id < ?", [.integer(3)]) == 2)
        #expect(try database.execute("SELECT id FROM things") == 0)
    }
}

private struct Constraints: Check {
    let engine: Engine

    func run(_ database: some Database, _ engine: Engine) throws {
        try add(1, database)
        func reason(_ sql: String, _ values: [SQLValue]) -> SQLError.Reason? {
            do throws(SQLError) {
                try database.execute(sql, values)
                return nil
            } catch {
                return error.reason
            }
        }
        #expect(reason("INSERT INTO things (id) VALUES (?)", [.integer(1)]) == .unique)
        #expect(reason("INSERT INTO parts (thing) VALUES (?)", [.integer(9)]) == .foreignKey)
        #expect(reason("INSERT INTO parts (thing) VALUES (?)", [.null]) == .notNull)
        #expect(
            reason("INSERT INTO things (id, amount) VALUES (?, ?)", [.integer(2), .integer(-1)])
                == .check)
        if engine != .sqlite {
            let long = SQLValue.text(String(repeating: "x", count: 11))
            #expect(
                reason("INSERT INTO things (id, short) VALUES (?, ?)", [.integer(3), long])
                    == .tooLong)
        }
        #expect(try ids(database) == [1])
    }
}

private struct Transactions: Check {
    func run(_ database: some Database, _ engine: Engine) throws {
        let stop = SQLError(.other, "stop")
        #expect(throws: stop) {
            try database.transaction(.writing) { () throws(SQLError) in
                try add(1, database)
                throw stop
            }
        }
        #expect(try ids(database) == [])
        try database.transaction(.durable) { () throws(SQLError) in
            try add(1, database)
            try add(2, database)
        }
        #expect(try ids(database) == [1, 2])
        let seen = try database.transaction(.reading) { () throws(SQLError) in
            try database.first("SELECT count(*) FROM things") { $0.integer(0) }
        }
        #expect(seen == 2)
    }
}

private struct Savepoints: Check {
    func run(_ database: some Database, _ engine: Engine) throws {
        try database.transaction(.writing) { () throws(SQLError) in
            try add(1, database)
            do throws(SQLError) {
                try database.transaction(.writing) { () throws(SQLError) in
                    try add(2, database)
                    try add(1, database)
                }
            } catch {
                #expect(error.reason == .unique)
            }
            try add(3, database)
        }
        #expect(try ids(database) == [1, 3])
    }
}

private struct Injection: Check {
    func run(_ database: some Database, _ engine: Engine) throws {
        let hostile = [
            "'; DROP TABLE things; --", "\\'; DROP TABLE things; #", "x' OR '1'='1", "?$1:a",
        ]
        for (id, text) in hostile.enumerated() {
            try database.execute(
                "INSERT INTO things (id, name) VALUES (?, ?)", [.integer(id), .text(text)])
            let found = try database.all(
                "SELECT id FROM things WHERE name = ?", [.text(text)]
            ) { $0.integer(0) }
            #expect(found == [id])
        }
    }
}

private struct Placeholders: Check {
    func run(_ database: some Database, _ engine: Engine) throws {
        let row = try database.first(
            "SELECT 'a?''?' AS \"q?\", name /* ? */ FROM things WHERE id = ? -- ?\n", [.integer(1)]
        ) { $0.text(0) }
        #expect(row == nil)
        try add(1, database)
        let text = try database.first(
            "SELECT 'a?''?' AS \"q?\", name /* ? */ FROM things WHERE id = ? -- ?\n", [.integer(1)]
        ) { $0.text(0) }
        #expect(text == "a?'?")
        #expect(throws: SQLError.self) {
            try database.execute("DELETE FROM things WHERE id = ?", [])
        }
        #expect(throws: SQLError.self) {
            try database.execute("DELETE FROM things", [.integer(1)])
        }
        #expect(try ids(database) == [1])
    }
}

private struct Nesting: Check {
    func run(_ database: some Database, _ engine: Engine) throws {
        for id in 1...3 { try add(id, database) }
        var pairs: [Int] = []
        let sql = "SELECT id FROM things WHERE id > ? ORDER BY id"
        try database.query(sql, [.integer(0)]) { outer throws(SQLError) in
            let id = outer.integer(0) ?? 0
            try database.query(sql, [.integer(id)]) { inner throws(SQLError) in
                pairs.append(id * 10 + (inner.integer(0) ?? 0))
            }
        }
        #expect(pairs == [12, 13, 23])
    }
}

private struct Mistakes: Check {
    func run(_ database: some Database, _ engine: Engine) throws {
        for sql in ["SELEKT 1", "SELECT * FROM nowhere", "SELECT 1; SELECT 2"] {
            #expect(throws: SQLError.self, "\(engine): \(sql)") { try database.execute(sql) }
        }
        try add(1, database)
        #expect(try ids(database) == [1])
    }
}
