import Diagnostics
import Planning
import Resources
import TestSupport
import Testing

@Suite("The order of a plan")
struct OrderTests {
    private func names(_ plan: Plan) -> [String] { plan.changes.map(\.address.name) }

    private func plan(_ files: [FakeFile]) -> Plan {
        var input = PlanInput.sample(files)
        input.seeNothing(of: files)
        return Planner.plan(input)
    }

    @Test("is dependencies first, by address within a rank")
    func dependencies() throws {
        let files = [
            try FakeFile("file/a", "x", needs: ["file/z"]), try FakeFile("file/y", "x"),
            try FakeFile("file/z", "x"), try FakeFile("file/b", "x", needs: ["file/a", "file/y"]),
        ]
        #expect(names(plan(files)) == ["y", "z", "a", "b"])
        #expect(names(plan(files.reversed())) == ["y", "z", "a", "b"])
    }

    @Test("holds through resources that need no change")
    func throughUnchanged() throws {
        let files = [
            try FakeFile("file/a", "x", needs: ["file/m"]),
            try FakeFile("file/m", "x", needs: ["file/z"]), try FakeFile("file/z", "x"),
        ]
        var input = PlanInput.sample(files)
        input.seeNothing(of: files)
        input.sights[files[1].address] = .seen(files[1].assessment(of: files[1].desired))
        #expect(names(Planner.plan(input)) == ["z", "a"])
    }

    @Test("puts deletes last, dependents first")
    func deletes() throws {
        let kept = try FakeFile("file/new", "x")
        var input = PlanInput.sample([kept])
        input.seeNothing(of: [kept])
        input.remove([
            try FakeFile("file/a"), try FakeFile("file/b", needs: ["file/a"]),
            try FakeFile("file/c", needs: ["file/b"]),
        ])
        #expect(names(Planner.plan(input)) == ["new", "c", "b", "a"])
    }

    @Test("ends even for a cycle, and loses nothing")
    func cycle() throws {
        let files = [
            try FakeFile("file/a", "x", needs: ["file/b"]),
            try FakeFile("file/b", "x", needs: ["file/a", "file/b"]), try FakeFile("file/c", "x"),
            try FakeFile("file/d", "x", needs: ["file/missing", "file/c", "file/c"]),
        ]
        #expect(Set(names(plan(files))) == ["a", "b", "c", "d"])
        #expect(names(plan(files)).first == "c")
    }

    @Test("a random graph never puts a resource before what it depends on")
    func random() throws {
        var generator = SplitMix(seed: 7)
        for _ in 0..<50 {
            let count = Int.random(in: 1...40, using: &generator)
            let names = (0..<count).map { "file/n\($0)" }.shuffled(using: &generator)
            let files = try names.enumerated().map { index, name in
                let needs = names[..<index].filter { _ in
                    Int.random(in: 0..<5, using: &generator) == 0
                }
                return try FakeFile(name, "x", needs: Array(needs))
            }
            let plan = plan(files.shuffled(using: &generator))
            #expect(plan.changes.count == count)
            var done: Set<Address> = []
            for change in plan.changes {
                #expect(done.isSuperset(of: change.dependencies))
                done.insert(change.address)
            }
        }
    }

    @Test("ten thousand resources in one plan")
    func large() throws {
        let files = try (0..<10_000).map { number in
            try FakeFile(
                "file/n\(number)", "line\n", server: "in\(number % 10)",
                needs: number >= 10 ? ["file/n\(number - 10)"] : [])
        }
        let plan = plan(files)
        #expect(plan.counts.create == 10_000)
        let bytes = try SealedPlan.encode(plan)
        #expect(try SealedPlan.decode(bytes) == plan)
        #expect(PlanText().render(plan).hasSuffix("0 unchanged.\n"))
    }
}
