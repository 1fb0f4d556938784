import Planning
import Resources
import Testing

@Suite("How many deletes one run makes")
struct DeleteCapTests {
    /// A plan that deletes `deletes` of `owned` resources.
    private func plan(_ deletes: Int, of owned: Int, allowed: Int? = nil) throws -> Plan {
        let files = try (0..<owned).map { try FakeFile("file/f\($0)", "A\n") }
        var input = PlanInput.sample(Array(files.dropFirst(deletes)))
        input.remove(Array(files.prefix(deletes)))
        input.inventory = files.map { $0.entry() }
        for file in files.dropFirst(deletes) {
            input.sights[file.address] = .seen(file.assessment(of: file.desired))
        }
        input.allowedDeletes = allowed
        return Planner.plan(input)
    }

    @Test(
        "is the larger of the policy's number and a tenth",
        arguments: [
            (3, 3, false), (4, 4, true), (4, 39, true), (4, 40, false), (5, 49, true),
            (5, 50, false), (0, 0, false),
        ])
    func limit(_ deletes: Int, _ owned: Int, _ isHeld: Bool) throws {
        let plan = try plan(deletes, of: owned)
        #expect((plan.deletesHeld != nil) == isHeld)
        #expect(plan.counts.delete == deletes, "held deletes are still shown")
    }

    @Test("is what a person allows, and not one more", arguments: [(9, true), (10, false)])
    func allowed(_ number: Int, _ isHeld: Bool) throws {
        #expect((try plan(10, of: 12, allowed: number).deletesHeld != nil) == isHeld)
        let sealed = try plan(10, of: 12)
        #expect((sealed.deletesHeld(allowing: number) != nil) == isHeld)
    }

    @Test("counts what the same commit deletes on servers that this plan leaves out")
    func elsewhere() throws {
        func plan(deletes: Int, deletesElsewhere: Int) throws -> Plan {
            let here = try (0..<deletes).map { try FakeFile("file/h\($0)", "A\n") }
            let there = try (0..<deletesElsewhere).map {
                try FakeFile("file/t\($0)", "A\n", server: "in4")
            }
            var input = PlanInput.sample([])
            input.remove(here + there)
            input.inventory = (here + there).map { $0.entry() }
            input.servers = ["in3", "in4"]
            input.selection = Selection([], servers: ["in3"])
            return Planner.plan(input)
        }
        #expect(try plan(deletes: 2, deletesElsewhere: 1).deletesHeld == nil)
        #expect(try plan(deletes: 2, deletesElsewhere: 2).deletesHeld?.count == 4)
        #expect(try plan(deletes: 0, deletesElsewhere: 9).deletesHeld == nil, "nothing to hold")
    }

    @Test("an allowance below the limit holds nothing up")
    func lowAllowance() throws {
        #expect(try plan(2, of: 2, allowed: 1).deletesHeld == nil)
    }

    @Test("what is gone already does not count")
    func goneAlready() throws {
        let files = try (0..<5).map { try FakeFile("file/f\($0)", "A\n") }
        var input = PlanInput.sample([])
        input.remove(files)
        for file in files {
            input.unfinished.insert(file.address)
            input.sights[file.address] = .seen(
                file.assessment(of: nil, isRemoval: true, owed: ["reload"]))
        }
        let plan = Planner.plan(input)
        #expect(plan.counts.delete == 5)
        #expect(plan.deletesHeld == nil)
    }

    @Test("the text names the flag that lets the run go on")
    func text() throws {
        let text = PlanText().render(try plan(10, of: 12))
        #expect(text.contains("--allow-delete 10"))
        #expect(try plan(10, of: 12).deletesHeld?.flag == "--allow-delete 10")
    }
}
