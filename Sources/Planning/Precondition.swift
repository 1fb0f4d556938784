package import Diagnostics
package import Resources

/// Whether a host is still as the plan saw it.
package enum Precondition: Sendable {
    /// As the plan saw it: the change may be made.
    case same
    /// It moved since: the change is refused, and those that depend on it.
    case moved(Assessment)
    /// It can't be told: nothing is done.
    case unknown(Failure)

    /// Holds a second look against what the plan saw.
    package static func check(_ planned: PlannedChange, now: Sight) -> Precondition {
        switch now {
        case .unknown(let failure): .unknown(failure)
        case .seen(let assessment) where assessment.observedDigest == planned.observedDigest: .same
        case .seen(let assessment): .moved(assessment)
        }
    }
}
