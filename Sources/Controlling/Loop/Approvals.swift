import Diagnostics
import Planning
import Resources
import Storage

/// The plans that wait for a person, and those that one has approved.
struct Approvals {
    private let waiting: [(id: String, changes: [PlannedChange])]
    private let approved: [(id: String, changes: [PlannedChange])]
    private let rejected: [HeldPlan]

    init(_ store: StateStore) async throws(Failure) {
        let held = try await store.heldPlans(in: [.waiting, .approved])
        waiting = held.filter { $0.state == .waiting }.map { ($0.id, Self.changes(of: $0)) }
        approved = held.filter { $0.state == .approved }.map { ($0.id, Self.changes(of: $0)) }
        rejected = try await store.heldPlans(in: [.rejected])
    }

    /// What has been approved: exactly these, from what was seen to what was shown.
    var changes: Set<ChangeKey> { Set(approved.flatMap(\.changes).map(ChangeKey.init)) }

    /// What of a commit somebody has said no to, and who; what waits again is not among it.
    func rejections(of revision: Revision) -> [ChangeKey: String] {
        let again = Set(waiting.flatMap(\.changes).map(ChangeKey.init))
        var result: [ChangeKey: String] = [:]
        for plan in rejected where plan.revision == revision.id {
            for key in Self.changes(of: plan).map(ChangeKey.init) where !again.contains(key) {
                result[key] = plan.decidedBy ?? "somebody"
            }
        }
        return result
    }

    /// Lets what nobody has approved wait as a plan of its own, and lets go of plans that are done
    /// or that the servers have left behind. What waits is that of `kept`, servers that no other
    /// round speaks of by now.
    ///
    /// - Returns: what of it is news.
    func settle(
        _ passage: Passage, _ outcomes: [Address: Outcome], of prepared: PreparedPlan,
        because reason: String, kept: Set<String>, in store: StateStore, by actor: String,
        at seconds: Int
    ) async throws(Failure) -> [Occurrence] {
        let current = Set(prepared.plan.changes.map(ChangeKey.init))
        var overtaken: [String] = []
        for (id, changes) in approved
        where changes.allSatisfy({ prepared.survey.servers.contains($0.server) }) {
            let isDone = changes.allSatisfy { outcomes[$0.address]?.isSuccess == true }
            let isCurrent = changes.allSatisfy { current.contains(ChangeKey($0)) }
            guard isDone || !isCurrent else { continue }
            _ = try await store.decide(
                id, from: .approved, to: isDone ? .applied : .superseded, by: actor)
            if !isDone { overtaken.append(id) }
        }
        let unapproved = passage.unapproved.filter { kept.contains($0.server) }
        let plan = prepared.plan.narrowed(to: unapproved)
        let id = plan.id.hexadecimal
        for (other, changes) in waiting
        where other != id && changes.contains(where: { kept.contains($0.server) }) {
            _ = try await store.decide(other, from: .waiting, to: .superseded, by: actor)
        }
        guard !unapproved.isEmpty else { return [] }
        let former = overtaken.map { String($0.prefix(12)) }.joined(separator: ", ")
        let reason =
            overtaken.isEmpty
            ? reason
            : "\(reason); it takes the place of \(former), which was approved and is out of date"
        let held = HeldPlan(
            id: id, body: try Self.encode(plan), revision: plan.revision.id, reason: reason,
            createdAt: seconds)
        let occurrence = Occurrence(
            .held, id, "\(plan.counts): \(reason)", revision: plan.revision.id, at: seconds)
        let notices = [occurrence.notice].compactMap(\.self)
        return try await store.hold(held, by: actor, notices: notices) ? [occurrence] : []
    }

    private static func encode(_ plan: Plan) throws(Failure) -> [UInt8] {
        do {
            return try CanonicalJSON.encode(plan)
        } catch {
            throw .stalled(.init("the plan can't be written down: \(error)"))
        }
    }

    /// None where an older version wrote the plan in another form: it is then made anew.
    static func changes(of held: HeldPlan) -> [PlannedChange] {
        (try? CanonicalJSON.decode(Plan.self, from: held.body))?.changes ?? []
    }
}
