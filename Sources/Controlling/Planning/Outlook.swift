import Planning
import Resources

/// What a look is for: desired state, what the state holds of it, and what is to be seen.
struct Outlook: Sendable {
    let desired: DesiredState
    let request: PlanRequest
    let selection: Selection
    let inventory: [InventoryEntry]
    /// What the inventory holds and git no longer declares.
    let removals: [any Resource]
    /// What the inventory holds of what git declares in another form.
    let previous: [Address: any Resource]
    let unfinished: Set<Address>
    let protections: Protections
    let subjects: [Address: Survey.Subject]

    /// The same for some places alone.
    func narrowed(to servers: Set<String>) -> Outlook {
        Outlook(
            desired: desired, request: request,
            selection: Selection(selection.patterns, servers: servers), inventory: inventory,
            removals: removals, previous: previous, unfinished: unfinished,
            protections: protections,
            subjects: subjects.filter { servers.contains($0.value.resource.server) })
    }
}
