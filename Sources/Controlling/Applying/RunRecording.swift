import Diagnostics
import FoundationEssentials
import Planning
import Resources
import Storage

/// What a run writes down: in the inventory, the observations, and the audit log.
struct RunRecording: Sendable {
    private(set) var prepared: PreparedPlan
    let actor: String
    let warrant: RunWarrant
    private let inventory: [Address: InventoryEntry]

    init(prepared: PreparedPlan, actor: String, warrant: RunWarrant = RunWarrant()) {
        self.prepared = prepared
        self.actor = actor
        self.warrant = warrant
        inventory = Dictionary(
            prepared.inventory.map { ($0.address, $0) }, uniquingKeysWith: { first, _ in first })
    }

    var start: RunStart {
        RunStart(
            revision: prepared.plan.revision, plan: prepared.plan.id.hexadecimal,
            source: prepared.plan.source, actor: actor)
    }

    /// What is to be done, by whose word, and with which commands.
    func opening(of work: [HostWork]) -> [AuditEvent] {
        let plan = prepared.plan
        let detail = RunDetail(
            revision: plan.revision, plan: plan.id, source: plan.source,
            summary: plan.counts.description, warrant: warrant)
        return [event("run.started", subject: plan.revision.id, detail)]
            + work.commandTexts.map {
                event("run.command", subject: "command/\($0.name)", $0.detail)
            }
    }

    /// Entries for what is about to be created. A run that is killed has written some of it, and
    /// the next must know that it was Stead who did. And entries for the places that resources are
    /// about to leave, as theirs will speak of the new ones.
    func claims(of work: [HostWork]) -> [InventoryEntry] {
        let created = work.flatMap(\.items).filter {
            $0.change.action == .create && !isOwned($0.address)
        }
        .map { entry(of: $0.resource, observed: $0.change.observedDigest, origin: .applied) }
        return created + inventory.values.filter { $0.address.successor != nil }
    }

    // MARK: - One host

    /// What came of one host's work.
    func part(of work: HostWork, _ report: HostRun.Report, run: Int) -> RunPart {
        var part = RunPart()
        part.audit = report.deeds.map { deed in
            event(
                deed.action, subject: deed.subject,
                DeedDetail(
                    server: work.place.name, reason: deed.reason.map(Redactor.redactedMessage)))
        }
        for item in work.items {
            guard let outcome = report.outcomes[item.address] else { continue }
            add(item, outcome, report, to: &part)
            if let seen = report.verified[item.address] {
                part.observations.append(
                    ObservedResource(
                        address: item.address, digest: seen.observedDigest,
                        body: seen.observation, observedAt: now, run: run))
            }
        }
        return part
    }

    private func add(
        _ item: WorkItem, _ outcome: Outcome, _ report: HostRun.Report, to part: inout RunPart
    ) {
        let seen = report.verified[item.address]
        switch outcome {
        case .applied, .unhealthy:
            guard let seen else { break }
            part.kept.append(
                entry(of: item.resource, observed: seen.observedDigest, origin: .applied))
        case .deleted:
            part.removed.append(item.address)
        case .moved, .undone, .waiting, .late:
            // Nothing of it was written, so the claim made when the run began is given up.
            if !isOwned(item.address) { part.removed.append(item.address) }
        case .failed:
            // The same where the host has put everything back.
            if let seen, !seen.exists, !isOwned(item.address) { part.removed.append(item.address) }
        case .unverified:
            break
        }
        let detail = ResourceDetail(
            action: item.change.action.rawValue, cause: item.change.cause.rawValue,
            server: item.change.server, desired: item.change.desiredDigest,
            seen: seen?.observedDigest ?? item.change.observedDigest,
            steps: item.steps.map { CommandRecord($0, report.steps[item.address]?[$0.id]) },
            message: outcome.message.map(Redactor.redactedMessage),
            quarantine: item.quarantine?.id)
        part.audit.append(
            event(outcome.auditAction, subject: item.address.description, detail))
    }

    // MARK: - The whole run

    /// What is left to write down when others have taken places over.
    func part(of prepared: PreparedPlan) -> RunRecording {
        var part = self
        part.prepared = prepared
        return part
    }

    /// The run's end, with what changed in the inventory without a change on a host: resources
    /// found as desired, and forgotten ones.
    func ending(
        _ outcome: RunRecord.Outcome, _ counts: RunCounts, after outcomes: [Address: Outcome]
    )
        -> RunEnding
    {
        let detail = RunDetail(
            revision: prepared.plan.revision, plan: prepared.plan.id, source: prepared.plan.source,
            summary: outcome.rawValue)
        return RunEnding(
            outcome: outcome, counts: counts, kept: found(outcomes),
            removed: given(up: outcomes),
            observations: prepared.survey.observations(at: now).filter {
                outcomes[$0.address] == nil
            },
            hosts: prepared.survey.hostSightings(at: now),
            audit: prepared.plan.forgotten.map {
                event(
                    "resource.forgotten", subject: $0.address.description,
                    ForgottenDetail(reason: $0.reason.rawValue))
            }
                + prepared.plan.denied.map {
                    event(
                        "resource.denied", subject: $0.address.description,
                        DeniedDetail(server: $0.change.server, message: $0.reason))
                } + [event("run.\(outcome.rawValue)", subject: prepared.plan.revision.id, detail)])
    }

