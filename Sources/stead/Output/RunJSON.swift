import Controlling
import Planning
import Resources
import Storage

/// What `stead apply --format json` prints. Stable; documented in `docs/json.md`.
struct RunJSON: Encodable {
    /// One resource's end.
    struct Entry: Encodable {
        var address: Address
        var outcome: String
        var message: String?
    }

    var run: Int
    var outcome: String
    var plan: Digest
    var revision: Revision
    var counts: RunCounts
    var resources: [Entry]
    /// Changes of a sealed plan that were not made because something had moved.
    var refused: [Address]
    /// Changes that were not made because of a policy.
    var denied: [Address]
    /// Where a rollout stopped; nil where it did not.
    var rollout: Stop?

    /// A rollout that stopped.
    struct Stop: Encodable {
        var group: String
        var reason: String
        var left: [String]
        var undone: [String]
        var kept: [String]
    }

    init(_ summary: RunSummary, refused: [SealedReview.Refusal], plan: Plan) {
        run = summary.run
        outcome = summary.outcome.rawValue
        self.plan = plan.id
        revision = plan.revision
        counts = summary.counts
        resources = summary.outcomes.sorted { $0.key < $1.key }.map { address, outcome in
            Entry(
                address: address, outcome: String(outcome.auditAction.dropFirst("resource.".count)),
                message: outcome.message.map(Redactor.redactedMessage))
        }
        denied = plan.denied.map(\.address)
        rollout = summary.rollout.map {
            Stop(
                group: $0.group, reason: $0.reason, left: $0.left, undone: $0.undone,
                kept: $0.kept)
        }
        self.refused = refused.map(\.change.address)
    }
}
