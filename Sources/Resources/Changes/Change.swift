/// What a kind gets to decide its steps.
package struct Change<K: Kind>: Sendable {
    package var address: Address
    package var facts: HostFacts
    package var observed: K.Observation?
    /// Nil when the resource is to be deleted.
    package var desired: K.Desired?
    /// What is (or was) declared: for a delete, the last that was applied.
    package var declared: K.Desired
    /// True when an earlier run was interrupted after it wrote and before its last steps
    /// succeeded: steps that leave no trace are due even if nothing differs.
    package var isUnfinished: Bool

    package init(
        address: Address, facts: HostFacts, observed: K.Observation?, desired: K.Desired?,
        declared: K.Desired, isUnfinished: Bool
    ) {
        self.address = address
        self.facts = facts
        self.observed = observed
        self.desired = desired
        self.declared = declared
        self.isUnfinished = isUnfinished
    }
}
