import Schemas
import TestSupport
import Testing

/// What needs no engine.
@Suite struct DatabaseAddressTests {
    @Test("a URL names a database, and never a password")
    func urls() throws {
        let address = try #require(DatabaseAddress(url: "postgres://ada@db.example.com:5433/shop"))
        #expect(address.description == "postgres://ada@db.example.com:5433/shop")
        #expect(DatabaseAddress(url: "sqlite:shop.db")?.path == "shop.db")
        #expect(DatabaseAddress(url: "mysql://ada:secret@localhost/shop") == nil)
        #expect(DatabaseAddress(url: "oracle://localhost/shop") == nil)
    }

    @Test("a password in a URL is refused, and said to be one")
    func passwords() throws {
        let scratch = try Scratch()
        let result = try SteadProcess(folder: scratch.root).run(
            "schema", "introspect", "--database", "mysql://ada:secret@localhost/shop")
        #expect(result.status == 64)
        #expect(result.errors.contains("STEAD_DATABASE_PASSWORD"), "\(result.everything)")
    }

    @Test("no character of a name or a text is ever more than that")
    func quoting() {
        #expect(Dialect(.mariadb).quoted("a`b\"c") == "`a``b\"c`")
        #expect(Dialect(.postgres).quoted("a`b\"c") == "\"a`b\"\"c\"")
        #expect(Dialect(.sqlite).literal("it's \\ x") == "'it''s \\ x'")
    }
}
