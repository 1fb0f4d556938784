package import Diagnostics
internal import Resources
internal import SQL

extension StateStore {
    /// What is suspended now, by subject; what has ended by itself is left out.
    package func suspensions() throws(Failure) -> [Suspension] {
        let seconds = seconds
        return try read { database throws(SQLError) in
            try database.all(
                """
                SELECT subject, reason, actor, since, until FROM suspensions
                WHERE until IS NULL OR until > ? ORDER BY subject
                """, [.integer(seconds)]
            ) { row throws(SQLError) in
                Suspension(
                    subject: try row.requiredText(0), reason: try row.requiredText(1),
                    actor: try row.requiredText(2), since: try row.requiredInteger(3),
                    until: row.integer(4))
            }
        }
    }

    /// Suspends a subject; one that is suspended already gets the new reason and end.
    package func suspend(_ suspension: Suspension) throws(Failure) {
        let milliseconds = now()
        let event = AuditEvent(
            actor: suspension.actor, action: "subject.suspended", subject: suspension.subject,
            detail: Self.json(suspension))
        try write(.durable, isFenced: false) { database throws(SQLError) in
            try database.execute(
                """
                REPLACE INTO suspensions (subject, reason, actor, since, until)
                VALUES (?, ?, ?, ?, ?)
                """,
                [
                    .text(suspension.subject), .text(suspension.reason), .text(suspension.actor),
                    .integer(suspension.since), SQLValue(suspension.until),
                ])
            try AuditChain.append([event], run: nil, at: milliseconds, to: database)
        }
    }

    /// Ends a suspension; false when there was none.
    package func resume(_ subject: String, by actor: String) throws(Failure) -> Bool {
        let milliseconds = now()
        let event = AuditEvent(actor: actor, action: "subject.resumed", subject: subject)
        return try write(.durable, isFenced: false) { database throws(SQLError) in
            let count = try database.execute(
                "DELETE FROM suspensions WHERE subject = ?", [.text(subject)])
            guard count > 0 else { return false }
            try AuditChain.append([event], run: nil, at: milliseconds, to: database)
            return true
        }
    }

    /// Canonical JSON of a value that can always be written down.
    static func json(_ value: some Encodable) -> [UInt8] {
        (try? CanonicalJSON.encode(value)) ?? Array("{}".utf8)
    }
}
