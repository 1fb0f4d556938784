import Planning
import Remote
import Resources

/// What a run is to do on one host.
struct HostWork: Sendable {
    var route: HostRoute
    /// In the plan's order.
    var items: [WorkItem]
}

/// One change of a plan, with the resource it changes.
struct WorkItem: Sendable {
    var resource: any Resource
    var change: PlannedChange
    var intent: Intent
    /// As the planned look demanded them; journalled before anything runs.
    var steps: [Step]

    var address: Address { resource.address }

    /// The transaction its steps belong to, if they belong to one.
    var transaction: Transaction? { steps.lazy.compactMap(\.transaction).first }
}
