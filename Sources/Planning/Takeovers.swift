import Resources

/// Resources that git now declares under another name.
///
/// What one wrote under its old name must not be deleted from under the new one.
struct Takeovers {
    /// Who took over, by the address that has left git.
    private(set) var owners: [Address: Address] = [:]
    /// What the inventory holds of the same thing, by the address that git declares.
    private(set) var predecessors: [Address: InventoryEntry] = [:]

    init(_ input: PlanInput, _ entries: [Address: InventoryEntry]) {
        guard !input.removals.isEmpty else { return }
        var places: [Place: any Resource] = [:]
        for resource in input.resources {
            for place in Place.all(of: resource) { places[place] = resource }
        }
        for removal in input.removals {
            let owner = Place.all(of: removal).lazy.compactMap { places[$0] }.first
            guard let owner else { continue }
            owners[removal.address] = owner.address
            guard owner.kind == removal.kind, let entry = entries[removal.address] else { continue }
            predecessors[owner.address] = entry
        }
    }

    /// A path or a unit on one server.
    private struct Place: Hashable {
        let claim: Claim
        let server: String

        /// Domains are left out: two files may speak of one domain.
        static func all(of resource: any Resource) -> [Place] {
            resource.claims.filter { $0.space != .domain }.map {
                Place(claim: $0, server: resource.server)
            }
        }
    }
}
