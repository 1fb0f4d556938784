/// What the inventory records of a resource: the only evidence on which anything is ever deleted.
package struct InventoryEntry: Sendable, Equatable {
    /// How the resource came under Stead's care.
    package enum Origin: String, Sendable, Codable {
        /// Stead wrote it.
        case applied
        /// It was there already, as desired. Left in place when its document goes.
        case found
    }

    package var address: Address
    package var kind: KindName
    package var server: String
    /// Canonical JSON of the kind's `Desired`, contents as digests; empty when not asked for.
    package var declaration: [UInt8]
    /// What was desired when it was last applied.
    package var desiredDigest: Digest
    /// What the second look saw then; see `Assessment.observedDigest`.
    package var observedDigest: Digest
    package var origin: Origin
    /// The revision's id.
    package var revision: String
    /// Seconds since 1970.
    package var appliedAt: Int

    package init(
        address: Address, kind: KindName, server: String, declaration: [UInt8],
        desiredDigest: Digest, observedDigest: Digest, origin: Origin, revision: String,
        appliedAt: Int
    ) {
        self.address = address
        self.kind = kind
        self.server = server
        self.declaration = declaration
        self.desiredDigest = desiredDigest
        self.observedDigest = observedDigest
        self.origin = origin
        self.revision = revision
        self.appliedAt = appliedAt
    }
}
