package import Diagnostics
import FoundationEssentials
package import Planning
import Remote
package import Resources
package import Storage

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
    /// - Returns: how it ended; failures of hosts and resources are no errors.
    /// - Throws: when the state can't be written, or the lease is lost.
    package func apply(
        _ prepared: PreparedPlan, _ changes: [PlannedChange], closings: [Address: Int] = [:],
        actor: String, under lease: Lease
    ) async throws(Failure) -> RunSummary {
        try await store.markInterrupted(noticedBy: actor)
        let work = prepared.work(for: changes)
        let steps = work.flatMap(\.items).flatMap { item in
            item.steps.map { PlannedStep($0, of: item.address, on: item.change.server) }
        }
        let record = RunRecording(
            prepared: prepared, actor: actor,
            warrant: try await RunWarrant(
                of: changes, at: prepared.plan.revision.id, from: store))
        let (run, ids) = try await store.begin(
            record.start, steps: steps, claims: record.claims(of: work),
            quarantine: work.flatMap(\.items).compactMap(\.quarantine),
            audit: record.opening(of: work))
        let journal = RunJournal(store: store, steps: steps, ids: ids)
        let desk = RunDesk(
            observer: observer(for: prepared.desired), pool: pool, journal: journal,
            fence: fence(under: lease),
            guarding: prepared.desired.guarding, closings: closings, emit: emit)
        let outcomes = try await carryOut(work, of: run, prepared, desk, record)
        let counts = record.counts(outcomes, of: changes)
        let outcome = record.outcome(outcomes)
        try await store.record(
            record.ending(outcome, counts, after: outcomes), of: run)
        try await settleProtections(prepared, outcomes, by: actor)
        await clearQuarantine(of: prepared, by: actor, under: lease)
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
        _ record: RunRecording
    ) async throws(Failure) -> [Address: Outcome] {
        var outcomes: [Address: Outcome] = [:]
        for wave in work.waves {
            try await carryOut(wave, of: run, prepared, desk, record, after: &outcomes)
        }
        return outcomes
    }

    private func carryOut(
        _ work: [HostWork], of run: Int, _ prepared: PreparedPlan, _ desk: RunDesk,
        _ record: RunRecording, after outcomes: inout [Address: Outcome]
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
            } catch {
                failure = failure ?? error
            }
        }
        if let failure { throw failure }
    }
}
