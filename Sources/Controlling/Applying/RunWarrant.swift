import Diagnostics
import Planning
import Resources
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
    /// How many deletes the person who asked for the run allowed.
    var allowedDeletes: Int?
    /// True where that person had no window waited for; nil otherwise.
    var outsideWindows: Bool?
}

extension RunWarrant {
    /// What was asked for, and what the state knows of the commit and of changes to be made.
    init(
        of changes: [PlannedChange], in prepared: PreparedPlan, from store: StateStore
    ) async throws(Failure) {
        let keys = Set(changes.map(ChangeKey.init))
        allowedDeletes = prepared.outlook.request.allowedDeletes
        outsideWindows = prepared.outlook.request.ignoresWindows ? true : nil
        signer = try await store.commit(prepared.plan.revision.id)?.signer
        approvals = try await store.heldPlans(in: [.approved])
            .filter { plan in
                Approvals.changes(of: plan).contains { keys.contains(ChangeKey($0)) }
            }
            .map { Approval(plan: $0.id, by: $0.decidedBy ?? "", at: $0.decidedAt) }
    }
}
