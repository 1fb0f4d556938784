import Diagnostics
import Resources
import SQL
import Testing

@testable import Storage

@Suite("recording what came of a run")
struct RecordingTests {
    let folder: TemporaryFolder
    let store: StateStore

    init() throws {
        folder = try TemporaryFolder()
        store = try Fixtures.store(in: folder)
    }

    @Test("a run is recorded with all that came of it")
    func record() async throws {
        let lease = try await Lease.take(store, for: "a run")
        let steps = Fixtures.steps(Fixtures.motd)
        let (run, _) = try await store.begin(Fixtures.start, steps: steps)
        #expect(try await store.run(run)?.outcome == .running)
        var counts = RunCounts()
        (counts.created, counts.updated, counts.deleted, counts.drifted) = (1, 2, 3, 4)
        (counts.failed, counts.unknown, counts.unchanged) = (5, 6, 7)
        let seen = Fixtures.observation(Fixtures.motd, body: #"{"mode":"0644"}"#, run: run)
        let ending = RunEnding(
            outcome: .partial, counts: counts, kept: [Fixtures.entry(Fixtures.motd)],
            observations: [seen], hosts: [HostSighting(server: "in3", failure: nil, at: 5)],
            audit: [Fixtures.event(1)])
        try await store.record(ending, of: run)

        let seconds = Fixtures.now / 1000
        let expected = RunRecord(
            id: run, start: Fixtures.start, startedAt: seconds, finishedAt: seconds,
            outcome: .partial, counts: counts)
        #expect(try await store.runs() == [expected])
        #expect(try await store.inventory() == [Fixtures.entry(Fixtures.motd)])
        let entry = try await store.inventoryEntry(at: Fixtures.motd)
        #expect(entry == Fixtures.entry(Fixtures.motd))
        #expect(try await store.inventoryEntry(at: Fixtures.site) == nil)
        #expect(try await store.observations() == [seen])
        #expect(try await store.observation(of: Fixtures.motd) == seen)
        #expect(try await store.hosts().map(\.server) == ["in3"])
        #expect(try await store.auditEntries().map(\.run) == [run])
        withExtendedLifetime(lease) {}
    }

    @Test("what a run claims and what its parts record is there before it ends")
    func parts() async throws {
        let claim = Fixtures.entry(Fixtures.site)
        let (run, _) = try await store.begin(Fixtures.start, steps: [], claims: [claim])
        #expect(try await store.inventory() == [claim])
        var part = RunPart()
        part.kept = [Fixtures.entry(Fixtures.motd)]
        part.removed = [Fixtures.site]
        part.observations = [Fixtures.observation(Fixtures.motd, body: "{}", run: run)]
        part.hosts = [HostSighting(server: "in3", failure: nil, at: 5)]
        part.audit = [Fixtures.event(1)]
        try await store.record(part, of: run)
        #expect(try await store.inventory() == part.kept)
        #expect(try await store.tombstones().map(\.address) == [Fixtures.site])
        #expect(try await store.observations() == part.observations)
        #expect(try await store.hosts() == part.hosts)
        #expect(try await store.auditEntries().map(\.run) == [run])
        #expect(try await store.run(run)?.finishedAt == nil)
    }

    @Test("a removal leaves a tombstone, which goes when the resource is back")
    func tombstone() async throws {
        try await end(kept: [Fixtures.entry(Fixtures.motd, revision: "old")])
        try await store.observed([Fixtures.observation(Fixtures.motd, body: "{}")])
        let run = try await end(removed: [Fixtures.motd])
        #expect(try await store.inventory().isEmpty)
        #expect(try await store.observations().isEmpty)
        let entry = Fixtures.entry(Fixtures.motd)
        let tombstone = Tombstone(
            address: entry.address, kind: entry.kind, server: entry.server,
            declaration: entry.declaration, revision: "c0ffee", removedAt: Fixtures.now / 1000,
            run: run)
        #expect(try await store.tombstones() == [tombstone])
        try await end(kept: [entry])
        #expect(try await store.tombstones().isEmpty)
    }

    @Test("the latest observation of a resource is kept")
    func observation() async throws {
        try await store.observed([Fixtures.observation(Fixtures.motd, body: #"{"mode":"0644"}"#)])
        let gone = Fixtures.observation(Fixtures.motd, body: nil)
        try await store.observed([gone])
        #expect(try await store.observations() == [gone])
    }

    @Test("a host that can't be reached keeps the time it last could")
    func hosts() async throws {
        try await store.observed([], hosts: [HostSighting(server: "in3", failure: nil, at: 10)])
        let failure = HostSighting(server: "in3", failure: "connection refused", at: 20)
        try await store.observed([], hosts: [failure])
        let host = try #require(try await store.hosts().first)
        #expect(host.failure == "connection refused")
        #expect(host.at == 20)
        #expect(host.reachedAt == 10)
    }

    @Test("a run that does not exist can't be recorded, and nothing of it is kept")
    func unknownRun() async throws {
        let ending = RunEnding(
            outcome: .succeeded, counts: .init(), kept: [Fixtures.entry(Fixtures.motd)])
        await #expect(throws: Failure.self) { try await store.record(ending, of: 9) }
        #expect(try await store.inventory().isEmpty)
    }

    @Test("a full disk stops the record as a whole")
    func fullDisk() async throws {
        let (run, _) = try await store.begin(Fixtures.start, steps: Fixtures.steps(Fixtures.motd))
        let entries = (0..<2000).map { Fixtures.entry(Address("File", "number-\($0)")) }
        let ending = RunEnding(
            outcome: .succeeded, counts: .init(), kept: entries, audit: [Fixtures.event(1)])
        try await store.limit(pages: 40)
        let error = await #expect(throws: Failure.self) { try await store.record(ending, of: run) }
        #expect(isStalled(error))
        #expect(error?.report.message.contains("no space") == true)
        #expect(try await store.inventory().isEmpty)
        #expect(try await store.auditEntries().isEmpty)
        #expect(try await store.run(run)?.finishedAt == nil)
        try await store.limit(pages: 4000)
        try await store.record(ending, of: run)
        #expect(try await store.inventory().count == 2000)
    }

    @Test("old runs are forgotten, but for those that still owe a step")
    func forget() async throws {
        let settled = try await end()
        let (owing, steps) = try await store.begin(
            Fixtures.start, steps: Fixtures.steps(Fixtures.motd))
        try await store.finished(steps, .failed)
        try await store.record(RunEnding(outcome: .failed, counts: .init()), of: owing)
        #expect(try await store.forgetRuns(endedBefore: Fixtures.now / 1000) == 0)
        #expect(try await store.forgetRuns(endedBefore: Fixtures.now / 1000 + 1) == 1)
        #expect(try await store.runs().map(\.id) == [owing])
        #expect(try await store.journal(of: settled).isEmpty)
        #expect(try await store.unfinished() == [Fixtures.motd])
    }

    @Test("history shows the latest runs first")
    func history() async throws {
        var ids: [Int] = []
        for _ in 0..<3 { ids.append(try await end()) }
        #expect(try await store.runs(limit: 2).map(\.id) == Array(ids.reversed().prefix(2)))
        #expect(try await store.run(99) == nil)
    }

    @discardableResult
    private func end(
        kept: [InventoryEntry] = [], removed: [Address] = []
    ) async throws -> Int {
        let (run, _) = try await store.begin(Fixtures.start, steps: [])
        try await store.record(
            RunEnding(outcome: .succeeded, counts: .init(), kept: kept, removed: removed), of: run)
        return run
    }
}

extension StateStore {
    /// Makes SQLite take its disk for full beyond so many pages.
    fileprivate func limit(pages: Int) throws {
        try database.script("PRAGMA max_page_count = \(pages)")
    }
}
