/// One step of a run, as far as it got.
package struct JournalEntry: Sendable, Equatable {
    /// How far a step got.
    package enum State: String, Sendable, Codable {
        case planned, started, succeeded, failed
        /// Was done, and taken back with its transaction.
        case undone
        /// Was not begun: one before it failed, or the run was stopped.
        case skipped
        /// A later run has planned its resource anew.
        case superseded
    }

    /// How a step ended.
    package enum Ending: String, Sendable {
        case succeeded, failed, undone, skipped
    }

    package var id: StepID
    package var planned: PlannedStep
    package var state: State
    /// What the command said, redacted, at most 4 KiB.
    package var message: String?
    /// Seconds since 1970.
    package var startedAt: Int?
    /// Seconds since 1970.
    package var finishedAt: Int?
}
