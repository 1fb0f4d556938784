import Diagnostics
import Planning
import Resources
import Testing

@Suite("What could not be observed")
struct UnknownTests {
    @Test("is unknown, and neither created nor changed")
    func unknown() throws {
        let file = try FakeFile("file/a", "x")
        var input = PlanInput.sample([file])
        input.inventory = [file.entry()]
        let report = Failure.Report("host key changed", detail: "was A\nis B", fix: "check it")
        input.sights[file.address] = .unknown(.stalled(report))
        let plan = Planner.plan(input)
        #expect(!plan.hasChanges)
        let unknown = try #require(plan.unknown.first)
        #expect(unknown.reason == "host key changed")
        #expect(unknown.detail == "was A\nis B")
        let text = PlanText().render(plan)
        #expect(
            text.contains("? file/a  in3: host key changed\n    was A\n    is B\n    fix: check"))
    }

    @Test("holds back what depends on it on the same server, and only there")
    func dependents() throws {
        let files = [
            try FakeFile("file/a", "x"), try FakeFile("file/b", "x", needs: ["file/a"]),
            try FakeFile("file/c", "x", needs: ["file/b"]),
            try FakeFile("file/far", "x", server: "in4", needs: ["file/a"]),
            try FakeFile("file/same", "x", needs: ["file/a"]),
        ]
        var input = PlanInput.sample(files)
        input.seeNothing(of: files)
        input.sights[files[0].address] = .unknown(.stalled(.init("unreadable")))
        input.sights[files[4].address] = .seen(files[4].assessment(of: files[4].desired))
        let plan = Planner.plan(input)
        #expect(plan.changes.map(\.address.name) == ["far"])
        #expect(plan.changes.first?.note == "depends on file/a, which is unknown")
        #expect(
            plan.unknown.map(\.reason) == [
                "unreadable", "it depends on file/a, which is unknown",
                "it depends on file/b, which is unknown",
            ])
        #expect(plan.unchanged.map(\.name) == ["same"])
    }

    @Test("many of one host are told in a few lines")
    func folded() throws {
        let files = try (0..<100).map { try FakeFile("file/f\($0)", "x") }
        var input = PlanInput.sample(files)
        for file in files {
            input.sights[file.address] = .unknown(.transient(.init("connection refused")))
        }
        let plan = Planner.plan(input)
        let lines = PlanText().render(plan).split(separator: "\n")
        #expect(lines.count == 7)
        #expect(lines[5] == "? and 95 more  in3: connection refused")
        #expect(PlanText(isFull: true).render(plan).split(separator: "\n").count == 101)
    }
}
