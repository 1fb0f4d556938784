import Diagnostics
import Planning
import Resources
import Testing

@Suite("What has left git")
struct RemovalTests {
    private func removed(_ address: String, server: String = "in3") throws -> PlanInput {
        var input = PlanInput.sample([])
        input.remove([try FakeFile(address, "A\n", server: server)])
        return input
    }

    @Test("is deleted when Stead applied it, with the steps of its removal")
    func deleted() throws {
        let plan = Planner.plan(try removed("file/a"))
        let change = try #require(plan.changes.first)
        #expect(change.action == .delete)
        #expect(change.desiredDigest == nil)
        #expect(change.location == nil)
        #expect(change.steps == ["write /etc/a"])
    }

    @Test("is left in place when it was there before Stead")
    func found() throws {
        var input = try removed("file/a")
        input.inventory[0].origin = .found
        let plan = Planner.plan(input)
        #expect(plan.changes.isEmpty)
        #expect(plan.counts.delete == 0)
        #expect(plan.forgotten.map(\.reason) == [.found])
    }

    @Test("is never deleted when its server has left as well")
    func serverGone() throws {
        let plan = Planner.plan(try removed("file/a", server: "in9"))
        #expect(plan.changes.isEmpty)
        #expect(plan.unknown.map(\.reason) == ["its server in9 is no longer declared"])
    }

    @Test("is never deleted when its host could not be observed")
    func unobserved() throws {
        var input = try removed("file/a")
        let address = try #require(Address("file/a"))
        input.sights[address] = .unknown(.transient(.init("connection refused")))
        #expect(Planner.plan(input).unknown.map(\.reason) == ["connection refused"])
        input.sights[address] = nil
        #expect(Planner.plan(input).unknown.map(\.reason) == ["it was not looked at"])
        #expect(Planner.plan(input).changes.isEmpty)
    }

    @Test("is never deleted when the inventory can't be read")
    func unreadable() throws {
        var input = try removed("file/a")
        input.removals = []
        let plan = Planner.plan(input)
        #expect(plan.changes.isEmpty)
        #expect(plan.counts.unknown == 1)
    }

    @Test("is never deleted without an entry of the inventory")
    func unowned() throws {
        var input = try removed("file/a")
        input.inventory = []
        let plan = Planner.plan(input)
        #expect(plan.changes.isEmpty)
        #expect(plan.counts.unknown == 0)
    }

    @Test("is not deleted from under its new name")
    func renamed() throws {
        let path = [Claim(.path, "/etc/motd", field: "path")]
        var old = try FakeFile("file/old", "A\n")
        var new = try FakeFile("file/new", "B\n")
        (old.claims, new.claims) = (path, path)
        var input = PlanInput.sample([new])
        input.remove([old])
        input.sights[new.address] = .seen(new.assessment(of: old.desired))
        let plan = Planner.plan(input)
        #expect(plan.forgotten.map(\.reason) == [.takenOver])
        #expect(plan.forgotten.first?.by == new.address)
        let change = try #require(plan.changes.first)
        #expect(plan.changes.count == 1)
        #expect(change.cause == .edit, "what the old name applied is no foreign file")
        #expect(change.note == "takes over from file/old")
    }

    @Test("is deleted where only the domain, and no path, has a new owner")
    func domainMoved() throws {
        let domain = Claim(.domain, "example.com", field: "domain")
        var old = try FakeFile("file/old", "A\n")
        var new = try FakeFile("file/new", "A\n")
        old.claims.append(domain)
        new.claims.append(domain)
        var input = PlanInput.sample([new])
        input.remove([old])
        input.seeNothing(of: [new])
        #expect(Planner.plan(input).changes.map(\.action) == [.create, .delete])
    }

    @Test("is not taken over by the same path on another server")
    func otherServer() throws {
        let path = [Claim(.path, "/etc/motd", field: "path")]
        var old = try FakeFile("file/old", "A\n", server: "in3")
        var new = try FakeFile("file/new", "A\n", server: "in4")
        (old.claims, new.claims) = (path, path)
        var input = PlanInput.sample([new])
        input.remove([old])
        input.seeNothing(of: [new])
        #expect(Planner.plan(input).counts.delete == 1)
    }

    @Test("a server leaves the inventory once nothing on it is kept")
    func server() throws {
        var input = PlanInput.sample([])
        input.inventory = [try FakeFile("server/in9", server: "in9").entry()]
        #expect(Planner.plan(input).forgotten.map(\.reason) == [.serverRemoved])
        input.inventory.append(try FakeFile("file/a", server: "in9").entry())
        let plan = Planner.plan(input)
        #expect(plan.forgotten.isEmpty)
        #expect(plan.counts.unknown == 2)
    }

    @Test("what a changed document no longer claims is told")
    func abandoned() throws {
        var new = try FakeFile("file/motd", "A\n")
        new.claims = [Claim(.path, "/etc/new", field: "path")]
        var input = PlanInput.sample([new])
        input.previous = [new.address: try FakeFile("file/motd", "A\n")]
        input.inventory = [new.entry(applied: .init(content: "old"))]
        input.seeNothing(of: [new])
        let change = try #require(Planner.plan(input).changes.first)
        #expect(change.note == "no longer claims /etc/motd, which is left in place")
    }

    @Test("a place that a resource has left is removed, once the resource is elsewhere")
    func formerPlace() throws {
        let old = try FakeFile("file/motd", "A\n")
        for (path, server) in [("/etc/new", "in3"), ("/etc/motd", "in4")] {
            var new = try FakeFile("file/motd", "B\n", server: server)
            new.claims = [Claim(.path, path, field: "path")]
            let left = FormerPlaces.entries(
                of: [new], previous: [old.address: old], inventory: [old.entry()])
            let former = try #require(left.first)
            #expect(left.count == 1 && former.address.successor == old.address)
            var input = PlanInput.sample([new])
            var gone = old
            gone.address = former.address
            input.remove([gone])
            input.inventory.append(old.entry())
            input.seeNothing(of: [new])
            let plan = Planner.plan(input)
            #expect(plan.changes.map(\.action) == [.create, .delete])
            #expect(plan.changes.map(\.note) == [nil, "left behind by file/motd"])
            #expect(plan.changes.map(\.cause) == [.edit, .edit])
        }
    }

    @Test("a place that something else is in now is no former place")
    func samePlace() throws {
        let old = try FakeFile("file/motd", "A\n")
        let new = try FakeFile("file/motd", "B\n")
        for entry in [old.entry(), old.entry(origin: .found)] {
            let left = FormerPlaces.entries(
                of: [new], previous: [old.address: old], inventory: [entry])
            #expect(left.isEmpty)
        }
    }

    @Test("a resource that moves to another server is created there, and the old one told")
    func moved() throws {
        let new = try FakeFile("file/motd", "A\n", server: "in4")
        var input = PlanInput.sample([new])
        input.inventory = [try FakeFile("file/motd", "A\n", server: "in3").entry()]
        input.seeNothing(of: [new])
        let change = try #require(Planner.plan(input).changes.first)
        #expect(change.action == .create)
        #expect(change.note == "was on in3; what is there is left in place")
    }
}
