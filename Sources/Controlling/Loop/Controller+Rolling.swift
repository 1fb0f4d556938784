import Diagnostics
import Planning
import Resources
import Storage

/// A rollout that goes on: whose turn it is, what is waited for, and whether it is healthy.
extension Controller {
    func roll(
        _ record: RolloutRecord, _ course: RolloutCourse, _ target: DesiredState
    ) async throws(Failure) {
        let released = rolling.released
        if let failed = failure(on: released, of: target) {
            return try await stop(at: failed.place, failed.reason, target)
        }
        let pending = released.subtracting(reached)
        let dark = pending.filter(isDark)
        let awaited = pending.subtracting(dark.subtracting(rolling.touched)).sorted()
        if let place = awaited.first {
            guard dark.contains(place), hasWaited else {
                return try await wait(for: awaited, target)
            }
            return try await stop(
                at: place, "\(place) can't be reached since it was changed", target)
        }
        let batch = course.batches[record.batches - 1]
        let isLast = record.batches == course.batches.count
        let endsGroup = isLast || course.batches[record.batches].group != batch.group
        let isProven = !rolling.released(inGroup: batch.group).isDisjoint(with: reached)
        if endsGroup, !isLast, !isProven, !hasWaited {
            return try await say("none of its servers can be reached: \(RolloutRecord.list(dark))")
        }
        guard try await isHealthy(released, batch, isLast: isLast, target) else { return }
        if isLast { return try await finishRollout(target) }
        try await release(record.batches, of: course, target, without: dark)
    }

    /// Whether a place can't be reached, as far as is known: its last look failed, or has taken
    /// very long.
    func isDark(_ place: String) -> Bool {
        if conditions["server/\(place)"].map({ $0.state != .unhealthy }) ?? false { return true }
        guard laggards.contains(place), let begun = rolling.begun else { return false }
        return clock.now >= begun + Rolling.longestLook
    }

    /// Whether a batch's time to be reached is over.
    private var hasWaited: Bool {
        guard let begun = rolling.begun else { return false }
        return clock.now >= begun + .seconds(settings.rollout?.waitSeconds ?? 0)
    }

    /// What has failed of the commit on the places that have had their turn.
    private func failure(
        on released: Set<String>, of target: DesiredState
    ) -> (place: String, reason: String)? {
        let servers = places(of: target)
        let failed = conditions.values.filter { condition in
            [.stalled, .unhealthy].contains(condition.state)
                && condition.revision == target.revision.id
                && servers[condition.subject].map(released.contains) ?? false
        }.min { $0.subject < $1.subject }
        return failed.map { (servers[$0.subject] ?? "", "\($0.subject): \($0.message)") }
    }

    /// By subject; a server itself is left out, as it is no failure of the commit that it can't be
    /// reached.
    private func places(of target: DesiredState) -> [String: String] {
        var result: [String: String] = [:]
        for resource in target.resources {
            result[resource.address.description] = resource.server
        }
        for (place, version) in rolling.places {
            guard let former = version.former, let tree = rolling.trees[former] else { continue }
            for resource in tree.resources
            where resource.server == place && result[resource.address.description] == nil {
                result[resource.address.description] = place
            }
        }
        // Its own checks may fail, though.
        return result.filter { subject, _ in
            !subject.hasPrefix("server/") || conditions[subject]?.state == .unhealthy
        }
    }

    private func wait(for places: [String], _ target: DesiredState) async throws(Failure) {
        let servers = self.places(of: target)
        let reason = conditions.values.filter { condition in
            servers[condition.subject].map(places.contains) ?? false
        }.min { $0.subject < $1.subject }
        let words = reason.map { ": \($0.subject) is \($0.state.rawValue)" } ?? ""
        try await say("waiting for \(RolloutRecord.list(places))\(words)")
    }

    /// Says in `stead status` what the rollout waits for.
    private func say(_ message: String) async throws(Failure) {
        guard var record = rolling.record, record.message != message else { return }
        record.message = message
        rolling.record = record
        try await engine.store.keep(RolloutChange(record, places: rolling.places))
    }

