import Diagnostics
import Resources

/// What the inventory holds and git no longer declares.
extension Planner {
    mutating func considerRemovals() {
        let removals = Dictionary(
            input.removals.map { ($0.address, $0) }, uniquingKeysWith: { first, _ in first })
        let order = ExecutionOrder(input.removals)
        let left = entries.values.filter {
            servers[$0.address] == nil && input.selection.includes($0.address, on: $0.server)
        }
        let ranked = left.sorted {
            (-order.rank($0.address), $0.address) < (-order.rank($1.address), $1.address)
        }
        for entry in ranked { consider(entry, removals[entry.address]) }
        rest.deletesElsewhere = entries.values.count { entry in
            servers[entry.address] == nil && entry.origin == .applied
                && entry.address.kind != "server" && takeovers.owners[entry.address] == nil
                && input.selection.leavesOut(entry.address, on: entry.server)
                && input.protections.revision(protecting: entry.address) == nil
        }
        rest.deletesElsewhere += entries.values.count { entry in
            input.leaving.contains(entry.address) && entry.origin == .applied
                && entry.address.kind != "server"
        }
    }

    private mutating func consider(_ entry: InventoryEntry, _ resource: (any Resource)?) {
        guard entry.address.kind != "server" else { return considerServer(entry) }
        guard input.servers.contains(entry.server) else {
            return leave(
                entry, "its server \(entry.server) is no longer declared",
                fix: "put the server's document back, so that this can be deleted there; or, if "
                    + "the server is gone for good, `stead forget \(entry.server)`")
        }
        guard let resource else {
            return leave(entry, "this version can't read what the inventory holds of it")
        }
        if let owner = takeovers.owners[entry.address] {
            guard !waits(entry, for: owner) else { return }
            rest.forgotten.append(.init(entry, .takenOver, by: owner))
            return
        }
        guard entry.origin == .applied else {
            rest.forgotten.append(.init(entry, .found))
            return
        }
        switch input.sights[entry.address] {
        case nil: leave(entry, "it was not looked at")
        case .unknown(.refused(let report)):
            rest.refused.append(.init(entry.address, server: entry.server, report))
        case .unknown(let failure):
            rest.unknown.append(.init(entry.address, server: entry.server, failure.report))
        case .seen(let assessment): remove(entry, resource, assessment)
        }
    }

    private mutating func remove(
        _ entry: InventoryEntry, _ resource: any Resource, _ assessment: Assessment
    ) {
        let isUnfinished = input.unfinished.contains(entry.address)
        let judgement = Judgement(
            removal: entry, assessment: assessment, isUnfinished: isUnfinished)
        guard let judgement else {
            rest.forgotten.append(.init(entry, .gone))
            return
        }
        guard !assessment.exists || !refuses(entry) else { return }
        let notes =
            (entry.address.successor.map { ["left behind by \($0)"] } ?? [])
            + interruption(assessment, isUnfinished: isUnfinished)
            + input.guarding.notes(on: resource)
        let change = PlannedChange(
            resource, judgement, assessment, losses: losses(assessment), notes: notes)
        if let change = permitted(change) { deletes.append(change) }
    }

    /// A server is only a connection: there is nothing to delete.
    ///
    /// It stays in the inventory as long as something on it does.
    private mutating func considerServer(_ entry: InventoryEntry) {
        let others = input.inventory.count {
            $0.server == entry.address.name && $0.address != entry.address
        }
        guard others > 0 else {
            rest.forgotten.append(.init(entry, .serverRemoved))
            return
        }
        leave(entry, UndeclaredServer.report(entry.address.name, keeping: others))
    }

    private mutating func leave(_ entry: InventoryEntry, _ reason: String, fix: String? = nil) {
        leave(entry, .init(reason, fix: fix))
    }

    private mutating func leave(_ entry: InventoryEntry, _ report: Failure.Report) {
        rest.unknown.append(.init(entry.address, server: entry.server, report))
    }
}
