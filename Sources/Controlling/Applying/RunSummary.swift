package import Resources
package import Storage

/// How a run ended.
package struct RunSummary: Sendable {
    /// The run's number.
    package var run: Int
    package var outcome: RunRecord.Outcome
    package var counts: RunCounts
    package var outcomes: [Address: Outcome]

    package init(
        run: Int, outcome: RunRecord.Outcome, counts: RunCounts, outcomes: [Address: Outcome]
    ) {
        self.run = run
        self.outcome = outcome
        self.counts = counts
        self.outcomes = outcomes
    }
}
