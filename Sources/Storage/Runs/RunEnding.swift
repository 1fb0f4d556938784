package import Resources

/// What comes of a run, recorded in one transaction.
package struct RunEnding: Sendable {
    package var outcome: RunRecord.Outcome
    package var counts: RunCounts
    /// Resources that are now owned, or owned in another form.
    package var kept: [InventoryEntry]
    /// Resources that are gone from their hosts, seen to be so.
    package var removed: [Address]
    package var observations: [ObservedResource]
    package var hosts: [HostSighting]
    package var audit: [AuditEvent]

    package init(
        outcome: RunRecord.Outcome, counts: RunCounts, kept: [InventoryEntry] = [],
        removed: [Address] = [], observations: [ObservedResource] = [],
        hosts: [HostSighting] = [], audit: [AuditEvent] = []
    ) {
        self.outcome = outcome
        self.counts = counts
        self.kept = kept
        self.removed = removed
        self.observations = observations
        self.hosts = hosts
        self.audit = audit
    }

    /// All but how it ended.
    var part: RunPart {
        var part = RunPart()
        part.kept = kept
        part.removed = removed
        part.observations = observations
        part.hosts = hosts
        part.audit = audit
        return part
    }
}
