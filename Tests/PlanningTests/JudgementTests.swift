import Planning
import Resources
import Testing

@Suite("Why a change is due")
struct JudgementTests {
    /// Git, what was applied, what was left then, what is there now; each a letter, `-` for nothing.
    struct Case: Sendable, CustomTestStringConvertible {
        var git: String
        var applied: String
        var left: String
        var seen: String
        var isUnfinished = false
        var owed: [String] = []
        var expected: String

        var testDescription: String {
            "git \(git), applied \(applied), left \(left), seen \(seen)"
                + (isUnfinished ? ", unfinished" : "") + ": \(expected)"
        }
    }

    static let cases = [
        Case(git: "A", applied: "-", left: "-", seen: "-", expected: "create edit"),
        Case(git: "A", applied: "-", left: "-", seen: "A", expected: "unchanged"),
        Case(git: "A", applied: "-", left: "-", seen: "X", expected: "update adoption"),
        Case(git: "A", applied: "A", left: "A", seen: "A", expected: "unchanged"),
        Case(git: "B", applied: "A", left: "A", seen: "A", expected: "update edit"),
        Case(git: "B", applied: "A", left: "A", seen: "B", expected: "unchanged"),
        Case(git: "A", applied: "A", left: "A", seen: "X", expected: "drift drift"),
        Case(git: "B", applied: "A", left: "A", seen: "X", expected: "update both"),
        Case(git: "A", applied: "A", left: "A", seen: "-", expected: "drift restore"),
        Case(git: "B", applied: "A", left: "A", seen: "-", expected: "create both"),
        Case(git: "A", applied: "A", left: "X", seen: "X", expected: "update unconverged"),
        // Claimed by a run that was killed before it recorded what it had made.
        Case(git: "A", applied: "A", left: "-", seen: "-", expected: "create unfinished"),
        Case(git: "A", applied: "A", left: "-", seen: "X", expected: "update unfinished"),
        Case(git: "A", applied: "A", left: "-", seen: "A", expected: "unchanged"),
        Case(git: "B", applied: "A", left: "-", seen: "A", expected: "update unfinished"),
        Case(git: "B", applied: "A", left: "-", seen: "-", expected: "create edit"),
        Case(git: "-", applied: "A", left: "-", seen: "X", expected: "delete edit"),
        // Interrupted: what the run wrote is no drift, what it did not is an edit still.
        Case(
            git: "A", applied: "A", left: "A", seen: "A", isUnfinished: true, owed: ["reload"],
            expected: "update unfinished"),
        Case(
            git: "A", applied: "A", left: "A", seen: "A", isUnfinished: true, expected: "unchanged"),
        Case(
            git: "B", applied: "A", left: "A", seen: "X", isUnfinished: true, owed: ["reload"],
            expected: "update unfinished"),
        Case(
            git: "B", applied: "A", left: "A", seen: "A", isUnfinished: true, owed: ["reload"],
            expected: "update edit"),
        Case(
            git: "A", applied: "-", left: "-", seen: "X", isUnfinished: true, owed: ["reload"],
            expected: "update unfinished"),
        Case(
            git: "A", applied: "-", left: "-", seen: "-", isUnfinished: true, owed: ["reload"],
            expected: "create edit"),
        Case(
            git: "A", applied: "A", left: "A", seen: "-", isUnfinished: true, owed: ["reload"],
            expected: "create unfinished"),
        // Gone from git.
        Case(git: "-", applied: "A", left: "A", seen: "A", expected: "delete edit"),
        Case(git: "-", applied: "A", left: "A", seen: "X", expected: "delete both"),
        Case(git: "-", applied: "A", left: "A", seen: "-", expected: "forgotten gone"),
        Case(
            git: "-", applied: "A", left: "A", seen: "-", isUnfinished: true, owed: ["reload"],
            expected: "delete unfinished"),
        Case(git: "-", applied: "-", left: "-", seen: "A", expected: "nothing"),
    ]

    @Test("depends on git and the host, each now and at the last apply", arguments: cases)
    func judge(_ row: Case) throws {
        var file = try FakeFile("file/motd", row.git == "-" ? row.applied : row.git)
        let input = {
            var input = PlanInput.sample([])
            if row.git == "-" { input.removals = [file] } else { input.resources = [file] }
            if row.applied != "-" {
                // Nothing was left: an observation of nothing.
                var entry = file.entry(applied: .init(content: row.applied))
                entry.observedDigest =
                    row.left == "-" ? Digest(of: "") : FakeFile.State(content: row.left).digest
                input.inventory = [entry]
            }
            if row.isUnfinished { input.unfinished = [file.address] }
            let seen = row.seen == "-" ? nil : FakeFile.State(content: row.seen)
            input.sights[file.address] = .seen(
                file.assessment(of: seen, isRemoval: row.git == "-", owed: row.owed))
            return input
        }()
        file.desired.content = row.git
        #expect(Self.outcome(of: Planner.plan(input)) == row.expected)
    }

    static func outcome(of plan: Plan) -> String {
        if let change = plan.changes.first {
            return "\(change.action.rawValue) \(change.cause.rawValue)"
        }
        if let forgotten = plan.forgotten.first { return "forgotten \(forgotten.reason.rawValue)" }
        if let unknown = plan.unknown.first { return "unknown \(unknown.reason)" }
        return plan.unchanged.isEmpty ? "nothing" : "unchanged"
    }

    @Test("another spelling is no change, and is told apart")
    func normalisation() throws {
        let file = try FakeFile("file/motd", "A")
        var input = PlanInput.sample([file])
        let seen = FakeFile.State(content: "A", mode: "644")
        input.sights[file.address] = .seen(file.assessment(of: seen))
        let plan = Planner.plan(input)
        #expect(plan.changes.isEmpty)
        #expect(plan.unchanged == [file.address])
        #expect(plan.normalised.map(\.address) == [file.address])
        #expect(plan.normalised.first?.differences.map(\.subject) == ["mode"])
        #expect(!PlanText().render(plan).contains("mode"))
    }

    @Test("mere spelling is left out of a change that is due for another reason")
    func normalisationBesideAChange() throws {
        let file = try FakeFile("file/motd", "A")
        var input = PlanInput.sample([file])
        let seen = FakeFile.State(content: "B", mode: "644")
        input.sights[file.address] = .seen(file.assessment(of: seen))
        let change = try #require(Planner.plan(input).changes.first)
        #expect(change.differences.map(\.subject) == ["content of /etc/motd"])
    }
}
