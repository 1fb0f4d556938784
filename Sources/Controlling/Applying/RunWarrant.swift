import Diagnostics
import Planning
import Storage

/// By whose word a run is made.
struct RunWarrant: Encodable, Sendable {
    /// A person's yes to a plan that had to wait for one.
    struct Approval: Encodable, Sendable {
        var plan: String
        var by: String
        /// Seconds since 1970.
        var at: Int?
    }

    /// Who has signed the commit; nil when nobody asked.
    var signer: String?
    /// Those that cover a part of the run.
    var approvals: [Approval] = []
}

extension RunWarrant {
    /// What the state knows of a commit and of changes that are to be made.
    init(
        of changes: [PlannedChange], at revision: String, from store: StateStore
    ) async throws(Failure) {
        let keys = Set(changes.map(ChangeKey.init))
        signer = try await store.commit(revision)?.signer
        approvals = try await store.heldPlans(in: [.approved])
            .filter { plan in
                Approvals.changes(of: plan).contains { keys.contains(ChangeKey($0)) }
            }
            .map { Approval(plan: $0.id, by: $0.decidedBy ?? "", at: $0.decidedAt) }
    }
}
