import Planning
import Resources
import Storage

/// The rollout under way, as the controller holds it: what the state keeps, and what a moment does.
struct Rolling {
    /// Nil when the commit in force has had its turn everywhere.
    var record: RolloutRecord?
    /// The places that it is about; see `FleetVersions`.
    var places: [String: PlaceVersion] = [:]
    var course: RolloutCourse?
    /// Trees of the commits that are in force besides the target, or were before it.
    var trees: [String: DesiredState] = [:]
    /// Places on which a run of this commit has done something.
    var touched: Set<String> = []
    /// Places whose changes are undone.
    var undone: Set<String> = []

    /// When the batch had its turn.
    var begun: ContinuousClock.Instant?
    /// A look at the health of what has had its turn.
    var look: Task<Void, Never>?
    /// When that was last good.
    var examined: ContinuousClock.Instant?
    var pauseEnd: ContinuousClock.Instant?

    /// How often health is looked at during a pause.
    static let lookInterval = Duration.seconds(5)
    /// A place that has not answered for so long counts as one that can't be reached.
    static let longestLook = Duration.seconds(30)

    /// Forgets what a batch's moment was like, for the next one.
    mutating func turn(at instant: ContinuousClock.Instant) {
        look?.cancel()
        look = nil
        begun = instant
        examined = nil
        pauseEnd = nil
    }

    /// The places of the rollout that the commit is in force on.
    var released: Set<String> {
        guard let record else { return [] }
        return Set(places.filter { $0.value.revision == record.revision }.keys)
    }

    /// Whether the commit in force is so on a place.
    func isReleased(_ place: String) -> Bool {
        guard let record else { return true }
        return places[place].map { $0.revision == record.revision } ?? true
    }

    /// The places of a group that the commit is in force on.
    func released(inGroup group: Int) -> Set<String> {
        released.intersection(course?.groups[group].places ?? [])
    }

    /// The group of a place, and the batch.
    func batch(of place: String) -> RolloutCourse.Batch? {
        course?.batches.first { $0.places.contains(place) }
    }
}
