package import Resources

/// What resources wrote where their documents no longer put them: at another path, or on another
/// server.
///
/// Each such place becomes a removal of its own, under an address of its own, that waits until the
/// resource is in its new place. It enters the inventory when that run begins, so that it is never
/// forgotten, whenever the run ends.
package enum FormerPlaces {
    /// The places that the inventory does not list yet.
    ///
    /// `resources` are what git declares, `previous` is what the inventory holds of them where it
    /// differs.
    package static func entries(
        of resources: [any Resource], previous: [Address: any Resource],
        inventory: [InventoryEntry]
    ) -> [InventoryEntry] {
        let known = Set(inventory.map(\.address))
        let declared = Dictionary(
            resources.map { ($0.address, $0) }, uniquingKeysWith: { first, _ in first })
        return inventory.compactMap { entry in
            guard entry.origin == .applied, let before = previous[entry.address],
                let now = declared[entry.address], hasMoved(from: before, to: now)
            else { return nil }
            var former = entry
            former.address = entry.formerPlace
            return known.contains(former.address) ? nil : former
        }
    }

    /// A resource that shares a place with what it was changes in that place.
    private static func hasMoved(from before: any Resource, to now: any Resource) -> Bool {
        let (old, new) = (places(of: before), places(of: now))
        guard !old.isEmpty, !new.isEmpty else { return false }
        return before.server != now.server || old.isDisjoint(with: new)
    }

    /// Domains are left out: two files may speak of one domain.
    private static func places(of resource: any Resource) -> Set<Claim> {
        Set(resource.claims.filter { $0.space != .domain })
    }
}

extension InventoryEntry {
    /// The address under which what it describes is removed once the resource has moved.
    ///
    /// Of each place its own: the same content may have been left behind on several servers.
    package var formerPlace: Address {
        address.former(Digest(of: "\(server) \(desiredDigest.hexadecimal)"))
    }
}
