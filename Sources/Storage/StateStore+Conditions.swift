package import Diagnostics
internal import Resources
internal import SQL

extension StateStore {
    /// Everything that is not as it should be, by subject.
    package func conditions() throws(Failure) -> [Condition] {
        let sql = """
            SELECT subject, state, message, fix, revision, desired, observed, attempts, since,
                retry_at
            FROM conditions ORDER BY subject
            """
        return try read { database throws(SQLError) in
            try database.all(sql) { row throws(SQLError) in
                Condition(
                    subject: try row.requiredText(0),
                    try row.choice(1, of: Condition.State.self), row.text(2) ?? "",
                    fix: row.text(3), revision: try row.requiredText(4),
                    desired: row.text(5).flatMap { Digest(hexadecimal: $0) },
                    observed: row.text(6).flatMap { Digest(hexadecimal: $0) },
                    attempts: try row.requiredInteger(7), since: try row.requiredInteger(8),
                    retryAt: row.integer(9))
            }
        }
    }

    /// Sets conditions and clears others, writes down what of it is news, and keeps what people are
    /// to be told of it.
    package func settle(
        _ conditions: [Condition], clearing subjects: [String], audit: [AuditEvent] = [],
        notices: [Notice] = []
    ) throws(Failure) {
        guard
            !conditions.isEmpty || !subjects.isEmpty || !audit.isEmpty || !notices.isEmpty
        else { return }
        let milliseconds = now()
        try write(.writing) { database throws(SQLError) in
            for subject in subjects {
                try database.execute("DELETE FROM conditions WHERE subject = ?", [.text(subject)])
            }
            for condition in conditions { try Self.keep(condition, in: database) }
            try AuditChain.append(audit, run: nil, at: milliseconds, to: database)
            try Self.keep(notices, in: database)
        }
    }

    private static func keep(
        _ condition: Condition, in database: SQLiteDatabase
    ) throws(SQLError) {
        try database.execute(
            """
            REPLACE INTO conditions (subject, state, message, fix, revision, desired, observed,
                attempts, since, retry_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                .text(condition.subject), .text(condition.state.rawValue),
                .text(condition.message), SQLValue(condition.fix), .text(condition.revision),
                SQLValue(condition.desired?.hexadecimal),
                SQLValue(condition.observed?.hexadecimal), .integer(condition.attempts),
                .integer(condition.since), SQLValue(condition.retryAt),
            ])
    }
}
