import Diagnostics
import FoundationEssentials
import Resources

/// Holds git, inventory and hosts against each other.
package struct Planner {
    let input: PlanInput
    let entries: [Address: InventoryEntry]
    /// Where each resource of git lives.
    let servers: [Address: String]
    let takeovers: Takeovers
    private let removals: Set<Address>
    var changes: [PlannedChange] = []
    var deletes: [PlannedChange] = []
    var rest = Plan.Rest()
    /// What nothing is done to, and in one word why: those that depend on it wait.
    private(set) var held: [Address: String] = [:]
    /// Resources whose changes are not made.
    private var denied: Set<Address> = []
    private var windows: WindowView
    /// Of what git declares; nothing where no window asks for them.
    private let labels: [Address: [String: String]]

    private init(_ input: PlanInput) {
        self.input = input
        entries = Dictionary(
            input.inventory.map { ($0.address, $0) }, uniquingKeysWith: { first, _ in first })
        servers = Dictionary(
            input.resources.map { ($0.address, $0.server) }, uniquingKeysWith: { first, _ in first }
        )
        takeovers = Takeovers(input, entries)
        removals = Set(input.removals.map(\.address))
        windows = WindowView(input.windows, at: Int(input.now.timeIntervalSince1970))
        labels =
            input.windows.isEmpty
            ? [:]
            : Dictionary(
                input.resources.map { ($0.address, $0.labels) },
                uniquingKeysWith: { first, _ in first })
    }

    /// The plan for `input`.
    ///
    /// Decides everything, does nothing.
    package static func plan(_ input: PlanInput) -> Plan {
        var planner = Planner(input)
        let order = ExecutionOrder(input.resources)
        for resource in order.forwards where planner.isSelected(resource) {
            planner.consider(resource)
        }
        planner.considerRemovals()
        planner.changes += planner.deletes
        return Plan(input, changes: planner.changes, rest: planner.rest)
    }

    private func isSelected(_ resource: any Resource) -> Bool {
        input.selection.includes(resource.address, on: resource.server)
    }

    private mutating func consider(_ resource: any Resource) {
        switch input.sights[resource.address] {
        case nil: leave(resource, .init("it was not looked at"))
        case .unknown(.refused(let report)):
            held[resource.address] = "refused"
            rest.refused.append(.init(resource, report))
        case .unknown(let failure): leave(resource, failure.report)
        case .seen(let assessment): consider(resource, assessment)
        }
    }

    private mutating func leave(_ resource: any Resource, _ report: Failure.Report) {
        held[resource.address] = "unknown"
        rest.unknown.append(.init(resource, report))
    }

    private mutating func consider(_ resource: any Resource, _ assessment: Assessment) {
        let address = resource.address
        rest.remarks += assessment.remarks.map { .init(resource, $0) }
        let predecessor = entries[address] == nil ? takeovers.predecessors[address] : nil
        let entry = entries[address] ?? predecessor
        let isUnfinished = input.unfinished.contains(address)
        let judgement = Judgement(
            desired: resource.desiredDigest,
            entry: entry.flatMap { isInPlace(resource, $0) ? $0 : nil },
            assessment: assessment, isUnfinished: isUnfinished)
        guard let judgement else {
            keep(address, assessment)
            return
        }
        let blocking = resource.dependencies.compactMap { dependency in
            held[dependency].map { (address: dependency, words: "\(dependency), which is \($0)") }
        }
        if let (_, words) = blocking.first(where: { servers[$0.address] == resource.server }) {
            leave(resource, .init("it depends on \(words)"))
            return
        }
        if let report = protection(from: resource, assessment) {
            held[address] = "refused"
            rest.refused.append(.init(resource, report))
            return
        }
        var notes = blocking.map { "depends on \($0.words)" }
        notes += interruption(assessment, isUnfinished: isUnfinished)
        notes += abandonment(by: resource, entry)
        notes += predecessor.map { ["takes over from \($0.address)"] } ?? []
        notes += input.guarding.notes(on: resource)
        let change = PlannedChange(
            resource, judgement, assessment, losses: losses(assessment), notes: notes)
        if let change = permitted(change) { changes.append(change) }
    }

    /// The change with what is to be said of the time at which it may be made.
    mutating func dated(_ change: PlannedChange) -> PlannedChange {
        let subject = WindowSubject(
            kind: change.kind, server: change.server, labels: labels[change.address])
        return windows.wait(for: subject).map { change.waiting($0) } ?? change
    }

    func isDenied(_ address: Address) -> Bool { denied.contains(address) }

    mutating func deny(_ change: Plan.Denied) {
        denied.insert(change.address)
        rest.denied.append(change)
    }

    /// What a change takes away, and until when it is kept.
    func losses(_ assessment: Assessment) -> [PlannedLoss] {
        assessment.losses.map {
            PlannedLoss($0, keptSeconds: input.policy.quarantineSeconds, now: input.now)
        }
    }

    /// Whether the entry speaks of the place where the resource is to be.
    private func isInPlace(_ resource: any Resource, _ entry: InventoryEntry) -> Bool {
        entry.server == resource.server && !removals.contains(entry.formerPlace)
    }

    private mutating func keep(_ address: Address, _ assessment: Assessment) {
        rest.unchanged.append(address)
        guard !assessment.differences.isEmpty else { return }
        let differences = assessment.differences.map { PlannedDifference($0) }
        rest.normalised.append(.init(address: address, differences: differences))
    }

    /// What an interrupted run left to do.
    func interruption(_ assessment: Assessment, isUnfinished: Bool) -> [String] {
        guard isUnfinished else { return [] }
        guard assessment.isConverged else { return ["an earlier run was interrupted"] }
        let steps = assessment.stepIDs.joined(separator: ", ")
        return ["an earlier run was interrupted before: \(steps)"]
    }

    /// What a resource wrote before its document was changed, and no longer claims.
    private func abandonment(by resource: any Resource, _ entry: InventoryEntry?) -> [String] {
        guard let entry, entry.origin == .applied, !removals.contains(entry.formerPlace) else {
            return []
        }
        guard entry.server == resource.server else {
            return ["was on \(entry.server); what is there is left in place"]
        }
        guard let previous = input.previous[resource.address] else { return [] }
        let kept = Set(resource.claims)
        let lost = previous.claims.filter { $0.space != .domain && !kept.contains($0) }
        return lost.map { "no longer claims \($0.value), which is left in place" }
    }
}
