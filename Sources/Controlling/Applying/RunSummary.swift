package import Resources
package import Storage

/// How a run ended.
package struct RunSummary: Sendable {
    /// The run's number.
    package var run: Int
    package var outcome: RunRecord.Outcome
    package var counts: RunCounts
    package var outcomes: [Address: Outcome]
    /// Why a rollout stopped before its end; nil where it did not.
    package var rollout: RolloutEnd?

    package init(
        run: Int, outcome: RunRecord.Outcome, counts: RunCounts, outcomes: [Address: Outcome]
    ) {
        self.run = run
        self.outcome = outcome
        self.counts = counts
        self.outcomes = outcomes
    }

    /// What this run and the next one of the same rollout came to.
    func followed(by next: RunSummary) -> RunSummary {
        let isSame = outcome == next.outcome
        var result = RunSummary(
            run: next.run, outcome: isSame ? outcome : .partial, counts: counts,
            outcomes: outcomes.merging(next.outcomes) { $1 })
        result.counts.created += next.counts.created
        result.counts.updated += next.counts.updated
        result.counts.deleted += next.counts.deleted
        result.counts.drifted += next.counts.drifted
        result.counts.failed += next.counts.failed
        result.counts.unknown += next.counts.unknown
        result.counts.unchanged += next.counts.unchanged
        return result
    }
}
