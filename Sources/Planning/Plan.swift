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
    package let id: Digest
    package let revision: Revision
    /// Where the tree was read from, without credentials.
    package let source: String
    /// Whole seconds.
    package let createdAt: Date
    /// The patterns of `--only`; empty for a plan of everything.
    package let only: [String]
    /// What apply does, and nothing else: dependencies first, deletes last.
    package let changes: [PlannedChange]
    /// What was seen and can't become what is asked, by address.
    package let refused: [Unknown]
    /// Changes that are due and not made, as a policy denies them; in the order of `changes`.
    package let denied: [Denied]
    /// By address.
    package let unknown: [Unknown]
    /// What a person should know of resources, whether they change or not, by address.
    package let remarks: [Remarked]
    /// Resources that leave the inventory without anything being done to a host, by address.
    package let forgotten: [Forgotten]
    /// What is as desired, by address.
    package let unchanged: [Address]
    /// The unchanged resources that their hosts spell in another way, by address.
    package let normalised: [Normalised]
    package let counts: Counts
    package let deleteCap: DeleteCap
    /// In which order the changes reach their places; nil for all at once.
    package let rollout: PlannedRollout?
    /// Why this plan may not be applied as it is; nil when its deletes are few enough.
    package let deletesHeld: HeldDeletes?

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
        Plan(self, changes: changes)
    }

    private init(_ whole: Plan, changes: [PlannedChange]) {
        format = whole.format
        id = Self.identity(of: whole.revision, changes)
        revision = whole.revision
        source = whole.source
        createdAt = whole.createdAt
        only = whole.only
        self.changes = changes
        refused = []
        denied = []
        unknown = []
        remarks = []
        forgotten = []
        unchanged = []
        normalised = []
        counts = Counts(changes, refused: 0, denied: 0, unknown: 0, unchanged: 0)
        rollout = nil
        deleteCap = whole.deleteCap
        deletesHeld = nil
    }

    /// Whether there is anything that apply would do.
    package var hasChanges: Bool { !changes.isEmpty }

    /// Why the plan may not be applied when a person allows `allowed` deletes; nil when it may.
    package func deletesHeld(allowing allowed: Int?) -> HeldDeletes? {
        deleteCap.holding(changes, allowed: allowed)
    }
}
