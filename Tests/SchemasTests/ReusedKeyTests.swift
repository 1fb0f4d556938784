import SQL
import TestSupport
import Testing

/// Keys that SQLite gives out again.
@Suite struct ReusedKeyTests {
    @Test("introspection warns of people whose keys are given out again")
    func warned() throws {
        let scratch = try Scratch()
        let stead = SteadProcess(folder: scratch.root)
        for (name, rest, isWarned) in [("plain", "", true), ("safe", "AUTOINCREMENT", false)] {
            // An empty file is an empty database.
            try scratch.write("\(name).db", "")
            let database = try SQLiteDatabase(.file(scratch.path("\(name).db")))
            try database.execute(
                "CREATE TABLE users (id INTEGER PRIMARY KEY \(rest), email TEXT NOT NULL UNIQUE, "
                    + "password TEXT)")
            let printed = try stead.run(
                "schema", "introspect", "--database", "sqlite:\(scratch.path("\(name).db"))",
                "--app", "shop")
            #expect(printed.status == 0, "\(printed.everything)")
            let isSaid = printed.output.contains("\n# users was made without AUTOINCREMENT")
            #expect(isSaid == isWarned, "\(name): \(printed.output)")
        }
    }
}
