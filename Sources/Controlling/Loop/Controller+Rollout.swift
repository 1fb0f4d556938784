package import Diagnostics
import Manifests
import Planning
import Resources
import Storage

/// Bringing a commit to the servers group by group.
extension Controller {
    /// What is in force on each place now.
    func fleet(_ target: DesiredState) -> FleetVersions {
        FleetVersions(target: target, places: rolling.places, trees: rolling.trees)
    }

    /// What the state is to hold of rollouts once a commit is taken; nil when that is as before.
    ///
    /// A place on which the commit changes nothing has it at once.
    func rollOut(
        _ desired: DesiredState, after current: DesiredState?
    ) async throws(Failure) -> RolloutChange? {
        let wasRolling = rolling.record != nil || !rolling.places.isEmpty
        rolling.look?.cancel()
        guard let settings = desired.settings.rollout else {
            rolling = Rolling()
            return wasRolling ? RolloutChange(nil, places: [:]) : nil
        }
        let before = current.map { fleet($0) }
        let known = current.map { Set($0.resources.map(\.server)) } ?? []
        func version(_ place: String) -> String? {
            guard let before, known.contains(place) || rolling.places[place] != nil else {
                return nil
            }
            return self.version(of: place, before)
        }
        let places = Set(desired.resources.map(\.server)).union(
            try await databases().filter { known.contains($0) })
        let changing = FleetVersions.changing(places, towards: desired) { place in
            version(place).flatMap { before?.tree(of: $0) }
        }
        var next = Rolling()
        next.trees = rolling.trees
        if let current { next.trees[current.revision.id] = current }
        for place in changing { next.places[place] = PlaceVersion(revision: version(place)) }
        keepTrees(&next)
        next.course = RolloutCourse(
            settings, servers: RolloutCourse.labels(in: desired.resources), changing: changing)
        next.record = record(of: desired.revision.id, along: next.course)
        rolling = next
        guard next.record != nil || wasRolling else { return nil }
        return RolloutChange(next.record, places: next.places)
    }

    /// The commit whose state a place is in; nil where it is in that of none.
    ///
    /// One that had its turn and did not come all the way is in the state of no commit: what was
    /// held there must not be made up for once a newer commit no longer holds it.
    private func version(of place: String, _ fleet: FleetVersions) -> String? {
        let (revision, target) = (fleet.revision(on: place), fleet.target.revision.id)
        // Seen by this controller, whatever somebody else did before.
        if revision == target, reached.contains(place) { return target }
        guard !isOvertaken else { return nil }
        guard revision == target, goodRevision != target else { return revision }
        return rolling.touched.contains(place) ? nil : rolling.places[place]?.former
    }

    private func record(of revision: String, along course: RolloutCourse?) -> RolloutRecord? {
        guard let course, !course.batches.isEmpty else { return nil }
        return RolloutRecord(
            revision: revision, group: course.title(ofGroup: 0),
            batchCount: course.batches.count, since: seconds)
    }

    /// The trees that a place may come back to.
    private func keepTrees(_ rolling: inout Rolling) {
        let needed = Set(rolling.places.values.flatMap { [$0.revision, $0.former] })
        rolling.trees = rolling.trees.filter { needed.contains($0.key) }
    }

    /// Takes up a rollout that an earlier controller was at.
    func beginRollout(of target: DesiredState) async throws(Failure) {
        let places = try await engine.store.rolloutPlaces()
        guard !places.isEmpty, let settings = target.settings.rollout else { return }
        var rolling = Rolling()
        rolling.places = places
        if isOvertaken {
            rolling.places = places.mapValues {
                $0.revision == target.revision.id ? $0 : PlaceVersion(revision: nil)
            }
        }
        for revision in Set(places.values.flatMap { [$0.revision, $0.former] }.compactMap(\.self))
        where revision != target.revision.id {
            rolling.trees[revision] = try? await load(revision).desired
        }
        rolling.course = RolloutCourse(
            settings, servers: RolloutCourse.labels(in: target.resources),
            changing: Set(places.keys))
        let known = try await engine.store.rollout()
        let record =
            known?.revision == target.revision.id
            ? known : record(of: target.revision.id, along: rolling.course)
        rolling.record = record
        rolling.touched = try await touched(by: target.revision.id)
        rolling.begun = clock.now
        if let end = record?.pausedUntil {
            // The clock may have been set meanwhile.
            let left = min(max(0, end - seconds), settings.pauseSeconds)
            rolling.pauseEnd = clock.now + .seconds(left)
        }
        self.rolling = rolling
    }

    /// The servers on which something of a commit has been begun, as the journal has it.
    func touched(by revision: String) async throws(Failure) -> Set<String> {
        Set(try await engine.store.lastSteps(of: revision).map(\.server))
    }

    /// Has a rollout that was stopped tried again.
    ///
    /// - Returns: its commit; nil when none was stopped.
    package func retryRollout() async throws(Failure) -> String? {
        guard let target, var record = rolling.record, record.state != .rolling,
            let course = rolling.course
        else { return nil }
        let failed = conditions.values.filter {
            [.stalled, .unhealthy].contains($0.state) && $0.revision == target.revision.id
                && $0.subject != "source"
        }
        try await settle([], clearing: failed.map(\.subject))
        record.state = .rolling
        record.batches =
            course.batches.firstIndex { batch in
                batch.places.contains { rolling.places[$0]?.revision != target.revision.id }
            } ?? course.batches.count
        record.message = nil
        record.undoing = []
        record.undone = nil
        record.pausedUntil = nil
        record.since = seconds
        rolling.undone = []
        rolling.turn(at: clock.now)
        rolling.record = record
        try await keepRollout("retried", "")
        reached.subtract(rolling.released)
        due.formUnion(rolling.released)
        await alarm.ring()
        return record.revision
    }

    /// Does what is due of a rollout.
    func advanceRollout() async throws(Failure) {
        guard let target, let record = rolling.record, let course = rolling.course,
            record.revision == target.revision.id
        else { return }
        switch record.state {
        case .rolling:
            guard record.batches > 0 else { return try await release(0, of: course, target) }
            try await roll(record, course, target)
        case .reverting: try await finishUndoing(record)
        case .reverted: try await followUndoing(record)
        case .stopped: return
        }
    }
}
