/// One run, as the history shows it.
package struct RunRecord: Sendable, Equatable {
    /// How a run ended, or that it has not.
    package enum Outcome: String, Sendable, Codable {
        case running, succeeded, failed
        /// Some resources are as desired, and some failed.
        case partial
        /// Its process was killed.
        case interrupted
    }

    /// Increasing, never given twice.
    package var id: Int
    package var start: RunStart
    /// Seconds since 1970.
    package var startedAt: Int
    /// Seconds since 1970; nil for one that has not ended, or was interrupted and nobody has
    /// noticed so far.
    package var finishedAt: Int?
    package var outcome: Outcome
    package var counts: RunCounts
}
