package import Resources

/// What a resource was last seen as.
package struct ObservedResource: Sendable, Equatable {
    package var address: Address
    /// See `Assessment.observedDigest`.
    package var digest: Digest
    /// Canonical JSON, without contents; nil when nothing was there.
    package var body: [UInt8]?
    /// Seconds since 1970.
    package var observedAt: Int
    /// The run that looked; nil for a plan or a round of the controller.
    package var run: Int?

    package init(
        address: Address, digest: Digest, body: [UInt8]?, observedAt: Int, run: Int? = nil
    ) {
        self.address = address
        self.digest = digest
        self.body = body
        self.observedAt = observedAt
        self.run = run
    }
}
