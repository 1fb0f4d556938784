package import FoundationEssentials
package import Resources

/// What a plan is asked for.
package struct PlanRequest: Sendable {
    /// Where the tree was read from, as the person wrote it.
    package var source: String
    /// Patterns of `--only`; empty for everything.
    package var only: [String]
    /// The places to plan for; nil for all.
    package var servers: Set<String>?
    package var allowedDeletes: Int?
    /// Whether a person has changes made that would have to wait for a maintenance window.
    package var ignoresWindows = false
    /// What git has dropped, and is declared still as its place's turn has not come: the deletes
    /// to come count with those of now.
    package var leaving: Set<Address> = []
    /// The fewest deletes that a commit in force before lets a run make; nil for none.
    package var maxDeletes: Int?
    package var now: Date

    package init(
        source: String, only: [String] = [], servers: Set<String>? = nil,
        allowedDeletes: Int? = nil, now: Date = .now
    ) {
        self.source = source
        self.only = only
        self.servers = servers
        self.allowedDeletes = allowedDeletes
        self.now = now
    }
}
