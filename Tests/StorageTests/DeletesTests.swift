import Resources
import Testing

@testable import Storage

@Suite("what deletes leave behind, and what is never deleted")
struct DeletesTests {
    let folder: TemporaryFolder
    let store: StateStore
    private let seconds = Fixtures.now / 1000

    init() throws {
        folder = try TemporaryFolder()
        store = try Fixtures.store(in: folder)
    }

    private var entry: QuarantineEntry {
        QuarantineEntry(
            of: Fixtures.entry(Fixtures.motd), losses: [Loss("/etc/motd", .quarantine)],
            keptSeconds: 60, notedAt: seconds)
    }

    /// A run that is about to delete, and says whether it did.
    private func delete(_ entry: QuarantineEntry, isDone: Bool) async throws {
        let (run, _) = try await store.begin(
            Fixtures.start, steps: [], claims: [Fixtures.entry(Fixtures.motd)],
            quarantine: [entry])
        guard isDone else { return }
        var part = RunPart()
        part.removed = [Fixtures.motd]
        try await store.record(part, of: run)
    }

    @Test("is there before the delete, and its time counts from then on")
    func begins() async throws {
        try await delete(entry, isDone: false)
        #expect(try await store.quarantine() == [entry])
        try await delete(entry, isDone: true)
        let kept = try #require(try await store.quarantine(of: Fixtures.motd).first)
        #expect(kept.deletedAt == seconds && kept.keptUntil == seconds + 60)
        #expect(try await store.quarantine(of: Fixtures.site).isEmpty)
        #expect(try await store.expiredQuarantine().isEmpty)
    }

    @Test("another attempt at the same delete keeps what the first has noted")
    func attempts() async throws {
        try await delete(entry, isDone: false)
        var again = entry
        (again.losses, again.keptSeconds) = ([], 90)
        try await delete(again, isDone: true)
        let kept = try #require(try await store.quarantine().first)
        #expect(kept.losses == entry.losses && kept.keptSeconds == 90)
    }

    @Test("is over when its time is, and that is written down")
    func expires() async throws {
        var brief = entry
        brief.keptSeconds = 0
        try await delete(brief, isDone: true)
        let over = try #require(try await store.expiredQuarantine().first)
        try await store.forgetQuarantine(over, by: "ada")
        #expect(try await store.quarantine().isEmpty)
        #expect(
            try await store.auditEntries().map(\.event.action) == ["quarantine.expired"])
    }

    @Test("what is restored is nobody's, also where nobody had seen that it was gone")
    func restored() async throws {
        for isDone in [true, false] {
            try await delete(entry, isDone: isDone)
            try await store.restored(entry, by: "ada")
            #expect(try await store.inventory().isEmpty)
            #expect(try await store.tombstones().isEmpty)
            #expect(try await store.quarantine().isEmpty)
            #expect(try await store.expiredQuarantine().map(\.id) == [entry.id])
        }
        let audit = try await store.auditEntries()
        #expect(audit.map(\.event.action) == ["resource.restored", "resource.restored"])
        #expect(audit.allSatisfy { $0.event.actor == "ada" })
        guard case .intact = try await store.verifyAudit() else {
            Issue.record("the log does not hold together")
            return
        }
    }

    @Test("a resource that was applied anew meanwhile stays owned when the old one is restored")
    func appliedAnew() async throws {
        try await delete(entry, isDone: true)
        var anew = Fixtures.entry(Fixtures.motd)
        anew.appliedAt += 5
        _ = try await store.begin(Fixtures.start, steps: [], claims: [anew])
        try await store.restored(entry, by: "ada")
        #expect(try await store.inventory() == [anew])
    }

    @Test("protection is set and lifted by revisions, and lifted by people")
    func protections() async throws {
        #expect(try await store.protections() == .nothing)
        try await store.protect([Fixtures.motd], lifting: [], revision: "c0ffee", by: "ada")
        #expect(try await store.protections().revision(protecting: Fixtures.motd) == "c0ffee")
        #expect(try await store.protections().revision(protecting: Fixtures.site) == nil)
        try await store.protect([], lifting: [Fixtures.motd], revision: "beef", by: "ada")
        #expect(try await store.protections() == .nothing)
        #expect(try await !store.unprotect(Fixtures.motd, by: "bob"))
        try await store.protect([Fixtures.motd], lifting: [], revision: "c0ffee", by: "ada")
        #expect(try await store.unprotect(Fixtures.motd, by: "bob"))
        #expect(try await store.protections() == .nothing)
        let actions = try await store.auditEntries().map(\.event.action)
        #expect(
            actions == [
                "protection.set", "protection.lifted", "protection.set", "protection.lifted",
            ])
    }

    @Test("the place that a resource has left is let go by itself, until it is gone")
    func formerPlace() async throws {
        let former = Fixtures.motd.former(Digest(of: "desired"))
        try await store.protect([Fixtures.motd], lifting: [], revision: "c0ffee", by: "ada")
        #expect(try await store.protections().revision(protecting: former) == "c0ffee")
        #expect(try await store.unprotect(former, by: "bob"))
        #expect(try await store.protections().revision(protecting: former) == nil)
        #expect(try await store.protections().revision(protecting: Fixtures.motd) == "c0ffee")
        var part = RunPart()
        part.removed = [former]
        let (run, _) = try await store.begin(
            Fixtures.start, steps: [], claims: [Fixtures.entry(former)])
        try await store.record(part, of: run)
        #expect(try await store.protections()[former] == nil)
    }
}
