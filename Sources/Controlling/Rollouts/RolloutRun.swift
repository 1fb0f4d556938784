package import Diagnostics
package import Planning
package import Resources
package import Storage

/// A plan that is carried out batch by batch, by a person who waits for it.
///
/// Order, health and undoing are those of the controller; what is left over when it stops is for
/// the person to decide.
struct RolloutRun {
    let engine: Engine
    let prepared: PreparedPlan
    let settings: Settings.Rollout
    let closings: [Address: Int]
    let actor: String
    let lease: Lease
    let tree: @Sendable (String) async -> DesiredState?

    private let changes: [PlannedChange]
    /// Those that git asks for.
    private let edits: [PlannedChange]
    private let course: RolloutCourse
    private let dark: Set<String>
    private var summary: RunSummary?
    private var released: Set<String> = []

    init(
        _ engine: Engine, _ prepared: PreparedPlan, _ changes: [PlannedChange],
        _ settings: Settings.Rollout, closings: [Address: Int], actor: String,
        under lease: Lease,
        tree: @escaping @Sendable (String) async -> DesiredState?
    ) {
        self.engine = engine
        self.prepared = prepared
        self.settings = settings
        self.closings = closings
        self.actor = actor
        self.lease = lease
        self.tree = tree
        self.changes = changes
        edits = changes.filter { !$0.isDrift }
        let dark = Set(prepared.survey.hosts.filter { $0.value != nil }.keys)
        self.dark = dark
        course = RolloutCourse(
            settings, servers: RolloutCourse.labels(in: prepared.desired.resources),
            changing: Set(edits.map(\.server)).union(dark))
    }

    /// Does all of it, or stops at the group that fails.
    mutating func run() async throws(Failure) -> RunSummary {
        guard !course.batches.isEmpty else {
            return try await engine.apply(
                prepared, changes, closings: closings, actor: actor, under: lease)
        }
        // Where git asks for nothing, drift is taken back at once.
        var places = prepared.survey.servers.subtracting(course.batches.flatMap(\.places))
        for (position, batch) in course.batches.enumerated() {
            let title = course.title(ofGroup: batch.group)
            engine.emit(.rolloutTurn(group: title, places: batch.places))
            places.formUnion(batch.places)
            try await apply(changes.filter { places.contains($0.server) }, on: places)
            released.formUnion(batch.places)
            places = []
            let isLast = position == course.batches.count - 1
            if let reason = try await failure(after: batch, isLast: isLast) {
                return try await stop(in: batch.group, reason)
            }
        }
        return try result()
    }

    private mutating func apply(
        _ changes: [PlannedChange], on places: Set<String>
    ) async throws(Failure) {
        let part = engine.narrowed(prepared, to: places)
        let next = try await engine.apply(
            part, changes, closings: closings, actor: actor, under: lease)
        summary = summary.map { $0.followed(by: next) } ?? next
    }

    private func result() throws(Failure) -> RunSummary {
        guard let summary else { throw .stalled(.init("nothing was rolled out")) }
        return summary
    }

    /// Why the next servers' turn must not come; nil when it may.
    private func failure(
        after batch: RolloutCourse.Batch, isLast: Bool
    ) async throws(Failure) -> String? {
        let failed = edits.first { change in
            released.contains(change.server)
                && summary?.outcomes[change.address].map { !$0.isSuccess } ?? false
        }
        if let failed {
            let message = summary?.outcomes[failed.address]?.message ?? ""
            return "\(failed.address): \(Redactor.redactedMessage(message))"
        }
        let members = released.intersection(course.groups[batch.group].places)
        let endsGroup = members.count == course.groups[batch.group].places.count
        if endsGroup, !isLast, members.isSubset(of: dark) { return "none of it can be reached" }
        if let reason = await unhealthy() { return reason }
        guard !isLast, settings.pauseSeconds > 0, !Set(batch.places).isSubset(of: dark) else {
            return nil
        }
        try? await Task.sleep(for: .seconds(settings.pauseSeconds))
        return await unhealthy()
    }

    private func unhealthy() async -> String? {
        let checked = released.subtracting(dark)
        let examination = await engine.examine(
            prepared.desired.resources.filter { checked.contains($0.server) },
            of: prepared.desired, isPatient: true)
        if let (address, reason) = examination.unhealthy.min(by: { $0.key < $1.key }) {
            return "\(address): unhealthy: \(reason)"
        }
        return examination.unknown.min().map { "\($0): its host can't be reached any more" }
    }

    // MARK: - Stopping

