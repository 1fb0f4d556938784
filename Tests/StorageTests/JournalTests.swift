import Diagnostics
import Resources
import Storage
import Testing

@Suite("the journal")
struct JournalTests {
    let folder: TemporaryFolder
    let store: StateStore

    init() throws {
        folder = try TemporaryFolder()
        store = try Fixtures.store(in: folder)
    }

    @Test("steps are journalled as they are planned, begun and ended")
    func states() async throws {
        let planned = [
            PlannedStep(address: Fixtures.motd, server: "in3", step: "write"),
            PlannedStep(
                address: Fixtures.site, server: "in3", step: "reload", leavesTrace: false,
                transaction: "nginx /etc/nginx"),
        ]
        let (run, steps) = try await store.begin(Fixtures.start, steps: planned)
        var journal = try await store.journal(of: run)
        #expect(journal.map(\.planned) == planned)
        #expect(journal.map(\.id) == steps)
        #expect(journal.map(\.state) == [.planned, .planned])
        #expect(journal.map(\.startedAt) == [nil, nil])

        try await store.started(steps[0])
        try await store.finished(steps[0], .succeeded)
        try await store.started(steps[1])
        journal = try await store.journal(of: run)
        #expect(journal.map(\.state) == [.succeeded, .started])
        #expect(journal.map(\.finishedAt) == [Fixtures.now / 1000, nil])

        try await store.finished([steps[0]], .undone)
        try await store.finished(steps[1], .failed, message: "nginx: failed")
        journal = try await store.journal(of: run)
        #expect(journal.map(\.state) == [.undone, .failed])
        #expect(journal.map(\.message) == [nil, "nginx: failed"])
    }

    @Test("a step that was never planned can't be journalled")
    func unknownStep() async throws {
        let (run, steps) = try await store.begin(
            Fixtures.start, steps: Fixtures.steps(Fixtures.motd))
        let stranger = StepID(run: run, sequence: 9)
        await #expect(throws: Failure.self) { try await store.started(steps[0], stranger) }
        await #expect(throws: Failure.self) { try await store.finished(stranger, .failed) }
        #expect(try await store.journal(of: run).map(\.state) == [.planned, .planned])
    }

    @Test("of a long message the end is kept, cut between characters")
    func longMessage() async throws {
        let (run, steps) = try await store.begin(
            Fixtures.start, steps: Fixtures.steps(Fixtures.motd))
        try await store.finished(
            steps[0], .failed, message: "x" + String(repeating: "é", count: 2048))
        try await store.finished(steps[1], .failed, message: String(repeating: "🜁", count: 1024))
        let messages = try await store.journal(of: run).compactMap(\.message)
        #expect(messages[0] == "…" + String(repeating: "é", count: 2046))
        #expect(messages[1] == String(repeating: "🜁", count: 1024))
    }

    @Test(
        "a step that leaves no trace is owed until it has succeeded",
        arguments: [
            (.succeeded, nil, true), (.succeeded, .failed, true), (.failed, nil, true),
            (.failed, .failed, true), (.succeeded, .succeeded, false),
            (.undone, .undone, false), (.failed, .skipped, false), (.undone, .skipped, false),
            (.succeeded, .skipped, true),
        ] as [(JournalEntry.Ending, JournalEntry.Ending?, Bool)])
    func owed(
        _ write: JournalEntry.Ending, reload: JournalEntry.Ending?, isOwed: Bool
    ) async throws {
        let (_, steps) = try await store.begin(Fixtures.start, steps: Fixtures.steps(Fixtures.motd))
        try await store.finished(steps[0], write)
        if let reload { try await store.finished(steps[1], reload) }
        #expect(try await store.unfinished() == (isOwed ? [Fixtures.motd] : []))
    }

    @Test("a step that was only begun is owed")
    func begun() async throws {
        let (_, steps) = try await store.begin(Fixtures.start, steps: Fixtures.steps(Fixtures.motd))
        try await store.started(steps[0], steps[1])
        #expect(try await store.unfinished() == [Fixtures.motd])
    }

    @Test("a step that leaves a trace is never owed")
    func trace() async throws {
        let write = PlannedStep(address: Fixtures.motd, server: "in3", step: "write")
        let (_, steps) = try await store.begin(Fixtures.start, steps: [write, write])
        try await store.finished(steps[0], .failed)
        #expect(try await store.unfinished().isEmpty)
    }

    @Test("planning a resource anew takes over what was owed to it, and to no other")
    func superseded() async throws {
        let both = Fixtures.steps(Fixtures.motd) + Fixtures.steps(Fixtures.site)
        let (first, _) = try await store.begin(Fixtures.start, steps: both)
        #expect(try await store.unfinished() == [Fixtures.motd, Fixtures.site])
        let (_, steps) = try await store.begin(
            Fixtures.start, steps: Fixtures.steps(Fixtures.motd))
        #expect(
            try await store.journal(of: first).map(\.state) == [
                .planned, .superseded, .planned, .planned,
            ])
        try await store.finished(steps, .succeeded)
        #expect(try await store.unfinished() == [Fixtures.site])
    }

    @Test("a removal settles what earlier runs owed, not what its own run does")
    func removal() async throws {
        _ = try await store.begin(Fixtures.start, steps: Fixtures.steps(Fixtures.motd))
        let (bare, _) = try await store.begin(Fixtures.start, steps: [])
        let ending = RunEnding(outcome: .succeeded, counts: .init(), removed: [Fixtures.motd])
        try await store.record(ending, of: bare)
        #expect(try await store.unfinished().isEmpty)
        let (owing, _) = try await store.begin(
            Fixtures.start, steps: Fixtures.steps(Fixtures.motd))
        try await store.record(ending, of: owing)
        #expect(try await store.unfinished() == [Fixtures.motd])
    }

    @Test("a run whose process is gone is shown as interrupted, then marked so once")
    func interrupted() async throws {
        var lease = try await Lease.take(store, for: "a run")
        let (run, _) = try await store.begin(Fixtures.start, steps: [])
        #expect(try await store.runs().map(\.outcome) == [.running])
        await lease.release()
        #expect(try await store.runs().map(\.outcome) == [.interrupted])
        #expect(try await store.run(run)?.finishedAt == nil)

        lease = try await Lease.take(store, for: "another")
        #expect(try await store.markInterrupted(noticedBy: "ada") == [run])
        #expect(try await store.markInterrupted(noticedBy: "ada") == [])
        #expect(try await store.run(run)?.outcome == .interrupted)
        #expect(try await store.run(run)?.finishedAt == Fixtures.now / 1000)
        #expect(try await store.auditEntries().map(\.event.action) == ["run.interrupted"])
    }
}
