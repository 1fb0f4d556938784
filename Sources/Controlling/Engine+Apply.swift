import Diagnostics
import FoundationEssentials
import Planning
import Remote
import Resources
import Storage

extension Engine {
    /// Carries out a plan's changes, and nothing else: hosts side by side, each journalled,
    /// verified and recorded.
    ///
    /// - Parameters:
    ///   - prepared: the plan, with what it takes to carry it out.
    ///   - changes: those of the plan that are to be made, in its order.
    ///   - closings: from when on what is not begun any more, in seconds since 1970.
    ///   - actor: who asked for it.
    ///   - lease: the right to; see `Lease`.
    ///   - handover: who may work on places that are done before the others are.
    /// - Returns: how it ended; failures of hosts and resources are no errors.
    /// - Throws: when the state can't be written, or the lease is lost.
    func apply(
        _ prepared: PreparedPlan, _ changes: [PlannedChange], closings: [Address: Int] = [:],
        actor: String, under lease: Lease, handover: Handover = .none
    ) async throws(Failure) -> RunSummary {
        try await store.markInterrupted(noticedBy: actor)
        let work = prepared.work(for: changes)
        let steps = work.flatMap(\.items).flatMap { item in
            item.steps.map { PlannedStep($0, of: item.address, on: item.change.server) }
        }
        let record = RunRecording(
            prepared: prepared, actor: actor,
            warrant: try await RunWarrant(of: changes, in: prepared, from: store))
        let (run, ids) = try await store.begin(
            record.start, steps: steps, claims: record.claims(of: work),
            quarantine: work.flatMap(\.items).compactMap(\.quarantine),
            audit: record.opening(of: work))
        let journal = RunJournal(store: store, steps: steps, ids: ids)
        let desk = RunDesk(
            observer: observer(for: prepared.desired), pool: pool, journal: journal,
            fence: fence(under: lease),
            guarding: prepared.desired.guarding, closings: closings, emit: emit)
        await handover.done(prepared.survey.servers.subtracting(work.map(\.place.name)))
        let outcomes = try await carryOut(work, of: run, prepared, desk, record, handover)
        let counts = record.counts(outcomes, of: changes)
        let outcome = record.outcome(outcomes)
        // What another run has changed since is written down by that one.
        let kept = prepared.part(on: await handover.keep(prepared.survey.servers))
        let ending = record.part(of: kept).ending(outcome, counts, after: outcomes)
        try await store.record(ending, of: run)
        try await settleProtections(kept, outcomes, by: actor)
        await clearQuarantine(of: kept, by: actor, under: lease)
        return RunSummary(run: run, outcome: outcome, counts: counts, outcomes: outcomes)
    }

    /// Its folder is absolute: a host's shell has a folder of its own.
    func fence(under lease: Lease) -> Fence {
        let folder = store.folder + "/fence"
        let absolute =
            folder.hasPrefix("/")
            ? folder : FileManager.default.currentDirectoryPath + "/" + folder
        return Fence(state: lease.state, token: lease.token, localFolder: absolute)
    }

    /// Works on the hosts side by side and records each as it is done; then on what had to wait
    /// for another host.
    private func carryOut(
        _ work: [HostWork], of run: Int, _ prepared: PreparedPlan, _ desk: RunDesk,
        _ record: RunRecording, _ handover: Handover
    ) async throws(Failure) -> [Address: Outcome] {
        var outcomes: [Address: Outcome] = [:]
        let waves = work.waves
        for (index, wave) in waves.enumerated() {
            let later = Set(waves[(index + 1)...].joined().map(\.place.name))
            try await carryOut(wave, of: run, prepared, desk, record, after: &outcomes) { place in
                if !later.contains(place) { await handover.done([place]) }
            }
        }
        return outcomes
    }

    private func carryOut(
        _ work: [HostWork], of run: Int, _ prepared: PreparedPlan, _ desk: RunDesk,
        _ record: RunRecording, after outcomes: inout [Address: Outcome],
        recorded: (String) async -> Void
    ) async throws(Failure) {
        let earlier = outcomes
        var failure: Failure?
        await SideBySide.forEach(
            of: work, limit: prepared.desired.settings.reconcile.parallelism
        ) { work in
            var hostRun = HostRun(work: work, after: earlier, at: desk)
            return await hostRun.run()
        } take: { work, report in
            outcomes.merge(report.outcomes) { first, _ in first }
            do throws(Failure) {
                try await store.record(record.part(of: work, report, run: run), of: run)
                emit(.recorded(server: work.place.name))
                await recorded(work.place.name)
            } catch {
                failure = failure ?? error
            }
        }
        if let failure { throw failure }
    }
}
