import Planning
import Resources
import Storage

extension WorkItem {
    /// The same, with a first step that keeps what its delete takes away.
    func keeping(
        _ entry: InventoryEntry?, _ losses: [Loss], _ policy: Settings.Policy
    ) -> WorkItem {
        let kept = losses.filter { $0.fate == .quarantine || $0.fate == .putAside }
        guard let entry, change.removesSomething, !kept.isEmpty else { return self }
        var item = self
        let quarantine = QuarantineEntry(
            of: entry, losses: kept, keptSeconds: policy.quarantineSeconds,
            notedAt: Timestamp.now() / 1000)
        item.quarantine = quarantine
        guard !resource.keepsakes.isEmpty else { return item }
        let note = """
            \(address), deleted by Stead from \(change.server)
            last applied from \(entry.revision)
            kept \(policy.quarantineSeconds) seconds from the time in the file `kept` on
            `stead restore \(address)` puts it back
            """
        let step = Step(
            id: PlannedChange.keeping,
            command: KeepsakeCommands(quarantine.id, resource.keepsakes).keep(note: note))
        item.steps.insert(step, at: 0)
        return item
    }
}
