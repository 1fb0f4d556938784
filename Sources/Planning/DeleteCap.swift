package import Resources

/// How many deletes one run may make by itself.
package struct DeleteCap: Sendable, Equatable, Codable {
    /// The larger of the policy's number and a tenth of what is owned.
    package let limit: Int
    /// `policy.maxDeletes`.
    package let maxDeletes: Int
    /// How many resources the inventory records as applied by Stead.
    package let owned: Int

    package init(policy: Settings.Policy, inventory: [InventoryEntry]) {
        owned = inventory.count { $0.origin == .applied }
        maxDeletes = policy.maxDeletes
        limit = max(policy.maxDeletes, owned / 10)
    }

    /// The deletes among `changes` when they are more than the limit and more than a person
    /// allowed; else nil. With them count the deletes that are due where this plan does not look:
    /// the same commit is not let through in small pieces.
    package func holding(
        _ changes: [PlannedChange], elsewhere: Int = 0, allowed: Int?
    ) -> HeldDeletes? {
        let own = changes.count { $0.removesSomething }
        let count = own + elsewhere
        guard own > 0, count > limit, count > allowed ?? 0 else { return nil }
        return HeldDeletes(count: count, limit: limit, allowed: allowed)
    }
}

/// Too many deletes for one run: nothing of the plan is applied until a person allows the number.
package struct HeldDeletes: Sendable, Equatable, Codable {
    package let count: Int
    package let limit: Int
    /// What was allowed, if anything was.
    package let allowed: Int?

    /// The flag that lets the run go on.
    package var flag: String { "--allow-delete \(count)" }
}
