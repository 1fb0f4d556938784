import Diagnostics
import Resources

/// Where a run writes down each step, before it runs and after.
protocol StepJournal: Sendable {
    func started(_ address: Address, step: String) async throws(Failure)
    func finished(_ address: Address, step: String, _ state: StepState, message: String?)
        async throws(Failure)
}

/// How a journalled step ended.
enum StepState: Sendable {
    case succeeded
    case failed
    /// It succeeded, and its transaction was then taken back.
    case undone
    /// Not run, because an earlier step failed.
    case skipped
}
