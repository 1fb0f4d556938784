package import Resources

/// What a delete leaves behind for a while.
package struct QuarantineEntry: Sendable, Equatable {
    /// Names its folder on the host: the same for every attempt at the same delete.
    package var id: String
    package var address: Address
    package var kind: KindName
    package var server: String
    /// As the inventory kept it; see `InventoryEntry.declaration`.
    package var declaration: [UInt8]
    package var desiredDigest: Digest
    /// The revision that was in force when it was last applied.
    package var revision: String
    /// Seconds since 1970.
    package var appliedAt: Int
    /// What is kept.
    package var losses: [Loss]
    /// How long it is kept.
    package var keptSeconds: Int
    /// When the delete was begun, in seconds since 1970.
    package var notedAt: Int
    /// Seconds since 1970; nil while nobody has seen that it is gone.
    package var deletedAt: Int?
    /// Seconds since 1970; nil for what is still kept.
    package var restoredAt: Int?

    /// What a delete of a resource leaves behind.
    package init(
        of entry: InventoryEntry, losses: [Loss], keptSeconds: Int, notedAt: Int
    ) {
        id = String(
            Digest(
                of: "\(entry.address) \(entry.server) \(entry.desiredDigest) \(entry.appliedAt)"
            ).hexadecimal.prefix(20))
        address = entry.address
        kind = entry.kind
        server = entry.server
        declaration = entry.declaration
        desiredDigest = entry.desiredDigest
        revision = entry.revision
        appliedAt = entry.appliedAt
        self.losses = losses
        self.keptSeconds = keptSeconds
        self.notedAt = notedAt
    }

    /// Seconds since 1970.
    package var keptUntil: Int { (deletedAt ?? notedAt) + keptSeconds }
}
