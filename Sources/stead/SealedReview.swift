import Controlling
import Planning
import Resources

/// A sealed plan held against a fresh look: what may still be applied, and what has moved.
struct SealedReview {
    /// A change of the sealed plan that is no longer true.
    struct Refusal {
        var change: PlannedChange
        var now: Sight?
    }

    let changes: [PlannedChange]
    let refused: [Refusal]

    /// `sealed` is nil for a plan that was only just made, of which everything may be applied.
    init(prepared: PreparedPlan, sealed: Plan?) {
        guard let sealed else {
            changes = prepared.plan.changes
            refused = []
            return
        }
        let fresh = Dictionary(
            prepared.plan.changes.map { ($0.address, $0) }, uniquingKeysWith: { first, _ in first })
        var changes: [PlannedChange] = []
        var refused: [Refusal] = []
        for change in sealed.changes {
            let now = fresh[change.address]
            if let now, now.observedDigest == change.observedDigest,
                now.desiredDigest == change.desiredDigest, now.removes == change.removes
            {
                changes.append(now)
            } else {
                refused.append(Refusal(change: change, now: prepared.sight(of: change.address)))
            }
        }
        self.changes = changes
        self.refused = refused
    }
}

extension PlannedChange {
    fileprivate var removes: Bool { action == .delete }
}