    private mutating func stop(in group: Int, _ reason: String) async throws(Failure)
        -> RunSummary
    {
        var result = try result()
        var end = RolloutEnd(
            group: course.title(ofGroup: group), reason: reason,
            left: Set(edits.map(\.server)).subtracting(released).sorted())
        if settings.onFailure == .revert {
            let places = released.intersection(course.groups[group].places).subtracting(dark)
            try await undo(on: places.filter { !Place.isDatabase($0) }, &end, &result)
        }
        result.rollout = end
        if result.outcome == .succeeded { result.outcome = .partial }
        try await engine.store.append([event(end)])
        return result
    }

    /// Brings what was changed on some places back to the commit that it was of, the last first.
    private func undo(
        on places: Set<String>, _ end: inout RolloutEnd, _ result: inout RunSummary
    ) async throws(Failure) {
        let before = Dictionary(
            prepared.inventory.map { ($0.address, $0) }, uniquingKeysWith: { first, _ in first })
        let changed = edits.filter { change in
            places.contains(change.server) && result.outcomes[change.address] != nil
        }
        // What is new has no version of its own: it goes with what was changed beside it.
        let known = changed.compactMap { before[$0.address]?.revision }
        let fallback =
            known.last ?? prepared.inventory.max { $0.appliedAt < $1.appliedAt }?.revision
        let groups = Dictionary(grouping: changed) { before[$0.address]?.revision ?? fallback }
        for (revision, changes) in groups.sorted(by: { $0.key ?? "" < $1.key ?? "" }) {
            let addresses = Set(changes.map(\.address))
            guard let revision, let former = await tree(revision),
                let run = try await undo(addresses, on: places, to: former)
            else {
                end.kept += addresses.map(\.description)
                continue
            }
            for address in addresses {
                let isUndone = run.outcomes[address]?.isSuccess ?? true
                if isUndone {
                    end.undone.append(address.description)
                } else {
                    end.kept.append(address.description)
                }
            }
        }
        end.undone.sort()
        end.kept.sort()
    }

    /// Nil where it would take more deletes than one run may make.
    private func undo(
        _ addresses: Set<Address>, on places: Set<String>, to former: DesiredState
    ) async throws(Failure) -> RunSummary? {
        var desired = prepared.desired
        desired.revision = former.revision
        desired.resources.removeAll { addresses.contains($0.address) }
        desired.resources += former.resources.filter {
            addresses.contains($0.address) && places.contains($0.server)
        }
        desired.resources.sort { $0.address < $1.address }
        let plan = try await engine.prepare(
            desired,
            PlanRequest(
                source: prepared.plan.source, only: addresses.map(\.description).sorted(),
                servers: places))
        guard plan.plan.deletesHeld == nil else { return nil }
        let ordered = try await engine.undoing(
            plan.plan.changes, of: prepared.plan.revision.id)
        return try await engine.apply(plan, ordered, actor: actor, under: lease)
    }

    private func event(_ end: RolloutEnd) -> AuditEvent {
        let detail = [
            "group": end.group, "message": end.reason, "undoing": end.undone.joined(separator: " "),
        ]
        return AuditEvent(
            actor: actor, action: end.undone.isEmpty ? "rollout.stopped" : "rollout.reverted",
            subject: prepared.plan.revision.id,
            detail: (try? CanonicalJSON.encode(detail)) ?? Array("{}".utf8))
    }
}

extension Engine {
    /// Carries out a plan's changes as the settings say: all at once, or group by group.
    ///
    /// - Parameters:
    ///   - prepared: the plan, with what it takes to carry it out.
    ///   - changes: those of the plan that are to be made, in its order.
    ///   - closings: from when on what is not begun any more, in seconds since 1970.
    ///   - actor: who asked for it.
    ///   - lease: the right to; see `Lease`.
    ///   - tree: reads the tree of an earlier commit, for what is undone; nil when it can't.
    /// - Returns: how it ended; failures of hosts and resources are no errors.
    /// - Throws: when the state can't be written, or the lease is lost.
    package func rollOut(
        _ prepared: PreparedPlan, _ changes: [PlannedChange], closings: [Address: Int] = [:],
        actor: String, under lease: Lease,
        tree: @escaping @Sendable (String) async -> DesiredState?
    ) async throws(Failure) -> RunSummary {
        guard let settings = prepared.desired.settings.rollout, !changes.isEmpty else {
            return try await apply(
                prepared, changes, closings: closings, actor: actor, under: lease)
        }
        var run = RolloutRun(
            self, prepared, changes, settings, closings: closings, actor: actor, under: lease,
            tree: tree)
        return try await run.run()
    }

    /// The same plan of some places alone.
    func narrowed(_ prepared: PreparedPlan, to places: Set<String>) -> PreparedPlan {
        plan(prepared.outlook.narrowed(to: places), prepared.survey.narrowed(to: places))
    }
}
