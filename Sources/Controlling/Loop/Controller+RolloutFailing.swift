import Diagnostics
import Planning
import Resources
import Storage

/// A rollout that fails: it stops, and what its group changed is undone where that is asked for.
extension Controller {
    /// Leaves the other groups as they are; has the failed one undone where that is asked for.
    func stop(
        at place: String, _ reason: String, _ target: DesiredState
    ) async throws(Failure) {
        guard var record = rolling.record, let course = rolling.course else { return }
        let group = rolling.batch(of: place)?.group ?? 0
        record.state = .stopped
        record.group = course.title(ofGroup: group)
        record.message = reason
        record.pausedUntil = nil
        record.since = seconds
        if settings.rollout?.onFailure == .revert {
            // What came after the group that has failed rested on it.
            let released = (group..<course.groups.count).map { rolling.released(inGroup: $0) }
                .reduce(Set<String>()) { $0.union($1) }
            let undoing = released.filter {
                !Place.isDatabase($0) && rolling.places[$0]?.former != nil
            }
            let left = released.subtracting(undoing)
            if !left.isEmpty {
                record.message =
                    "\(reason); \(RolloutRecord.list(left)) stays, as nothing can be put back there"
            }
            if !undoing.isEmpty { record.state = .reverting }
            record.undoing = undoing.sorted()
            for place in undoing {
                rolling.places[place] = PlaceVersion(revision: rolling.places[place]?.former)
            }
        }
        rolling.record = record
        rolling.undone = []
        rolling.turn(at: clock.now)
        let words = "rollout \(record.line)"
        let occurrence = Occurrence(
            .stalled, target.revision.id, words, revision: target.revision.id, at: seconds)
        try await keepRollout("stopped", reason, notices: [occurrence.notice].compactMap(\.self))
        try await judge(target.revision, .stalled, words)
        tell([occurrence])
        due.formUnion(record.undoing)
    }

    /// Says that a group is undone once it is, as far as it can be.
    func finishUndoing(_ record: RolloutRecord) async throws(Failure) {
        guard let target else { return }
        let left = Set(record.undoing).subtracting(rolling.undone)
        let desired = fleet(target).composed(under: target.revision.id)
        let servers = Dictionary(
            desired.resources.map { ($0.address.description, $0.server) },
            uniquingKeysWith: { first, _ in first })
        let stuck = Set(
            conditions.values.filter {
                [.stalled, .held, .unhealthy].contains($0.state)
                    && $0.revision != target.revision.id
            }.compactMap { servers[$0.subject] })
        let isSettled = left.allSatisfy { place in
            busy[place] == nil && !due.contains(place)
                && (isDark(place) || stuck.contains(place))
        }
        guard isSettled else { return }
        try await sayUndone(record, target)
    }

    /// Says so of places that could be reached only later, too.
    func followUndoing(_ record: RolloutRecord) async throws(Failure) {
        let known = Set(record.undone ?? [])
        let late = rolling.undone.intersection(record.undoing).subtracting(known)
        guard let target, !late.isEmpty else { return }
        try await sayUndone(record, target)
    }

    private func sayUndone(
        _ former: RolloutRecord, _ target: DesiredState
    ) async throws(Failure) {
        var record = former
        let done = rolling.undone.union(record.undone ?? []).intersection(record.undoing)
        record.state = .reverted
        record.undone = done.sorted()
        record.since = seconds
        rolling.record = record
        let isWhole = done.count == record.undoing.count
        let words = "rollout \(record.line)"
        let occurrence = Occurrence(
            isWhole ? .recovered : .stalled, target.revision.id, words,
            revision: target.revision.id, at: seconds)
        try await keepRollout(
            "reverted", record.message ?? "", notices: [occurrence.notice].compactMap(\.self))
        try await judge(target.revision, .stalled, words)
        tell([occurrence])
    }

    // MARK: - Writing down

    func keepRollout(
        _ action: String, _ message: String, notices: [Notice] = []
    ) async throws(Failure) {
        try await engine.store.keep(
            RolloutChange(rolling.record, places: rolling.places),
            audit: [rolloutEvent(action, message, rolling.record?.revision ?? "")],
            notices: notices)
    }

    func rolloutEvent(_ action: String, _ message: String, _ revision: String)
        -> AuditEvent
    {
        let detail = [
            "group": rolling.record?.group ?? "", "message": message,
            "undoing": (rolling.record?.undoing ?? []).joined(separator: " "),
            "undone": (rolling.record?.undone ?? []).joined(separator: " "),
        ]
        return AuditEvent(
            actor: options.actor, action: "rollout.\(action)", subject: revision,
            detail: (try? CanonicalJSON.encode(detail)) ?? Array("{}".utf8))
    }
}
