package import Diagnostics
package import Resources

/// Everything a person may want to know while a run goes on. What is printed, and where, is the
/// reader's business.
package enum RunEvent: Sendable {
    /// A host has answered a look, or failed to.
    case hostObserved(server: String, failure: Failure?)
    case hostStarted(server: String, changes: Int)
    /// The step is journalled as started; it runs next.
    case stepStarted(server: String, address: Address, step: String)
    /// The step has run; its result is not journalled yet.
    case stepRan(server: String, address: Address, step: String)
    /// The step's result is journalled.
    case stepFinished(server: String, address: Address, step: String, isSuccess: Bool)
    /// Every step of a transaction is written; it is tested and put in force next.
    case transactionTested(server: String, transaction: String, isSuccess: Bool)
    case transactionUndone(server: String, transaction: String, reason: String)
    /// The host undoes what comes next, unless it is confirmed in time.
    case guardArmed(server: String, seconds: Int)
    /// A new connection has confirmed it.
    case guardConfirmed(server: String)
    /// The host has undone it, or is left to.
    case guardUndone(server: String, reason: String)
    /// A rollout has come to these places.
    case rolloutTurn(group: String, places: [String])
    case outcome(server: String, address: Address, Outcome)
    case hostFinished(server: String, applied: Int, failed: Int)
    /// What the hosts did is recorded in the state.
    case recorded(server: String)
    /// A round has looked at these places and done what was due, so long after its start.
    case settled(servers: Set<String>, seconds: Double)
}
