package import Diagnostics
internal import Resources
internal import SQL

extension StateStore {
    /// Plans that wait for a person or were decided upon, the latest first.
    package func heldPlans(
        in states: [HeldPlan.State] = [.waiting, .approved], limit: Int = 50
    ) throws(Failure) -> [HeldPlan] {
        let marks = Array(repeating: "?", count: states.count).joined(separator: ", ")
        let values = states.map { SQLValue.text($0.rawValue) } + [.integer(limit)]
        return try read { database throws(SQLError) in
            try database.all(
                """
                SELECT id, body, revision, reason, state, created_at, decided_at, decided_by
                FROM held_plans WHERE state IN (\(marks)) ORDER BY created_at DESC, id LIMIT ?
                """, values
            ) { row throws(SQLError) in
                var plan = HeldPlan(
                    id: try row.requiredText(0), body: row.bytes(1) ?? [],
                    revision: try row.requiredText(2), reason: try row.requiredText(3),
                    state: try row.choice(4, of: HeldPlan.State.self),
                    createdAt: try row.requiredInteger(5))
                plan.decidedAt = row.integer(6)
                plan.decidedBy = row.text(7)
                return plan
            }
        }
    }

    /// Lets a plan wait for a person, and keeps what people are to be told of it.
    ///
    /// - Returns: whether it is news: not for a plan that waits already, or was decided upon.
    package func hold(
        _ plan: HeldPlan, by actor: String, notices: [Notice] = []
    ) throws(Failure) -> Bool {
        let milliseconds = now()
        return try write(.durable) { database throws(SQLError) in
            let count = try database.execute(
                """
                INSERT INTO held_plans (id, body, revision, reason, state, created_at)
                VALUES (?, ?, ?, ?, 'waiting', ?)
                ON CONFLICT (id) DO UPDATE SET state = 'waiting', created_at = excluded.created_at
                WHERE state IN ('superseded', 'applied')
                """,
                [
                    .text(plan.id), .text(String(decoding: plan.body, as: UTF8.self)),
                    .text(plan.revision), .text(plan.reason), .integer(plan.createdAt),
                ])
            guard count > 0 else { return false }
            let event = AuditEvent(
                actor: actor, action: "plan.held", subject: plan.id,
                detail: Self.json(["reason": plan.reason, "revision": plan.revision]))
            try AuditChain.append([event], run: nil, at: milliseconds, to: database)
            try Self.keep(notices, in: database)
            return true
        }
    }

    /// Moves a plan from one state to another; false when it is not in the first.
    package func decide(
        _ id: String, from old: HeldPlan.State, to new: HeldPlan.State, by actor: String
    ) throws(Failure) -> Bool {
        let milliseconds = now()
        return try write(.durable, isFenced: false) { database throws(SQLError) in
            let count = try database.execute(
                """
                UPDATE held_plans SET state = ?, decided_at = ?, decided_by = ?
                WHERE id = ? AND state = ?
                """,
                [
                    .text(new.rawValue), .integer(milliseconds / 1000), .text(actor), .text(id),
                    .text(old.rawValue),
                ])
            guard count > 0 else { return false }
            let event = AuditEvent(actor: actor, action: "plan.\(new.rawValue)", subject: id)
            try AuditChain.append([event], run: nil, at: milliseconds, to: database)
            return true
        }
    }
}
