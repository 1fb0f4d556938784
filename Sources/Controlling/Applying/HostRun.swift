import Diagnostics
import FoundationEssentials
import Planning
import Remote
import Resources

/// One host's part of a run: look again, run the steps, look whether it is so.
struct HostRun: Sendable {
    let work: HostWork
    /// What this run has come to on hosts that had to be first.
    private let earlier: [Address: Outcome]
    let desk: RunDesk
    var journal: any StepJournal { desk.journal }
    var emit: @Sendable (RunEvent) -> Void { desk.emit }

    /// How it ended for each resource, and what the last look saw of it.
    struct Report: Sendable {
        var outcomes: [Address: Outcome] = [:]
        var verified: [Address: Assessment] = [:]
        /// How each step ended, by its id.
        var steps: [Address: [String: StepEnding]] = [:]
        /// What was done to the host besides its resources' steps.
        var deeds: [HostDeed] = []
    }

    private(set) var report = Report()

    init(work: HostWork, after earlier: [Address: Outcome] = [:], at desk: RunDesk) {
        self.work = work
        self.earlier = earlier
        self.desk = desk
    }

    /// Does all of it; never throws, because a host that fails is a result.
    mutating func run() async -> Report {
        emit(.hostStarted(server: work.place.name, changes: work.items.count))
        do throws(Failure) {
            let unmoved = try await lookAgain()
            let (open, guarded) = apart(unmoved)
            try await verify(try await perform(open))
            try await performGuarded(guarded)
        } catch {
            for item in work.items where report.outcomes[item.address] == nil {
                settle(item, .failed(error))
            }
        }
        let applied = report.outcomes.count { $0.value.isSuccess }
        emit(
            .hostFinished(
                server: work.place.name, applied: applied,
                failed: report.outcomes.count - applied))
        return report
    }

    /// Keeps what was last seen of an item.
    mutating func note(_ now: Assessment, of item: WorkItem) {
        report.verified[item.address] = now
    }

    mutating func settle(_ item: WorkItem, _ outcome: Outcome) {
        report.outcomes[item.address] = outcome
        emit(.outcome(server: work.place.name, address: item.address, outcome))
    }

    // MARK: - Before

    /// The items whose host is still as the plan saw it. The others are settled as moved.
    private mutating func lookAgain() async throws(Failure) -> [WorkItem] {
        let output = try await look(at: work.items)
        var unmoved: [WorkItem] = []
        for item in work.items {
            do throws(Failure) {
                let now = try item.resource.assess(output, item.intent)
                if now.observedDigest == item.change.observedDigest {
                    unmoved.append(item)
                } else {
                    try await skip(item.steps, of: item)
                    settle(item, .moved(now: now))
                }
            } catch {
                settle(item, .failed(error))
            }
        }
        return unmoved
    }

    /// Keeps what was done to the host besides steps.
    mutating func note(_ deed: HostDeed) {
        report.deeds.append(deed)
    }

    private func look(at items: [WorkItem]) async throws(Failure) -> ProbeOutput {
        try await desk.observer.observe(
            work.place,
            items.flatMap { $0.intent.isRemoval ? $0.resource.removalLooks : $0.resource.looks }
        ).get()
    }

    // MARK: - Steps

    /// The items all of whose steps succeeded.
    private mutating func perform(_ items: [WorkItem]) async throws(Failure) -> [WorkItem] {
        guard !items.isEmpty else { return [] }
        let shell = try await runner()
        var done: [WorkItem] = []
        var failure: Failure?
        do throws(Failure) {
            for group in Self.grouped(items) {
                try await verifyWhatComesFirst(for: group, of: &done)
                done += try await perform(group, in: shell)
            }
        } catch {
            failure = error
        }
        await shell.close()
        if let failure { throw failure }
        return done
    }

    /// What a release depends on must be so before it is published: it would be served at once.
    private mutating func verifyWhatComesFirst(
        for items: [WorkItem], of done: inout [WorkItem]
    ) async throws(Failure) {
        guard case .database = work.place else { return }
        let needed = Set(items.flatMap(\.resource.dependencies))
        guard done.contains(where: { needed.contains($0.address) }) else { return }
        let unverified = done
        done = []
        try await verify(unverified)
    }

    private func runner() async throws(Failure) -> any StepRunner {
        switch work.place {
        case .database: return DatabaseSteps(desk: desk.observer.desk)
        case .host(let route):
            return try await openShell(on: desk.pool.connection(to: route), route)
        }
    }

    /// A shell that has shown the host the lease.
    func openShell(on connection: any HostConnection, _ route: HostRoute) async throws(Failure)
        -> StepShell
    {
        let shell = StepShell(
            try await connection.openShell(), fence: desk.fence,
            timeoutSeconds: route.server.commandTimeoutSeconds)
        try await shell.raiseFence(isLocal: route.server.transport == .local)
        return shell
    }

    private mutating func perform(_ group: [WorkItem], in shell: any StepRunner)
        async throws(Failure)
        -> [WorkItem]
    {
        let ready = try await unblocked(group)
        if let transaction = ready.lazy.compactMap(\.transaction).first {
            return try await perform(transaction, of: ready, in: shell)
        }
        var done: [WorkItem] = []
        for item in ready where try await performAlone(item, in: shell) { done.append(item) }
        return done
    }

