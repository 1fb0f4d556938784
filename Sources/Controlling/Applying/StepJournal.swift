import Diagnostics
import Resources

/// Where a run writes down each step, before it runs and after.
protocol StepJournal: Sendable {
    func started(_ address: Address, step: String) async throws(Failure)
    func finished(_ address: Address, step: String, _ state: StepState, message: String?)
        async throws(Failure)
}

/// How a journalled step ended.
enum StepState: String, Sendable {
    case succeeded
    case failed
    /// It succeeded, and its transaction was then taken back.
    case undone
    /// Not run, because an earlier step failed.
    case skipped
}

/// How a step ended, and what it said.
struct StepEnding: Sendable {
    var state: StepState
    var message: String?
}

/// Something that was done to a host for several resources together.
struct HostDeed: Sendable {
    /// What the audit log calls it: `transaction.committed`.
    var action: String
    /// What it was done with, on its host.
    var subject: String
    /// Why, where it is no success.
    var reason: String?
}
