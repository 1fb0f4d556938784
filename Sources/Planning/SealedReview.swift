package import Resources

/// A sealed plan held against a plan of now: what may still be applied, and what has moved.
package struct SealedReview {
    /// A change of the sealed plan that is no longer true.
    package struct Refusal {
        package let change: PlannedChange
        /// What is seen of the resource now; nil for one that is no longer looked at.
        package let now: Sight?
        /// What it depends on, and is refused; nil for a change that has moved itself.
        package let cause: Address?
    }

    /// As they are planned now, in the order of the sealed plan.
    package let changes: [PlannedChange]
    package let refused: [Refusal]

    /// - Parameters:
    ///   - sealed: What was reviewed; nil for a plan that was only just made, of which everything
    ///     may be applied.
    ///   - now: The plan of now.
    ///   - sight: What was seen of a resource for it.
    package init(of sealed: Plan?, against now: Plan, sight: (Address) -> Sight?) {
        guard let sealed else {
            changes = now.changes
            refused = []
            return
        }
        let fresh = Dictionary(
            now.changes.map { ($0.address, $0) }, uniquingKeysWith: { first, _ in first })
        var changes: [PlannedChange] = []
        var refused: [Refusal] = []
        for change in sealed.changes {
            let cause = change.dependencies.first { dependency in
                refused.contains { $0.change.address == dependency }
            }
            if cause == nil, let now = fresh[change.address], now.does(what: change) {
                changes.append(now)
            } else {
                refused.append(
                    Refusal(change: change, now: sight(change.address), cause: cause))
            }
        }
        self.changes = changes
        self.refused = refused
    }
}

extension PlannedChange {
    /// Whether this takes a host from the same to the same.
    fileprivate func does(what other: PlannedChange) -> Bool {
        observedDigest == other.observedDigest && desiredDigest == other.desiredDigest
            && (action == .delete) == (other.action == .delete)
    }
}
