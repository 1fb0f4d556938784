import Diagnostics
import Resources

/// Changes that policies deny, and those that wait for them.
extension Planner {
    /// The change as the plan lists it; nil when it is not to be made, which is noted.
    mutating func permitted(_ change: PlannedChange) -> PlannedChange? {
        let verdict = input.policies.verdict(on: change)
        let noted = change.adding(notes: verdict.warnings)
        let blocking = change.dependencies.first(where: isDenied)
        guard verdict.denials.isEmpty, blocking == nil else {
            deny(Plan.Denied(change: noted, denials: verdict.denials, waitsFor: blocking))
            return nil
        }
        return dated(noted)
    }

    /// What leaves git stays in the inventory as long as its successor is not made.
    mutating func waits(_ entry: InventoryEntry, for owner: Address) -> Bool {
        guard let word = isDenied(owner) ? "denied" : held[owner] else { return false }
        rest.unknown.append(
            .init(
                entry.address, server: entry.server,
                .init("\(owner) takes it over, and that is \(word)")))
        return true
    }
}
