import Diagnostics
import Planning
import Resources
import Storage

/// Writing down what a round came to, and saying what of it is news.
extension Controller {
    func settle(_ settlement: Settlement) async throws(Failure) {
        let found = settlement.conditions()
        let cleared = settlement.cleared(by: found)
        var news = found.compactMap(news)
        news += cleared.compactMap { subject -> Occurrence? in
            // Of what waited or was held nobody was told, so its end is no news either.
            guard let condition = conditions[subject],
                condition.state != .waiting, condition.state != .held
            else { return nil }
            return Occurrence(
                .recovered, subject, "was \(condition.state.rawValue): \(condition.message)",
                revision: settlement.prepared.plan.revision.id, at: settlement.now)
        }
        for change in settlement.passage.ready
        where change.isDrift && settlement.outcomes[change.address]?.isSuccess == true {
            let what = change.differences.map(\.subject).joined(separator: ", ")
            news.append(
                Occurrence(
                    .corrected, change.address.description, "taken back: \(what)",
                    revision: settlement.prepared.plan.revision.id, at: settlement.now))
        }
        try await settle(found, clearing: cleared, saying: news)
        // A commit that came meanwhile is another one to reach.
        if settlement.prepared.plan.revision.id == target?.revision.id {
            reached.subtract(settlement.servers)
            reached.formUnion(settlement.reached.filter { rolling.isReleased($0) })
            try await judgeTarget()
        } else if let target {
            let versions = fleet(target)
            rolling.undone.formUnion(
                settlement.reached.filter {
                    versions.revision(on: $0) == settlement.prepared.plan.revision.id
                })
        }
        if rolling.record != nil { await alarm.ring() }
        if let next = found.compactMap(\.retryAt).min() {
            await retry(inSeconds: next - settlement.now)
        }
    }

    /// Sets conditions, clears others, and tells what is news.
    func settle(
        _ found: [Condition], clearing subjects: [String], saying news: [Occurrence] = []
    ) async throws(Failure) {
        let changed = found.filter { conditions[$0.subject] != $0 }
        let gone = subjects.filter { conditions[$0] != nil }
        try await engine.store.settle(
            changed, clearing: gone, audit: news.compactMap { $0.event(by: options.actor) },
            notices: news.compactMap(\.notice))
        for subject in gone { conditions[subject] = nil }
        for condition in changed { conditions[condition.subject] = condition }
        tell(news)
    }

    /// What a person is told of a condition: that it came about, not that it goes on.
    func news(_ condition: Condition) -> Occurrence? {
        let known = conditions[condition.subject]
        guard known?.state != condition.state || known?.message != condition.message else {
            return nil
        }
        let sort: Occurrence.Sort? =
            switch condition.state {
            case .drifted: .drifted
            case .retrying, .unknown: known?.state == condition.state ? nil : .failed
            case .stalled: condition.isAboutHostKey ? .hostKey : .stalled
            case .unhealthy: known?.state == condition.state ? nil : .stalled
            case .held, .waiting: nil
            }
        return sort.map {
            Occurrence(
                $0, condition.subject, condition.message, revision: condition.revision, at: seconds)
        }
    }

    /// Says of the target whether it is reached, or has stalled.
    func judgeTarget() async throws(Failure) {
        guard let target else { return }
        let revision = target.revision
        // One that was stopped has said so.
        if let record = rolling.record, record.state != .rolling { return }
        if rolling.record == nil, places.isSubset(of: reached) {
            guard goodRevision != revision.id else { return }
            goodRevision = revision.id
            good = nil
            formerRules = []
            try await judge(revision, .applied)
            tell([
                Occurrence(
                    .applied, revision.id,
                    "reached on \(places.count.counted("place"))",
                    revision: revision.id, at: seconds)
            ])
            return
        }
        let stalled = conditions.values.filter {
            [.stalled, .unhealthy].contains($0.state) && $0.revision == revision.id
                && $0.subject != "source"
        }.map(\.subject).sorted()
        guard goodRevision != revision.id, let first = stalled.first else { return }
        let others = stalled.count > 1 ? " and \(stalled.count - 1) more" : ""
        try await judge(revision, .stalled, "\(first)\(others)")
    }
}

extension Occurrence {
    /// For the audit log; nil for what is written down there in another way.
    fileprivate func event(by actor: String) -> AuditEvent? {
        switch sort {
        case .accepted, .refused, .applied, .progressed, .held, .corrected: return nil
        case .failed, .stalled, .drifted, .recovered, .hostKey:
            let bytes = (try? CanonicalJSON.encode(["message": message, "revision": revision]))
            return AuditEvent(
                actor: actor, action: "condition.\(sort.rawValue)", subject: subject,
                detail: bytes ?? Array("{}".utf8))
        }
    }
}

extension Condition {
    /// Whether a host shows a key that is not pinned for it.
    fileprivate var isAboutHostKey: Bool {
        subject.hasPrefix("server/")
            && (message.contains("host key") || message.contains("the host's key"))
    }
}
