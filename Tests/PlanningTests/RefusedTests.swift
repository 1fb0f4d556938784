import Diagnostics
import Planning
import Resources
import Testing

@Suite("What can't become what is asked, and what a person should know")
struct RefusedTests {
    @Test("is refused before what waits for it, and holds that back")
    func refused() throws {
        let files = [
            try FakeFile("file/z", "x"), try FakeFile("file/a", "x", needs: ["file/z"]),
            try FakeFile("file/far", "x", server: "in4", needs: ["file/z"]),
        ]
        var input = PlanInput.sample(files)
        input.seeNothing(of: files)
        let report = Failure.Report("rows are in the way", detail: "3 rows", fix: "change them")
        input.sights[files[0].address] = .unknown(.refused(report))
        let plan = Planner.plan(input)
        #expect(plan.refused.map(\.address.name) == ["z"])
        #expect(plan.unknown.map(\.reason) == ["it depends on file/z, which is refused"])
        #expect(plan.changes.map(\.note) == ["depends on file/z, which is refused"])
        #expect(plan.counts.refused == 1)
        let text = PlanText().render(plan)
        let first = try #require(text.firstRange(of: "refused: rows are in the way\n    3 rows\n"))
        let second = try #require(text.firstRange(of: "? file/a"))
        #expect(first.lowerBound < second.lowerBound, "\(text)")
        #expect(text.hasSuffix("0 drifted, 1 refused, 1 unknown, 0 unchanged.\n"), "\(text)")
    }

    @Test("what has left git is refused as well, and not deleted")
    func removal() throws {
        let file = try FakeFile("file/a", "x")
        var input = PlanInput.sample([])
        input.inventory = [file.entry()]
        input.removals = [file]
        input.sights[file.address] = .unknown(.refused(.init("rows are in the way")))
        let plan = Planner.plan(input)
        #expect(!plan.hasChanges)
        #expect(plan.refused.map(\.address.name) == ["a"])
    }

    private func remarks(_ count: Int, only: [String] = [], seen: String = "x") throws -> String {
        let file = try FakeFile("file/a", "x")
        var input = PlanInput.sample([file])
        var assessment = file.assessment(of: FakeFile.State(content: seen))
        assessment.remarks = [Remark("found: left", items: (1...count).map { "t\($0)" })]
        input.sights[file.address] = .seen(assessment)
        input.selection = Selection(only)
        return PlanText().render(Planner.plan(input))
    }

    @Test("names are counted in a plan of everything, and told where they matter")
    func names() throws {
        #expect(
            try remarks(3).contains("  file/a  in3: found: left: 3 (--only file/a names them)\n"))
        #expect(try remarks(1).contains("in3: found: left: t1\n"))
        #expect(try remarks(3, only: ["file/a"]).contains("in3: found: left: t1, t2, t3\n"))
        #expect(try remarks(3, seen: "y").contains("in3: found: left: t1, t2, t3\n"))
        let many = try remarks(22, only: ["file/a"])
        #expect(many.contains("t20, and 2 more (--format json)\n"), "\(many)")
    }
}
