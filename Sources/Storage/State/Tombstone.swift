package import Resources

/// What stays of a resource that was removed, until one of the same address is applied again.
package struct Tombstone: Sendable, Equatable {
    package var address: Address
    package var kind: KindName
    package var server: String
    /// As the inventory kept it; see `InventoryEntry.declaration`.
    package var declaration: [UInt8]
    /// The id of the revision that no longer had it.
    package var revision: String
    /// Seconds since 1970.
    package var removedAt: Int
    /// The run that removed it.
    package var run: Int
}
