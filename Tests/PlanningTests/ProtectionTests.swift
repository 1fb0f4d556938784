import Diagnostics
import Planning
import Resources
import Testing

@Suite("What is protected")
struct ProtectionTests {
    private let since = Protections.Record.since(revision: "c0ffee0123456789")

    private func removed(_ files: [FakeFile]) -> PlanInput {
        var input = PlanInput.sample([])
        input.remove(files)
        return input
    }

    @Test("is refused, not deleted, and the others of the same commit are deleted")
    func refused() throws {
        let files = try ["file/a", "file/b", "file/c"].map { try FakeFile($0, "A\n") }
        var input = removed(files)
        input.protections = Protections([files[1].address: since])
        let plan = Planner.plan(input)
        #expect(plan.changes.map(\.address.name) == ["a", "c"])
        let refusal = try #require(plan.refused.first)
        #expect(refusal.reason == "its document is gone, and it is protected since c0ffee0123")
        #expect(refusal.fix?.contains("stead unprotect file/b") == true)
        #expect(plan.counts.refused == 1 && plan.counts.delete == 2)
    }

    @Test("is deleted once that was lifted, and forgotten when nothing of it is there")
    func lifted() throws {
        let file = try FakeFile("file/a", "A\n")
        var input = removed([file])
        input.protections = Protections([file.address: .lifted])
        #expect(Planner.plan(input).counts.delete == 1)
        input.protections = Protections([file.address: since])
        input.sights[file.address] = .seen(file.assessment(of: nil, isRemoval: true))
        #expect(Planner.plan(input).forgotten.map(\.reason) == [.gone])
    }

    @Test("stays at the place that its document has left, until that was lifted by itself")
    func formerPlace() throws {
        var file = try FakeFile("file/motd", "A\n")
        let protected = file.address
        file.address = file.address.former(file.desiredDigest)
        var input = removed([file])
        input.protections = Protections([protected: since])
        #expect(Planner.plan(input).refused.map(\.address) == [file.address])
        input.protections = Protections([protected: since, file.address: .lifted])
        #expect(Planner.plan(input).counts.delete == 1)
    }

    @Test("is not written over by a resource of another kind, and leaves the inventory neither")
    func otherKind() throws {
        let path = [Claim(.path, "/etc/cron.d/job", field: "path")]
        var old = try FakeFile("file/job", "A\n")
        var new = try FakeFile("cron-job/job", "B\n")
        (old.claims, new.claims) = (path, path)
        var input = PlanInput.sample([new])
        input.remove([old])
        input.sights[new.address] = .seen(new.assessment(of: old.desired))
        #expect(Planner.plan(input).forgotten.map(\.reason) == [.takenOver])
        input.protections = Protections([old.address: since])
        let plan = Planner.plan(input)
        #expect(!plan.hasChanges && plan.forgotten.isEmpty)
        #expect(plan.refused.map(\.address) == [new.address])
        #expect(plan.refused[0].reason.contains("it would replace file/job"))
        #expect(plan.unknown.map(\.address) == [old.address])
    }

    @Test("is only called otherwise under a new name of the same kind")
    func renamed() throws {
        let path = [Claim(.path, "/etc/motd", field: "path")]
        var old = try FakeFile("file/old", "A\n")
        var new = try FakeFile("file/new", "B\n")
        (old.claims, new.claims) = (path, path)
        var input = PlanInput.sample([new])
        input.remove([old])
        input.protections = Protections([old.address: since])
        input.sights[new.address] = .seen(new.assessment(of: old.desired))
        let plan = Planner.plan(input)
        #expect(plan.changes.map(\.action) == [.update])
        #expect(plan.refused.isEmpty)
    }

    @Test("loses no table by an edit; what was put aside is dropped", arguments: [true, false])
    func tables(_ isDeclared: Bool) throws {
        var file = try FakeFile("schema/shop", "B\n")
        file.isProtected = isDeclared
        var input = PlanInput.sample([file])
        input.inventory = [file.entry(applied: .init(content: "A\n"))]
        if !isDeclared { input.protections = Protections([file.address: since]) }
        var assessment = file.assessment(of: .init(content: "A\n"))
        assessment.losses = [
            Loss("table tasks", .putAside, rows: 12), Loss("table old", .dropped),
        ]
        input.sights[file.address] = .seen(assessment)
        let refusal = try #require(Planner.plan(input).refused.first)
        #expect(refusal.reason.contains("it would lose table tasks (12 rows), and it is protected"))
        assessment.losses.removeFirst()
        input.sights[file.address] = .seen(assessment)
        #expect(Planner.plan(input).counts.update == 1)
    }

    @Test("does not count among the deletes that are due elsewhere")
    func elsewhere() throws {
        let files = try (0..<5).map { try FakeFile("file/f\($0)", "A\n", server: "in4") }
        let own = try FakeFile("file/own", "A\n")
        var input = removed(files + [own])
        input.selection = Selection([], servers: ["in3"])
        #expect(Planner.plan(input).deletesHeld?.count == 6)
        input.protections = Protections(
            Dictionary(uniqueKeysWithValues: files.dropFirst().map { ($0.address, since) }))
        #expect(Planner.plan(input).deletesHeld == nil)
    }
}
