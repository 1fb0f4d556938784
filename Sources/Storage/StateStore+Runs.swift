package import Diagnostics
internal import Resources
internal import SQL

extension StateStore {
    /// The latest runs, at most so many, from the last one back.
    ///
    /// One that never ended and whose process is gone is shown as interrupted, even where the
    /// state can't be written.
    package func runs(limit: Int = 50) throws(Failure) -> [RunRecord] {
        try read { database throws(SQLError) in
            let running = try Self.runningToken(in: database)
            return try database.all(
                "SELECT \(Self.runColumns) FROM runs ORDER BY id DESC LIMIT ?", [.integer(limit)]
            ) { row throws(SQLError) in try Self.run(row, running) }
        }
    }

    /// One run; nil when there is none of that number.
    package func run(_ id: Int) throws(Failure) -> RunRecord? {
        try read { database throws(SQLError) in
            let running = try Self.runningToken(in: database)
            return try database.first(
                "SELECT \(Self.runColumns) FROM runs WHERE id = ?", [.integer(id)]
            ) { row throws(SQLError) in try Self.run(row, running) }
        }
    }

    /// Marks runs that never ended as interrupted, says so in the audit log, and returns their
    /// numbers.
    ///
    /// To be called under the lease: whatever still runs under an earlier one has been killed, or
    /// can't write any more.
    @discardableResult
    package func markInterrupted(noticedBy actor: String) throws(Failure) -> [Int] {
        let (milliseconds, seconds) = (now(), seconds)
        return try write(.durable) { database throws(SQLError) in
            let token = try Self.lease(in: database).token
            let ids = try database.all(
                "SELECT id FROM runs WHERE outcome = 'running' AND token < ?", [.integer(token)]
            ) { row throws(SQLError) in try row.requiredInteger(0) }
            for id in ids {
                try database.execute(
                    "UPDATE runs SET outcome = 'interrupted', finished_at = ? WHERE id = ?",
                    [.integer(seconds), .integer(id)])
                let event = AuditEvent(
                    actor: actor, action: "run.interrupted", subject: "run/\(id)")
                try AuditChain.append([event], run: id, at: milliseconds, to: database)
            }
            return ids
        }
    }

    /// Forgets runs that ended before a time in seconds since 1970, with their journal, and returns
    /// how many; those that still owe a step stay, and so does the audit log.
    @discardableResult
    package func forgetRuns(endedBefore seconds: Int) throws(Failure) -> Int {
        try write(.writing) { database throws(SQLError) in
            try database.execute(
                """
                DELETE FROM runs WHERE finished_at < ? AND id NOT IN (
                    SELECT run FROM journal WHERE leaves_trace = 0
                    AND state IN ('planned', 'started', 'failed', 'skipped'))
                """, [.integer(seconds)])
        }
    }

    private static let runColumns = """
        id, revision, author, subject, plan, source, actor, started_at, finished_at, outcome, \
        created, updated, deleted, drifted, failed, unknown, unchanged, token
        """

    private static func run(_ row: SQLiteRow, _ running: Int?) throws(SQLError) -> RunRecord {
        let revision = Revision(
            id: try row.requiredText(1), author: row.text(2), subject: row.text(3))
        let start = RunStart(
            revision: revision, plan: try row.requiredText(4), source: try row.requiredText(5),
            actor: try row.requiredText(6))
        let outcome = try row.choice(9, of: RunRecord.Outcome.self)
        var counts = RunCounts()
        counts.created = try row.requiredInteger(10)
        counts.updated = try row.requiredInteger(11)
        counts.deleted = try row.requiredInteger(12)
        counts.drifted = try row.requiredInteger(13)
        counts.failed = try row.requiredInteger(14)
        counts.unknown = try row.requiredInteger(15)
        counts.unchanged = try row.requiredInteger(16)
        return RunRecord(
            id: try row.requiredInteger(0), start: start, startedAt: try row.requiredInteger(7),
            finishedAt: row.integer(8),
            outcome: outcome == .running && row.integer(17) != running ? .interrupted : outcome,
            counts: counts)
    }

    /// The token under which runs may be under way; nil when nobody who lives holds the lease.
    private static func runningToken(in database: SQLiteDatabase) throws(SQLError) -> Int? {
        let lease = try lease(in: database)
        return lease.holder.map { $0.isAlive != false } ?? false ? lease.token : nil
    }
}
