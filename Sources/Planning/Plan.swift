package import FoundationEssentials
package import Resources

/// All changes for one revision, in the order in which they will be made.
///
/// Its encoding is the stable JSON of `stead plan --format json`, documented in `docs/json.md`.
package struct Plan: Sendable, Equatable, Codable {
    /// The form that this version writes and reads.
    package static let currentFormat = 1

    package let format: Int
    /// Identifies what will be done to what; see `Plan.identity(of:_:)`.
    package private(set) var id: Digest
    package let revision: Revision
    /// Where the tree was read from, without credentials.
    package let source: String
    /// Whole seconds.
    package let createdAt: Date
    /// The patterns of `--only`; empty for a plan of everything.
    package let only: [String]
    /// What apply does, and nothing else: dependencies first, deletes last.
    package private(set) var changes: [PlannedChange]
    /// What was seen and can't become what is asked, by address.
    package private(set) var refused: [Unknown]
    /// Changes that are due and not made, as a policy denies them; in the order of `changes`.
    package private(set) var denied: [Denied]
    /// By address.
    package private(set) var unknown: [Unknown]
    /// What a person should know of resources, whether they change or not, by address.
    package private(set) var remarks: [Remarked]
    /// Resources that leave the inventory without anything being done to a host, by address.
    package private(set) var forgotten: [Forgotten]
    /// What is as desired, by address.
    package private(set) var unchanged: [Address]
    /// The unchanged resources that their hosts spell in another way, by address.
    package private(set) var normalised: [Normalised]
    package private(set) var counts: Counts
    package let deleteCap: DeleteCap
    /// In which order the changes reach their places; nil for all at once.
    package private(set) var rollout: PlannedRollout?
    /// Why this plan may not be applied as it is; nil when its deletes are few enough.
    package private(set) var deletesHeld: HeldDeletes?

    /// Takes the changes in order of execution; sorts the other parts, counts them all and gives
    /// the plan its id.
    init(_ input: PlanInput, changes: [PlannedChange], rest: Rest) {
        format = Self.currentFormat
        id = Self.identity(of: input.revision, changes)
        revision = input.revision
        source = Redactor.redactedMessage(input.source)
        createdAt = Date(timeIntervalSince1970: input.now.timeIntervalSince1970.rounded(.down))
        only = input.selection.patterns
        self.changes = changes
        refused = rest.refused.sorted { $0.address < $1.address }
        denied = rest.denied
        unknown = rest.unknown.sorted { $0.address < $1.address }
        remarks = rest.remarks.sorted { $0.address < $1.address }
        forgotten = rest.forgotten.sorted { $0.address < $1.address }
        unchanged = rest.unchanged.sorted()
        normalised = rest.normalised.sorted { $0.address < $1.address }
        counts = Counts(
            changes, refused: refused.count, denied: denied.count, unknown: unknown.count,
            unchanged: unchanged.count)
        rollout = input.rollout.flatMap { PlannedRollout($0, input.resources, changes) }
        deleteCap = DeleteCap(policy: input.policy, inventory: input.inventory)
        deletesHeld = deleteCap.holding(
            changes, elsewhere: rest.deletesElsewhere, allowed: input.allowedDeletes)
    }

    /// What a plan has besides its changes.
    struct Rest {
        var refused: [Unknown] = []
        var denied: [Denied] = []
        var unknown: [Unknown] = []
        var remarks: [Remarked] = []
        var forgotten: [Forgotten] = []
        var unchanged: [Address] = []
        var normalised: [Normalised] = []
        /// How many deletes are due at places that this plan leaves out.
        var deletesElsewhere = 0
    }

    /// The same plan of some of its changes alone, under an id of its own.
    package func narrowed(to changes: [PlannedChange]) -> Plan {
        var part = self
        part.id = Self.identity(of: revision, changes)
        part.changes = changes
        part.refused = []
        part.denied = []
        part.unknown = []
        part.remarks = []
        part.forgotten = []
        part.unchanged = []
        part.normalised = []
        part.counts = Counts(changes, refused: 0, denied: 0, unknown: 0, unchanged: 0)
        part.rollout = nil
        part.deletesHeld = nil
        return part
    }

    /// What the plan says of some places alone; its id, its counts and what holds it stay those of
    /// the whole.
    ///
    /// - Parameters:
    ///   - servers: their names.
    ///   - addresses: the resources on them.
    /// - Returns: a part that is not for a person to approve.
    package func part(on servers: Set<String>, of addresses: Set<Address>) -> Plan {
        var part = self
        part.changes.removeAll { !servers.contains($0.server) }
        part.refused.removeAll { !servers.contains($0.server) }
        part.denied.removeAll { !servers.contains($0.change.server) }
        part.unknown.removeAll { !servers.contains($0.server) }
        part.remarks.removeAll { !addresses.contains($0.address) }
        part.forgotten.removeAll { !servers.contains($0.server) }
        part.unchanged.removeAll { !addresses.contains($0) }
        part.normalised.removeAll { !addresses.contains($0.address) }
        return part
    }

    /// Whether there is anything that apply would do.
    package var hasChanges: Bool { !changes.isEmpty }

    /// Why the plan may not be applied when a person allows `allowed` deletes; nil when it may.
    package func deletesHeld(allowing allowed: Int?) -> HeldDeletes? {
        deleteCap.holding(changes, allowed: allowed)
    }
}
