/// Which resources are never deleted, as the state says: whoever takes a document away takes its
/// `protect: true` along, and so that can't be what counts.
package struct Protections: Sendable, Equatable {
    /// What the state says of one address.
    package enum Record: Sendable, Equatable {
        /// Protected since a revision, by its id.
        case since(revision: String)
        /// A person said that it may go.
        case lifted
    }

    /// Nothing is protected.
    package static let nothing = Protections([:])

    private let records: [Address: Record]

    package init(_ records: [Address: Record]) {
        self.records = records
    }

    /// The revision that a resource has been protected since; nil for one that is not.
    ///
    /// The place that a resource has left is as protected as the resource.
    package func revision(protecting address: Address) -> String? {
        switch records[address] ?? address.successor.flatMap({ records[$0] }) {
        case .since(let revision): revision
        case .lifted, nil: nil
        }
    }

    /// What an address itself has on record.
    package subscript(address: Address) -> Record? { records[address] }
}
