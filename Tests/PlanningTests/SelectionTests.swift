import Planning
import Resources
import Testing

@Suite("What --only chooses")
struct SelectionTests {
    @Test(
        "is an address, a pattern, or all of a server",
        arguments: [
            ("file/motd", true), ("file/*", true), ("*/motd", true), ("*", true),
            ("file/m*d", true), ("file/m*o*d", true), ("server/in3", true), ("server/*", true),
            ("file/mot", false), ("file", false), ("nginx-site/*", false), ("server/in4", false),
            ("file/*x", false), ("", false), ("file/motd*x", false), ("in3", false),
        ])
    func includes(_ pattern: String, _ expected: Bool) throws {
        let address = try #require(Address("file/motd"))
        #expect(Selection([pattern]).includes(address, on: "in3") == expected)
    }

    @Test("tells a pattern that chooses nothing, and what was probably meant")
    func unmatched() throws {
        let address = try #require(Address("file/motd"))
        let selection = Selection(["file/motd", "file/modt", "nothing/like-it"])
        let unmatched = selection.unmatched(among: [(address, "in3")])
        #expect(unmatched.map(\.pattern) == ["file/modt", "nothing/like-it"])
        #expect(unmatched.map(\.suggestion) == ["did you mean `file/motd`?", nil])
    }

    @Test("leaves everything else out of the plan, deletes too")
    func plan() throws {
        let files = [try FakeFile("file/a", "x"), try FakeFile("file/b", "x")]
        var input = PlanInput.sample(files)
        input.seeNothing(of: files)
        input.remove([try FakeFile("file/c"), try FakeFile("file/d")])
        input.selection = Selection(["file/b", "file/d"])
        let plan = Planner.plan(input)
        #expect(plan.changes.map(\.address.name) == ["b", "d"])
        #expect(plan.only == ["file/b", "file/d"])
    }

    @Test("a hostile pattern takes no time to speak of")
    func hostile() throws {
        let address = try #require(Address("file/" + String(repeating: "a", count: 2000)))
        let pattern = String(repeating: "*a", count: 500) + "b"
        #expect(!Selection([pattern]).includes(address, on: "in3"))
    }
}