    /// The items that depend on nothing that has failed. The others are settled as waiting.
    mutating func unblocked(_ items: [WorkItem]) async throws(Failure) -> [WorkItem] {
        var ready: [WorkItem] = []
        for item in items {
            if let blocker = blocker(of: item) {
                try await skip(item.steps, of: item)
                settle(item, .waiting(on: blocker))
            } else if isLate(item) {
                try await skip(item.steps, of: item)
                settle(item, .late)
            } else {
                ready.append(item)
            }
        }
        return ready
    }

    /// What is begun is finished; what is not, when its window closes, waits for the next.
    private func isLate(_ item: WorkItem) -> Bool {
        guard let closing = desk.closings[item.address] else { return false }
        return Int(Date.now.timeIntervalSince1970) >= closing
    }

    /// Runs an item's steps until one fails.
    private mutating func performAlone(_ item: WorkItem, in shell: any StepRunner)
        async throws(Failure)
        -> Bool
    {
        for (index, step) in item.steps.enumerated() {
            let reply = try await perform(step, of: item, in: shell)
            guard !reply.isSuccess else { continue }
            try await skip(Array(item.steps[(index + 1)...]), of: item)
            settle(item, .failed(Self.failure(of: step, reply)))
            return false
        }
        return true
    }

    /// Runs one step, journalled before and after.
    mutating func perform(_ step: Step, of item: WorkItem, in shell: any StepRunner)
        async throws(Failure) -> StepShell.Reply
    {
        try await begin(step, of: item)
        let reply = try await shell.run(step)
        emit(.stepRan(server: work.place.name, address: item.address, step: step.id))
        try await finish(
            step, of: item, reply.isSuccess ? .succeeded : .failed,
            message: reply.isSuccess ? nil : reply.output)
        return reply
    }

    func begin(_ step: Step, of item: WorkItem) async throws(Failure) {
        try await journal.started(item.address, step: step.id)
        emit(.stepStarted(server: work.place.name, address: item.address, step: step.id))
    }

    mutating func finish(
        _ step: Step, of item: WorkItem, _ state: StepState, message: String? = nil
    ) async throws(Failure) {
        try await end(step, of: item, state, message: message)
        emit(
            .stepFinished(
                server: work.place.name, address: item.address, step: step.id,
                isSuccess: state == .succeeded))
    }

    mutating func skip(_ steps: [Step], of item: WorkItem) async throws(Failure) {
        for step in steps { try await end(step, of: item, .skipped) }
    }

    /// Writes down how a step ended.
    mutating func end(
        _ step: Step, of item: WorkItem, _ state: StepState, message: String? = nil
    ) async throws(Failure) {
        try await journal.finished(item.address, step: step.id, state, message: message)
        report.steps[item.address, default: [:]][step.id] = StepEnding(
            state: state, message: message)
    }

    static func failure(of step: Step, _ reply: StepShell.Reply) -> Failure {
        let lastLine = reply.output.split(separator: "\n").last.map(String.init)
        return .stalled(
            .init(
                "\(step.id): \(lastLine ?? "ended with status \(reply.status)")",
                detail: reply.output.contains("\n") ? reply.output : nil))
    }

    /// Something the item depends on that this run failed to bring about.
    private func blocker(of item: WorkItem) -> Address? {
        item.resource.dependencies.first { dependency in
            (report.outcomes[dependency] ?? earlier[dependency]).map { !$0.isSuccess } ?? false
        }
    }

    /// Items in order, those of one transaction together where the first of them stands.
    static func grouped(_ items: [WorkItem]) -> [[WorkItem]] {
        var groups: [[WorkItem]] = []
        var places: [String: Int] = [:]
        for item in items {
            guard let transaction = item.transaction else {
                groups.append([item])
                continue
            }
            if let place = places[transaction.id] {
                groups[place].append(item)
            } else {
                places[transaction.id] = groups.count
                groups.append([item])
            }
        }
        return groups
    }

    // MARK: - After

    /// Looks again: a change counts only when the host agrees.
    mutating func verify(_ items: [WorkItem]) async throws(Failure) {
        guard !items.isEmpty else { return }
        let output = try await lookTwiceIfNeeded(at: items)
        let start = ContinuousClock.now
        for item in items {
            do throws(Failure) {
                let now = try item.resource.assess(
                    output, Intent(isRemoval: item.intent.isRemoval))
                report.verified[item.address] = now
                let ended: Outcome =
                    if now.isConverged {
                        try await outcome(of: item, verifiedAt: start)
                    } else {
                        .unverified(now: now)
                    }
                settle(item, ended)
            } catch {
                settle(item, .failed(error))
            }
        }
    }

    /// The work is done by now: a connection that drops is no reason not to know it.
    func lookTwiceIfNeeded(at items: [WorkItem]) async throws(Failure) -> ProbeOutput {
        do throws(Failure) {
            return try await look(at: items)
        } catch {
            guard case .transient = error else { throw error }
            return try await look(at: items)
        }
    }
}
