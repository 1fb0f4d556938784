import Diagnostics
package import Resources
import Storage

/// What the state keeps, and for whom.
extension Controller {
    /// The settings in force, for what works beside the loop; nil while another controller has the
    /// lease, or no commit is in force.
    package func settingsInForce() -> Settings? { lease == nil ? nil : target?.settings }

    /// Whether the lease is this controller's: what the state says, not what it remembers.
    package func isLeading() async -> Bool {
        guard lease != nil else { return false }
        do throws(Failure) {
            try await engine.store.checkFence()
            return true
        } catch {
            return false
        }
    }

    /// Forgets runs and observations that are older than the settings want them kept.
    func forgetWhatIsOld() async {
        let retention = settings.retention
        let now = seconds
        do throws(Failure) {
            try await engine.store.forgetRuns(endedBefore: now - retention.runsSeconds)
            try await engine.store.forgetObservations(before: now - retention.observationsSeconds)
        } catch {
            tell([
                Occurrence(
                    .failed, "controller", "what is old is still kept: \(error.report.message)",
                    revision: target?.revision.id ?? "", at: now)
            ])
        }
    }
}