    /// What leaves the inventory without a change on a host. A resource that another one took over
    /// stays until that one has succeeded: the host is nobody's otherwise.
    private func given(up outcomes: [Address: Outcome]) -> [Address] {
        let changing = Set(prepared.plan.changes.map(\.address))
        return prepared.plan.forgotten.filter { forgotten in
            guard let owner = forgotten.by, changing.contains(owner) else { return true }
            return outcomes[owner]?.isSuccess ?? false
        }.map(\.address)
    }

    /// Whether there is anything to write down even if nothing is changed on a host.
    var hasNews: Bool { !given(up: [:]).isEmpty || !found([:]).isEmpty }

    /// The entry of a resource that this one was called before.
    private func predecessor(of address: Address) -> InventoryEntry? {
        prepared.plan.forgotten.first { $0.by == address }.flatMap { inventory[$0.address] }
    }

    private func found(_ outcomes: [Address: Outcome]) -> [InventoryEntry] {
        prepared.plan.unchanged.compactMap { address in
            guard outcomes[address] == nil, let subject = prepared.survey.subjects[address],
                case .seen(let seen) = prepared.survey.sights[address]
            else { return nil }
            // What it left on another server says nothing of what is here.
            let kept = inventory[address].flatMap {
                $0.server == subject.resource.server ? $0 : nil
            }
            let isCurrent =
                kept?.desiredDigest == subject.resource.desiredDigest
                && kept?.observedDigest == seen.observedDigest
            let known = kept ?? predecessor(of: address)
            return isCurrent
                ? nil
                : entry(
                    of: subject.resource, observed: seen.observedDigest,
                    origin: known?.origin ?? .found)
        }
    }

    func counts(_ outcomes: [Address: Outcome], of changes: [PlannedChange]) -> RunCounts {
        var counts = RunCounts()
        counts.failed = prepared.plan.counts.refused
        counts.unknown = prepared.plan.counts.unknown
        counts.unchanged = prepared.plan.counts.unchanged
        for change in changes {
            guard outcomes[change.address]?.isSuccess == true else {
                counts.failed += 1
                continue
            }
            switch change.action {
            case .create: counts.created += 1
            case .update: counts.updated += 1
            case .delete: counts.deleted += 1
            case .drift: counts.drifted += 1
            }
        }
        return counts
    }

    /// A run that left anything undone, or unseen, did not succeed.
    func outcome(_ outcomes: [Address: Outcome]) -> RunRecord.Outcome {
        let done = outcomes.values.count(where: \.isSuccess)
        let counts = prepared.plan.counts
        let isWhole = counts.unknown == 0 && counts.refused == 0 && counts.denied == 0
        if done == outcomes.count, isWhole { return .succeeded }
        return done > 0 || (outcomes.isEmpty && counts.unchanged > 0) ? .partial : .failed
    }

    // MARK: - Pieces

    private var now: Int { Int(Date.now.timeIntervalSince1970) }

    private func isOwned(_ address: Address) -> Bool { inventory[address] != nil }

    private func entry(
        of resource: any Resource, observed: Digest, origin: InventoryEntry.Origin
    ) -> InventoryEntry {
        InventoryEntry(
            address: resource.address, kind: resource.kind, server: resource.server,
            declaration: resource.declaration, desiredDigest: resource.desiredDigest,
            observedDigest: observed, origin: origin, revision: prepared.plan.revision.id,
            appliedAt: now)
    }

    private func event(_ action: String, subject: String, _ detail: some Encodable) -> AuditEvent {
        let bytes = (try? CanonicalJSON.encode(detail)) ?? Array("{}".utf8)
        return AuditEvent(actor: actor, action: action, subject: subject, detail: bytes)
    }

    private struct RunDetail: Encodable {
        var revision: Revision
        var plan: Digest
        var source: String
        var summary: String
        var warrant: RunWarrant?
    }

    private struct DeedDetail: Encodable {
        var server: String
        var reason: String?
    }

    private struct ResourceDetail: Encodable {
        var action: String
        var cause: String
        var server: String
        var desired: Digest?
        var seen: Digest
        var steps: [CommandRecord]
        var message: String?
        /// What its delete left behind is found under this name.
        var quarantine: String?
    }

    private struct DeniedDetail: Encodable {
        var server: String
        var message: String
    }

    private struct ForgottenDetail: Encodable {
        var reason: String
    }
}
