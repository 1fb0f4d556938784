import Planning
import Resources
import Storage

/// A plan's changes, as a gate let them through or held them back.
struct Passage {
    /// In the plan's order.
    private(set) var ready: [PlannedChange] = []
    private(set) var held: [Address: Gate.Hold] = [:]
    /// Held back only because nobody has approved them.
    private(set) var unapproved: [PlannedChange] = []
    /// From when on what is let through may be begun no more, in seconds since 1970.
    private(set) var closings: [Address: Int] = [:]

    init(_ prepared: PreparedPlan, through gate: Gate) {
        var gate = gate
        var going: Set<Address> = []
        for change in prepared.plan.changes {
            switch gate.judge(change, held: held, ready: going) {
            case .go:
                ready.append(change)
                going.insert(change.address)
                closings[change.address] = gate.closing(for: change)
            case .ignore: continue
            case .hold(let hold):
                held[change.address] = hold
                if hold.isUnapproved { unapproved.append(change) }
            }
        }
    }
}
