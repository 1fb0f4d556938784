package import FoundationEssentials
package import Resources

/// Everything a plan is made of.
package struct PlanInput: Sendable {
    package var revision: Revision
    /// Where the tree was read from, as the person wrote it, without credentials.
    package var source: String
    /// What git declares.
    package var resources: [any Resource]
    /// The servers that git declares, by name.
    package var servers: Set<String>
    package var inventory: [InventoryEntry]
    /// What the inventory holds and git no longer declares, made resources again.
    ///
    /// Their sights were assessed with `Intent(isRemoval: true)`.
    package var removals: [any Resource]
    /// What the inventory holds of resources that git still declares, made resources again; only
    /// needed where the desired digest has changed.
    ///
    /// Tells what a resource has given up.
    package var previous: [Address: any Resource]
    /// What was seen.
    ///
    /// A resource without a sight is unknown.
    package var sights: [Address: Sight]
    /// Resources for which an earlier run still owes steps.
    package var unfinished: Set<Address>
    package var selection: Selection
    package var policy: Settings.Policy
    /// What the tree's policies say of changes.
    package var policies: ChangePolicies
    /// The number of deletes that a person allowed, if one did.
    package var allowedDeletes: Int?
    /// Which changes are guarded.
    package var guarding: Guarding
    /// Declared still, and dropped by git: their deletes are to come.
    package var leaving: Set<Address>
    /// How the changes reach their places; nil for all at once.
    package var rollout: Settings.Rollout?
    /// What is never deleted.
    package var protections: Protections
    /// When changes may be made.
    package var windows: [Settings.Window]
    package var now: Date

    package init(
        revision: Revision, source: String, resources: [any Resource], servers: Set<String>,
        inventory: [InventoryEntry] = [], removals: [any Resource] = [],
        previous: [Address: any Resource] = [:], sights: [Address: Sight],
        unfinished: Set<Address> = [], selection: Selection = .everything,
        policy: Settings.Policy = .init(), policies: ChangePolicies = .init(),
        allowedDeletes: Int? = nil, guarding: Guarding = .nothing,
        leaving: Set<Address> = [], rollout: Settings.Rollout? = nil,
        protections: Protections = .nothing, windows: [Settings.Window] = [], now: Date
    ) {
        self.revision = revision
        self.source = source
        self.resources = resources
        self.servers = servers
        self.inventory = inventory
        self.removals = removals
        self.previous = previous
        self.sights = sights
        self.unfinished = unfinished
        self.selection = selection
        self.policy = policy
        self.policies = policies
        self.allowedDeletes = allowedDeletes
        self.guarding = guarding
        self.leaving = leaving
        self.rollout = rollout
        self.protections = protections
        self.windows = windows
        self.now = now
    }
}
