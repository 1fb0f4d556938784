import Diagnostics
import FoundationEssentials
import Planning
import Resources
import Storage

/// What conditions a round leaves behind, and what of that is news. Pure, but for the jitter of
/// when to try again.
struct Settlement {
    let prepared: PreparedPlan
    let passage: Passage
    let outcomes: [Address: Outcome]
    /// The conditions before, by subject.
    let before: [String: Condition]
    let servers: Set<String>
    /// What was unhealthy before and was not changed, asked anew.
    var examination = Engine.Examination()
    /// Whether it is the commit to be reached that the round was about: that one knows of
    /// everything there is.
    let isOfTarget: Bool
    /// Seconds since 1970.
    let now: Int

    /// How often what was done is found undone at once before it is given up.
    private static let quarrels = 3
    private static let resourceBackoff = Backoff(
        firstSeconds: 5, longestSeconds: Condition.longestDelaySeconds)

    /// The conditions of everything the round was about.
    func conditions() -> [Condition] {
        var generator = SystemRandomNumberGenerator()
        var result: [Condition] = []
        for (server, failure) in prepared.survey.hosts {
            guard let failure else { continue }
            result.append(condition(of: failure, about: "server/\(server)", using: &generator))
        }
        for refused in prepared.plan.refused {
            result.append(
                dated(
                    Condition(
                        subject: refused.address.description, .stalled, refused.reason,
                        fix: refused.fix, revision: revision, since: now)))
        }
        for denied in prepared.plan.denied {
            result.append(
                dated(
                    Condition(
                        subject: denied.address.description, .held, denied.reason,
                        revision: revision, since: now)))
        }
        let dark = dark
        for unknown in prepared.plan.unknown where !dark.contains(unknown.server) {
            result.append(
                dated(
                    Condition(
                        subject: unknown.address.description, .unknown, unknown.reason,
                        fix: unknown.fix, revision: revision, since: now)))
        }
        for change in prepared.plan.changes {
            if let hold = passage.held[change.address] {
                result.append(condition(of: hold, for: change))
            } else if let outcome = outcomes[change.address] {
                condition(of: outcome, for: change, using: &generator).map { result.append($0) }
            }
        }
        result += undeclaredServers
        let told = Set(result.map(\.subject))
        return result + unhealthy.values.filter { !told.contains($0.subject) }
    }

    /// Servers that have left git before what is on them: nobody looks at them any more.
    private var undeclaredServers: [Condition] {
        guard isOfTarget else { return [] }
        var counts: [String: Int] = [:]
        for entry in prepared.inventory
        where prepared.desired.servers[entry.server] == nil && !Place.isDatabase(entry.server)
            && entry.address.kind != "server"
        {
            counts[entry.server, default: 0] += 1
        }
        return counts.sorted { $0.key < $1.key }.map { server, count in
            let report = UndeclaredServer.report(server, keeping: count)
            return dated(
                Condition(
                    subject: "server/\(server)", .unknown, report.message, fix: report.fix,
                    revision: revision, since: now))
        }
    }

    /// What was unhealthy, and still is so as far as is known.
    private var unhealthy: [Address: Condition] {
        var result: [Address: Condition] = [:]
        for (address, subject) in prepared.survey.subjects {
            guard var known = before[address.description], known.state == .unhealthy,
                outcomes[address] == nil, !subject.intent.isRemoval,
                !subject.resource.health.isEmpty
            else { continue }
            if let reason = examination.unhealthy[address] {
                known.message = Outcome.unhealthy(reason).message ?? reason
                known.revision = revision
                result[address] = known
            } else if examination.unknown.contains(address) {
                result[address] = known
            }
        }
        return result
    }

    /// The servers that could not be reached: of what is on them nothing new is known.
    private var dark: Set<String> {
        Set(prepared.survey.hosts.filter { $0.value != nil }.keys)
    }

    /// Subjects that had a condition and have none any more: of those that this round was about,
    /// and of those that are neither in git nor in the inventory by now.
    func cleared(by conditions: [Condition]) -> [String] {
        let kept = Set(conditions.map(\.subject)).union(putOff.keys.map(\.description))
        let dark = dark
        let seen = prepared.survey.subjects.filter { !dark.contains($0.value.resource.server) }
        let ours = Set(seen.keys.map(\.description)).union(servers.map { "server/\($0)" })
        let gone = goneSubjects
        return before.keys.filter {
            (ours.contains($0) || gone.contains($0)) && !kept.contains($0)
        }.sorted()
    }

