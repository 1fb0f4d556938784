import Planning
import Resources
import Storage

/// What a run is to do on one host, or in one app's databases.
struct HostWork: Sendable {
    var place: Place
    /// In the plan's order.
    var items: [WorkItem]
}

extension [HostWork] {
    /// The work that waits for no other host, and then the work that does.
    var waves: [[HostWork]] {
        let servers = Dictionary(
            flatMap(\.items).map { ($0.address, $0.change.server) },
            uniquingKeysWith: { first, _ in first })
        func waits(_ item: WorkItem) -> Bool {
            item.resource.dependencies.contains { dependency in
                servers[dependency].map { $0 != item.change.server } ?? false
            }
        }
        return [filtered { !waits($0) }, filtered(waits)].filter { !$0.isEmpty }
    }

    private func filtered(_ isIncluded: (WorkItem) -> Bool) -> [HostWork] {
        compactMap { work in
            let items = work.items.filter(isIncluded)
            return items.isEmpty ? nil : HostWork(place: work.place, items: items)
        }
    }
}

/// One change of a plan, with the resource it changes.
struct WorkItem: Sendable {
    var resource: any Resource
    var change: PlannedChange
    var intent: Intent
    /// As the planned look demanded them; journalled before anything runs.
    var steps: [Step]
    /// What its delete leaves behind, if it is one.
    var quarantine: QuarantineEntry?

    var address: Address { resource.address }

    /// The transaction its steps belong to, if they belong to one.
    var transaction: Transaction? { steps.lazy.compactMap(\.transaction).first }
}
