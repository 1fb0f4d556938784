/// Where a step stands in the journal.
package struct StepID: Sendable, Hashable {
    package var run: Int
    /// Counts the run's steps from 1, in the order they were planned.
    package var sequence: Int

    package init(run: Int, sequence: Int) {
        self.run = run
        self.sequence = sequence
    }
}
