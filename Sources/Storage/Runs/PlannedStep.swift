package import Resources

/// A step of a run before anything has been done.
package struct PlannedStep: Sendable, Equatable {
    package var address: Address
    package var server: String
    /// See `Step.id`.
    package var step: String
    /// See `Step.leavesTrace`.
    package var leavesTrace: Bool
    /// The id of the transaction it belongs to, if any.
    package var transaction: String?

    package init(
        address: Address, server: String, step: String, leavesTrace: Bool = true,
        transaction: String? = nil
    ) {
        self.address = address
        self.server = server
        self.step = step
        self.leavesTrace = leavesTrace
        self.transaction = transaction
    }

    /// A resource's step, its command left out.
    package init(_ step: Step, of address: Address, on server: String) {
        self.init(
            address: address, server: server, step: step.id, leavesTrace: step.leavesTrace,
            transaction: step.transaction?.id)
    }
}
