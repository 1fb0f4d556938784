package import Resources

/// What came of one host's part of a run.
package struct RunPart: Sendable {
    /// Resources that are now owned, or owned in another form.
    package var kept: [InventoryEntry] = []
    /// Resources that are gone from their hosts, seen to be so, or that the run gave up.
    package var removed: [Address] = []
    package var observations: [ObservedResource] = []
    package var hosts: [HostSighting] = []
    package var audit: [AuditEvent] = []

    package init() {}
}
