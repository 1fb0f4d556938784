package import Diagnostics
package import Resources

/// How a run ended for one resource.
package enum Outcome: Sendable {
    /// The second look agrees.
    case applied
    case deleted
    /// A step failed, or the host did.
    case failed(Failure)
    /// The host moved between the plan and the run; nothing was done. What the run saw.
    case moved(now: Assessment)
    /// Taken back because its transaction failed.
    case undone(reason: String)
    /// Not begun, because something it depends on failed.
    case waiting(on: Address)
    /// Not begun, because the time in which it may be made was over.
    case late
    /// Its steps succeeded, yet the second look disagrees.
    case unverified(now: Assessment)
    /// The second look agrees, yet its health checks say that it does not do its work, and why.
    case unhealthy(String)

    /// Whether the host is now as desired, and the resource does its work.
    package var isSuccess: Bool {
        switch self {
        case .applied, .deleted: true
        case .failed, .moved, .undone, .waiting, .late, .unverified, .unhealthy: false
        }
    }

    /// What the audit log calls it.
    package var auditAction: String {
        switch self {
        case .applied: "resource.applied"
        case .deleted: "resource.deleted"
        case .failed: "resource.failed"
        case .moved: "resource.moved"
        case .undone: "resource.undone"
        case .waiting, .late: "resource.waiting"
        case .unverified: "resource.unverified"
        case .unhealthy: "resource.unhealthy"
        }
    }

    /// Why it is no success, in one line; nil when it is one.
    package var message: String? {
        switch self {
        case .applied, .deleted: nil
        case .failed(let failure): failure.report.message
        case .moved: "the host has moved since the plan"
        case .undone(let reason): reason
        case .waiting(let address): "waiting for \(address)"
        case .late: "not begun, as its maintenance window was over"
        case .unverified(let now):
            "done, but the second look disagrees: "
                + now.changes.map(\.subject).joined(separator: ", ")
        case .unhealthy(let reason): "unhealthy: \(reason)"
        }
    }
}
