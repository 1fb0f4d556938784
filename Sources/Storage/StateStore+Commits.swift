package import Diagnostics
internal import Resources
internal import SQL

extension StateStore {
    /// The latest commits that were seen, the last one first.
    package func commits(limit: Int = 20) throws(Failure) -> [CommitRecord] {
        try commits("ORDER BY sequence DESC LIMIT ?", [.integer(limit)])
    }

    /// What became of a commit; nil for one that was never seen.
    package func commit(_ id: String) throws(Failure) -> CommitRecord? {
        try commits("WHERE id = ?", [.text(id)]).first
    }

    /// The last commit that was reached everywhere.
    package func lastGoodCommit() throws(Failure) -> CommitRecord? {
        try commits("WHERE verdict = 'applied' ORDER BY sequence DESC LIMIT 1", []).first
    }

    /// The commit that is in force: the last that was taken, reached or not.
    package func commitInForce() throws(Failure) -> CommitRecord? {
        try commits(
            """
            WHERE verdict IN ('accepted', 'stalled', 'applied') ORDER BY sequence DESC LIMIT 1
            """, []
        ).first
    }

    /// Writes down what became of a commit. One that is seen anew, as after a revert of a revert,
    /// becomes the last. What it means for rollouts is written down with it.
    package func judge(
        _ commit: CommitRecord, by actor: String, rollout: RolloutChange? = nil
    ) throws(Failure) {
        let milliseconds = now()
        let event = AuditEvent(
            actor: actor, action: "commit.\(commit.verdict.rawValue)",
            subject: commit.revision.id, detail: Self.json(commit))
        try write(.durable) { database throws(SQLError) in
            try database.execute(
                """
                REPLACE INTO commits (id, author, subject, sequence, verdict, message, signer,
                    seen_at, settled_at)
                VALUES (?, ?, ?, (SELECT coalesce(max(sequence), 0) + 1 FROM commits),
                    ?, ?, ?, ?, ?)
                """,
                [
                    .text(commit.revision.id), SQLValue(commit.revision.author),
                    SQLValue(commit.revision.subject), .text(commit.verdict.rawValue),
                    SQLValue(commit.message), SQLValue(commit.signer), .integer(commit.seenAt),
                    SQLValue(commit.settledAt),
                ])
            if let rollout { try Self.keep(rollout, in: database) }
            try AuditChain.append([event], run: nil, at: milliseconds, to: database)
        }
    }

    private func commits(_ clause: String, _ values: [SQLValue]) throws(Failure) -> [CommitRecord] {
        let sql = """
            SELECT id, author, subject, verdict, message, signer, seen_at, settled_at
            FROM commits
            """
        return try read { database throws(SQLError) in
            try database.all("\(sql) \(clause)", values) { row throws(SQLError) in
                CommitRecord(
                    revision: Revision(
                        id: try row.requiredText(0), author: row.text(1), subject: row.text(2)),
                    verdict: try row.choice(3, of: CommitRecord.Verdict.self),
                    message: row.text(4), signer: row.text(5),
                    seenAt: try row.requiredInteger(6), settledAt: row.integer(7))
            }
        }
    }
}