    /// Subjects that had a condition, and of which nothing is known any more.
    private var goneSubjects: Set<String> {
        let candidates = before.keys.filter { Address($0) != nil }
        guard isOfTarget, !candidates.isEmpty else { return [] }
        let (resources, inventory) = (prepared.desired.resources, prepared.inventory)
        let places = Set(prepared.desired.servers.keys)
            .union(resources.map(\.server)).union(inventory.map(\.server))
        return Set(candidates).subtracting(resources.map(\.address.description))
            .subtracting(inventory.map(\.address.description))
            .subtracting(places.map { "server/\($0)" })
    }

    /// The places on which nothing that git asks for is left to be done.
    var reached: Set<String> {
        let unfit = prepared.plan.unknown + prepared.plan.refused
        var left = Set(unfit.map(\.server)).union(putOff.values)
        left.formUnion(prepared.plan.denied.map(\.change.server))
        for change in prepared.plan.changes where !change.isDrift {
            if outcomes[change.address]?.isSuccess != true { left.insert(change.server) }
        }
        left.formUnion(unhealthy.keys.compactMap { prepared.survey.subjects[$0]?.resource.server })
        return servers.subtracting(left)
    }

    /// What has stalled in this commit, and was planned for as it was before it; with its place.
    private var putOff: [Address: String] {
        prepared.survey.subjects.compactMapValues { subject in
            guard let condition = before[subject.resource.address.description],
                condition.state == .stalled, condition.revision == revision,
                let desired = condition.desired, desired != subject.resource.desiredDigest
            else { return nil }
            return subject.resource.server
        }
    }

    private var revision: String { prepared.plan.revision.id }

    private func condition(of hold: Gate.Hold, for change: PlannedChange) -> Condition {
        let known = before[change.address.description]
        return dated(
            Condition(
                subject: change.address.description, hold.state, hold.message, fix: hold.fix,
                revision: revision, desired: change.desiredDigest,
                observed: change.observedDigest, attempts: known?.attempts ?? 0, since: now,
                retryAt: hold.retryAt))
    }

    private func condition(
        of outcome: Outcome, for change: PlannedChange,
        using generator: inout some RandomNumberGenerator
    ) -> Condition? {
        var result: Condition
        switch outcome {
        case .applied, .deleted: return nil
        case .failed(let failure):
            result = condition(
                of: failure, about: change.address.description, using: &generator)
        case .late:
            result = Condition(
                subject: change.address.description, .waiting, outcome.message ?? "",
                revision: revision, since: now, retryAt: now + 1)
        case .moved, .undone:
            result = Condition(
                subject: change.address.description, .retrying, outcome.message ?? "",
                revision: revision, since: now, retryAt: now + 1)
        case .waiting:
            result = Condition(
                subject: change.address.description, .waiting, outcome.message ?? "",
                revision: revision, since: now)
        case .unhealthy:
            result = Condition(
                subject: change.address.description, .unhealthy, outcome.message ?? "",
                fix: "nothing is changed by itself: mend it, or what it needs",
                revision: revision, since: now)
        case .unverified:
            let report = Failure.Report(
                outcome.message ?? "", fix: "something else on the host may write it too")
            // Once may be somebody's hand; again and again is a quarrel.
            let attempts = before[change.address.description]?.attempts ?? 0
            result = condition(
                of: attempts < Self.quarrels ? .transient(report) : .stalled(report),
                about: change.address.description, using: &generator)
        }
        result.desired = change.desiredDigest
        result.observed = change.observedDigest
        return dated(result)
    }

    private func condition(
        of failure: Failure, about subject: String,
        using generator: inout some RandomNumberGenerator
    ) -> Condition {
        let known = before[subject]
        let attempts = (known?.attempts ?? 0) + 1
        let delay = Self.resourceBackoff.delay(after: attempts, using: &generator)
        let (state, retryAt): (Condition.State, Int?) =
            switch failure {
            case .transient: (.retrying, now + delay)
            case .waiting(_, let seconds): (.retrying, now + (seconds ?? delay))
            case .stalled, .refused: (.stalled, nil)
            }
        return dated(
            Condition(
                subject: subject, state, Redactor.redactedMessage(failure.report.message),
                fix: failure.report.fix.map(Redactor.redactedMessage), revision: revision,
                attempts: attempts, since: now, retryAt: retryAt))
    }

    /// One that was so before has been so since then.
    private func dated(_ condition: Condition) -> Condition {
        var condition = condition
        if let known = before[condition.subject], known.state == condition.state {
            condition.since = known.since
        }
        return condition
    }
}
