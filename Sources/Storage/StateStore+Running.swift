package import Diagnostics
package import Resources
internal import SQL

extension StateStore {
    /// Records a run and all it means to do, on disk before this returns, and gives the run its
    /// number and the steps their places.
    ///
    /// What earlier runs still owed to the same resources is superseded: the new steps settle it.
    /// Claims are what the run is about to create, so that one killed half-way still knows what it
    /// wrote; `quarantine` is what it is about to delete.
    package func begin(
        _ start: RunStart, steps: [PlannedStep], claims: [InventoryEntry] = [],
        quarantine: [QuarantineEntry] = [], audit: [AuditEvent] = []
    ) throws(Failure) -> (run: Int, steps: [StepID]) {
        let milliseconds = now()
        return try write(.durable) { database throws(SQLError) in
            let run = try Self.insert(start, at: milliseconds / 1000, in: database)
            for address in Set(steps.map(\.address)) {
                try Self.supersede(address, before: run, in: database)
            }
            for claim in claims { try Self.keep(claim, in: database) }
            for entry in quarantine { try Self.note(entry, in: database) }
            for (index, step) in steps.enumerated() {
                try Self.insert(step, as: StepID(run: run, sequence: index + 1), in: database)
            }
            try AuditChain.append(audit, run: run, at: milliseconds, to: database)
            return (run, steps.indices.map { StepID(run: run, sequence: $0 + 1) })
        }
    }

    /// Records what came of a run, on disk before this returns: all of it, or nothing.
    package func record(_ ending: RunEnding, of run: Int) throws(Failure) {
        let milliseconds = now()
        try write(.durable) { database throws(SQLError) in
            try Self.end(run, ending, at: milliseconds / 1000, in: database)
            try Self.keep(ending.part, of: run, at: milliseconds, in: database)
        }
    }

    /// Marks what runs before `run` still owed to a resource as settled.
    static func supersede(
        _ address: Address, before run: Int, in database: SQLiteDatabase
    ) throws(SQLError) {
        try database.execute(
            """
            UPDATE journal SET state = 'superseded' WHERE address = ? AND run < ?
            AND leaves_trace = 0 AND state IN ('planned', 'started', 'failed', 'skipped')
            """, [.text(address.description), .integer(run)])
    }

    private static func insert(
        _ start: RunStart, at seconds: Int, in database: SQLiteDatabase
    ) throws(SQLError) -> Int {
        let id = try database.first(
            """
            INSERT INTO runs (revision, author, subject, plan, source, actor, started_at, outcome,
                created, updated, deleted, drifted, failed, unknown, unchanged, token)
            VALUES (?, ?, ?, ?, ?, ?, ?, 'running', 0, 0, 0, 0, 0, 0, 0,
                (SELECT token FROM lease)) RETURNING id
            """,
            [
                .text(start.revision.id), SQLValue(start.revision.author),
                SQLValue(start.revision.subject), .text(start.plan), .text(start.source),
                .text(start.actor), .integer(seconds),
            ]
        ) { row throws(SQLError) in try row.requiredInteger(0) }
        guard let id else { throw SQLError(.other, "the run was given no number") }
        return id
    }

    private static func insert(
        _ step: PlannedStep, as id: StepID, in database: SQLiteDatabase
    ) throws(SQLError) {
        try database.execute(
            """
            INSERT INTO journal (run, sequence, address, server, step, leaves_trace, bundle, state)
            VALUES (?, ?, ?, ?, ?, ?, ?, 'planned')
            """,
            [
                .integer(id.run), .integer(id.sequence), .text(step.address.description),
                .text(step.server), .text(step.step), SQLValue(step.leavesTrace),
                SQLValue(step.transaction),
            ])
    }

    private static func end(
        _ run: Int, _ ending: RunEnding, at seconds: Int, in database: SQLiteDatabase
    ) throws(SQLError) {
        let counts = ending.counts
        let ended = try database.execute(
            """
            UPDATE runs SET outcome = ?, finished_at = ?, created = ?, updated = ?, deleted = ?,
                drifted = ?, failed = ?, unknown = ?, unchanged = ? WHERE id = ?
            """,
            [
                .text(ending.outcome.rawValue), .integer(seconds), .integer(counts.created),
                .integer(counts.updated), .integer(counts.deleted), .integer(counts.drifted),
                .integer(counts.failed), .integer(counts.unknown), .integer(counts.unchanged),
                .integer(run),
            ])
        guard ended == 1 else { throw SQLError(.other, "there is no run \(run)") }
    }
}
