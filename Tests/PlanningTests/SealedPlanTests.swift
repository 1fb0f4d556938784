import Diagnostics
import FoundationEssentials
import Planning
import Resources
import Testing

@Suite("A sealed plan")
struct SealedPlanTests {
    private func plan() throws -> Plan {
        let files = [try FakeFile("file/a", "one\ntwo\n"), try FakeFile("file/b", "x")]
        var input = PlanInput.sample(files)
        input.seeNothing(of: files)
        input.sights[files[1].address] = .unknown(.transient(.init("connection refused")))
        input.remove([try FakeFile("file/c", "gone\n")])
        return Planner.plan(input)
    }

    @Test("what depends on a change that is refused is refused with it")
    func dependent() throws {
        let files = [
            try FakeFile("file/a", "one"), try FakeFile("file/b", "x", needs: ["file/a"]),
            try FakeFile("file/c", "y", needs: ["file/b"]), try FakeFile("file/d", "z"),
        ]
        var input = PlanInput.sample(files)
        input.seeNothing(of: files)
        let sealed = Planner.plan(input)
        // Somebody has written the first since.
        input.sights[files[0].address] = .seen(
            files[0].assessment(of: try FakeFile("file/a", "theirs").desired))
        let review = SealedReview(of: sealed, against: Planner.plan(input)) { input.sights[$0] }
        #expect(review.changes.map(\.address.name) == ["d"])
        #expect(review.refused.map(\.change.address.name) == ["a", "b", "c"])
        #expect(review.refused.map { $0.cause?.name } == [nil, "a", "b"])
    }

    @Test("is read as it was written")
    func roundTrip() throws {
        let plan = try plan()
        let bytes = try SealedPlan.encode(plan)
        #expect(try SealedPlan.decode(bytes) == plan)
        #expect(bytes.last == 0x0A)
    }

    @Test("is refused when any byte of it was altered")
    func altered() throws {
        let bytes = try SealedPlan.encode(try plan())
        for index in bytes.indices {
            for mask in [UInt8(0x01), 0x20, 0x80] {
                var other = bytes
                other[index] ^= mask
                #expect(throws: Failure.self) { try SealedPlan.decode(other) }
            }
        }
    }

    @Test("is refused when a byte of it is missing or too many")
    func cut() throws {
        let bytes = try SealedPlan.encode(try plan())
        for index in bytes.indices {
            var other = bytes
            other.remove(at: index)
            if other != bytes { #expect(throws: Failure.self) { try SealedPlan.decode(other) } }
            #expect(throws: Failure.self) { try SealedPlan.decode(Array(bytes[..<index])) }
        }
        #expect(throws: Failure.self) { try SealedPlan.decode(bytes + [0x0A]) }
        #expect(throws: Failure.self) { try SealedPlan.decode([0x20] + bytes) }
    }

    @Test("is refused with the reason", arguments: ["", "{}", "not a plan", #"{"plan":{}}"#])
    func noPlan(_ text: String) throws {
        let failure = #expect(throws: Failure.self) { try SealedPlan.decode(Array(text.utf8)) }
        #expect(failure?.report.message == "this is not a plan that `stead plan --out` wrote")
    }

    @Test("of a newer format is refused by its number, though its seal is right")
    func newer() throws {
        let body = #"{"format":2}"#
        let text = #"{"plan":\#(body),"seal":"\#(Digest(of: body))"}"# + "\n"
        let failure = #expect(throws: Failure.self) { try SealedPlan.decode(Array(text.utf8)) }
        #expect(failure?.report.message == "the plan has format 2; this version reads 1")
    }

    @Test("whose changes were altered and sealed anew is refused by its id")
    func resealed() throws {
        let text = String(decoding: try SealedPlan.encode(try plan()), as: UTF8.self)
        let start = text.index(text.startIndex, offsetBy: #"{"plan":"#.count)
        let end = try #require(text.firstRange(of: #","seal""#)).lowerBound
        let body = String(text[start..<end]).replacing(
            #""action":"create""#, with: #""action":"update""#)
        let forged = #"{"plan":\#(body),"seal":"\#(Digest(of: body))"}"# + "\n"
        let failure = #expect(throws: Failure.self) { try SealedPlan.decode(Array(forged.utf8)) }
        #expect(failure?.report.message == "the plan's id is not that of its changes")
    }

    @Test("has an id that depends on what will be done to what, and on nothing else")
    func identity() throws {
        let file = try FakeFile("file/a", "x")
        var input = PlanInput.sample([file])
        input.seeNothing(of: [file])
        let plan = Planner.plan(input)
        var later = input
        later.now = later.now.addingTimeInterval(3600)
        later.source = "elsewhere"
        #expect(Planner.plan(later).id == plan.id)
        var otherCommit = input
        otherCommit.revision.id = "other"
        #expect(Planner.plan(otherCommit).id != plan.id)
        var otherHost = input
        otherHost.sights[file.address] = .seen(file.assessment(of: .init(content: "y")))
        #expect(Planner.plan(otherHost).id != plan.id)
        let lines =
            "stead plan 1\n0123456789\n"
            + "file/a create \(file.desiredDigest) \(Digest(of: ""))\n"
        #expect(plan.id == Digest(of: lines))
    }

    @Test("a sealed plan is refused for what has moved since, and for that only")
    func review() throws {
        let files = try ["a", "b", "c"].map { try FakeFile("file/\($0)", "wanted") }
        var input = PlanInput.sample(files)
        input.seeNothing(of: files)
        let sealed = Planner.plan(input)
        // b moved on its host, c in git; a is as it was.
        input.sights[files[1].address] = .seen(files[1].assessment(of: .init(content: "theirs")))
        input.resources[2] = try FakeFile("file/c", "other")
        let now = Planner.plan(input)
        let review = SealedReview(of: sealed, against: now) { input.sights[$0] }
        #expect(review.changes.map(\.address.name) == ["a"])
        #expect(review.refused.map(\.change.address.name) == ["b", "c"])
        guard case .seen(let seen) = review.refused[0].now else {
            Issue.record("what is there now is not told")
            return
        }
        #expect(seen.observedDigest == FakeFile.State(content: "theirs").digest)
        #expect(SealedReview(of: nil, against: now) { _ in nil }.changes == now.changes)
    }
}