    /// Whether all that has had its turn is healthy, and has been so for as long as it is to.
    private func isHealthy(
        _ released: Set<String>, _ batch: RolloutCourse.Batch, isLast: Bool, _ target: DesiredState
    ) async throws(Failure) -> Bool {
        guard rolling.look == nil else { return false }
        guard let examined = rolling.examined else {
            examine(released.intersection(reached), target)
            return false
        }
        let isProven = !Set(batch.places).isDisjoint(with: reached)
        let pause = settings.rollout?.pauseSeconds ?? 0
        guard !isLast, isProven, pause > 0 else { return true }
        let end = rolling.pauseEnd ?? clock.now + .seconds(pause)
        if rolling.pauseEnd == nil {
            rolling.pauseEnd = end
            rolling.record?.pausedUntil = seconds + pause
        }
        try await say("healthy; the next servers' turn comes after a pause")
        if examined >= end { return true }
        if clock.now >= min(end, examined + Rolling.lookInterval) {
            examine(released.intersection(reached), target)
        }
        return false
    }

    /// Asks all checks on some places; what comes of it is met in the next turn.
    private func examine(_ places: Set<String>, _ target: DesiredState) {
        let desired = fleet(target).composed(under: target.revision.id)
        let resources = desired.resources.filter { places.contains($0.server) }
        let began = clock.now
        rolling.look = Task {
            let examination = await engine.examine(resources, of: desired, isPatient: true)
            if Task.isCancelled { return }
            await self.take(examination, of: desired, since: began)
        }
    }

    private func take(
        _ examination: Engine.Examination, of desired: DesiredState,
        since began: ContinuousClock.Instant
    ) async {
        rolling.look = nil
        guard rolling.record?.revision == desired.revision.id else { return }
        let servers = places(of: desired)
        // Whether they can be reached is for a round to find out.
        let lost = Set(examination.unknown.compactMap { servers[$0.description] })
        due.formUnion(lost)
        reached.subtract(lost)
        let found = examination.unhealthy.map { address, reason in
            Condition(
                subject: address.description, .unhealthy, "unhealthy: \(reason)",
                fix: "nothing is changed by itself: mend it, or what it needs",
                revision: desired.revision.id, since: seconds)
        }
        if found.isEmpty, lost.isEmpty { rolling.examined = began }
        do throws(Failure) {
            try await settle(found, clearing: [], saying: found.compactMap(news))
        } catch {
            tell([
                Occurrence(
                    .failed, "controller", error.report.message, revision: desired.revision.id,
                    at: seconds)
            ])
        }
        await alarm.ring()
    }

    // MARK: - Turns

    func release(
        _ position: Int, of course: RolloutCourse, _ target: DesiredState,
        without dark: Set<String> = []
    ) async throws(Failure) {
        let batch = course.batches[position]
        for place in batch.places {
            let former = rolling.places[place]?.revision
            rolling.places[place] = PlaceVersion(revision: target.revision.id, former: former)
        }
        rolling.record?.batches = position + 1
        rolling.record?.group = course.title(ofGroup: batch.group)
        rolling.record?.message = nil
        rolling.record?.pausedUntil = nil
        rolling.record?.since = seconds
        rolling.turn(at: clock.now)
        try await keepRollout("advanced", RolloutRecord.list(batch.places))
        let left =
            dark.isEmpty ? "" : "; without \(RolloutRecord.list(dark)), which can't be reached"
        tell([
            Occurrence(
                .progressed, target.revision.id,
                "\(course.title(ofGroup: batch.group)): \(RolloutRecord.list(batch.places))\(left)",
                revision: target.revision.id, at: seconds)
        ])
        // What moves between places, and what has turned unhealthy, is seen on the earlier ones.
        reached.subtract(rolling.released)
        due.formUnion(rolling.released)
    }

    private func finishRollout(_ target: DesiredState) async throws(Failure) {
        rolling.look?.cancel()
        try await engine.store.keep(
            RolloutChange(nil, places: [:]),
            audit: [rolloutEvent("finished", "", target.revision.id)])
        rolling = Rolling()
        try await judgeTarget()
    }
}
