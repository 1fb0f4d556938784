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

    init(_ prepared: PreparedPlan, through gate: Gate) {
        for change in prepared.plan.changes {
            switch gate.judge(change, held: held) {
            case .go: ready.append(change)
            case .ignore: continue
            case .hold(let hold):
                held[change.address] = hold
                if hold.isUnapproved { unapproved.append(change) }
            }
        }
    }
}
