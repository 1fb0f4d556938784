import Diagnostics
import Expressions
import Planning
import Resources
import Testing

@Suite("Policies about changes")
struct PolicyTests {
    @Test("a change that is denied is not made, and says who denies it")
    func denied() throws {
        let files = [try FakeFile("file/a", "x\n"), try FakeFile("file/b", "x\n")]
        var input = PlanInput.sample(files)
        input.seeNothing(of: files)
        try input.deny("change.action == create && name == a")
        let plan = Planner.plan(input)
        #expect(plan.changes.map(\.address.name) == ["b"])
        #expect(plan.denied.map(\.address.name) == ["a"])
        let denial = try #require(plan.denied.first?.denials.first)
        #expect(denial.policy == Address("Policy", "freeze"))
        #expect(denial.rule == SourceLocation(file: "desired/p.yaml", line: 4, column: 11))
        #expect((plan.counts.create, plan.counts.denied) == (1, 1))
        let text = PlanText().render(plan)
        #expect(
            text.contains(
                "x file/a  in3  create denied by policy/freeze: Not now.\n"
                    + "    content of /etc/a:\n    +x\n"))
        #expect(
            text.hasSuffix(
                "Plan: 1 to create, 0 to update, 0 to delete, 0 drifted, 1 denied, 0 unknown, "
                    + "0 unchanged.\n"))
    }

    @Test("what depends on a denied change waits, on every server, and what depends on that")
    func dependents() throws {
        let files = [
            try FakeFile("file/a", "x"), try FakeFile("file/b", "x", needs: ["file/a"]),
            try FakeFile("file/c", "x", server: "in4", needs: ["file/b"]),
            try FakeFile("file/same", "x", needs: ["file/a"]), try FakeFile("file/free", "x"),
        ]
        var input = PlanInput.sample(files)
        input.seeNothing(of: files)
        input.sights[files[3].address] = .seen(files[3].assessment(of: files[3].desired))
        try input.deny("change exists && name == a")
        let plan = Planner.plan(input)
        #expect(plan.changes.map(\.address.name) == ["free"])
        #expect(
            plan.denied.map(\.reason) == [
                "denied by policy/freeze: Not now.", "waits for file/a, which is denied",
                "waits for file/b, which is denied",
            ])
        #expect(plan.unchanged.map(\.name) == ["same"])
        #expect(plan.counts.denied == 3)
    }

    @Test("a delete can be denied by kind, name and server; it stays in the inventory")
    func deletes() throws {
        let gone = [try FakeFile("file/db-main", "x"), try FakeFile("file/tmp", "x")]
        var input = PlanInput.sample([])
        input.remove(gone)
        try input.deny("change.action == delete && name matches db-* && server == in3")
        let plan = Planner.plan(input)
        #expect(plan.changes.map(\.address.name) == ["tmp"])
        #expect(plan.denied.map(\.address.name) == ["db-main"])
        #expect(plan.forgotten.isEmpty)
    }

    @Test("what another resource takes over is kept while that one is denied")
    func takeover() throws {
        var successor = try FakeFile("file/new", "y")
        successor.claims = [Claim(.path, "/etc/old", field: "path")]
        let old = try FakeFile("file/old", "x")
        var input = PlanInput.sample([successor])
        input.remove([old])
        input.sights[successor.address] = .seen(successor.assessment(of: old.desired))
        try input.deny("change.action == update")
        let plan = Planner.plan(input)
        #expect(plan.denied.map(\.address.name) == ["new"])
        #expect(plan.forgotten.isEmpty)
        #expect(plan.unknown.map(\.reason) == ["file/new takes it over, and that is denied"])
    }

    @Test("a rule sees what differs, why, and the document")
    func sees() throws {
        let file = try FakeFile("file/a", "x")
        var input = PlanInput.sample([file])
        input.inventory = [file.entry()]
        input.sights[file.address] = .seen(file.assessment(of: .init(content: "x", mode: "0777")))
        for (condition, isDenied) in [
            ("change.action == drift && change.cause == drift", true),
            ("change.differences contains mode", true), ("change.differences.0 == mode", true),
            ("change.differences matches \"content of *\"", false),
            ("change exists && labels.tier == public", true),
            ("change exists && labels.tier == internal", false),
        ] {
            var input = input
            try input.deny(condition)
            input.policies.documents[file.address] = .map([
                "kind": .text("File"), "labels": .map(["tier": .text("public")]),
            ])
            #expect(Planner.plan(input).denied.isEmpty != isDenied, "\(condition)")
        }
    }

    @Test("a warning is a note on the change, which is made")
    func warnings() throws {
        let file = try FakeFile("file/a", "x")
        var input = PlanInput.sample([file])
        input.seeNothing(of: [file])
        try input.deny("change.action == create", effect: .warn)
        let plan = Planner.plan(input)
        #expect(plan.changes.first?.note == "policy/freeze warns: Not now.")
        #expect(plan.denied.isEmpty)
    }

    @Test("are no part of what a sealed plan does, and survive its file")
    func sealed() throws {
        let files = [try FakeFile("file/a", "x\n"), try FakeFile("file/b", "x\n")]
        var input = PlanInput.sample(files)
        input.seeNothing(of: files)
        try input.deny("change exists && name == a")
        let plan = Planner.plan(input)
        #expect(try SealedPlan.decode(try SealedPlan.encode(plan)) == plan)
        let review = SealedReview(of: plan, against: plan) { input.sights[$0] }
        #expect(review.changes.map(\.address.name) == ["b"])
        #expect(review.refused.isEmpty)
        let json = try PlanJSON.render(plan)
        #expect(json.contains(#""denied":[{"change":{"action":"create","address":"file/a""#))
        #expect(json.contains(#""message":"Not now.","policy":"policy/freeze""#))
    }

    @Test("know the words that changes have")
    func vocabulary() {
        typealias Words = ChangePolicies.Vocabulary
        #expect(Set(Words.actions) == Set(PlannedChange.Action.allCases.map(\.rawValue)))
        #expect(Set(Words.causes) == Set(PlannedChange.Cause.allCases.map(\.rawValue)))
    }
}

extension PlanInput {
    fileprivate mutating func deny(
        _ condition: String, effect: PolicyRule.Effect = .deny
    ) throws {
        policies.rules.append(
            ChangePolicies.Rule(
                policy: Address("Policy", "freeze"), effect: effect,
                condition: try Expression(parsing: condition), message: "Not now.",
                location: SourceLocation(file: "desired/p.yaml", line: 4, column: 11)))
    }
}
