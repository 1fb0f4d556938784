package import Diagnostics
internal import Resources
internal import SQL

/// What people are to be told: kept with what it is about, and gone when it has reached all.
extension StateStore {
    /// Decides for each new notice which targets it goes to, and forgets deliveries to targets that
    /// there are no more.
    package func route(
        to targets: [String], by wanted: @Sendable (Notice) -> [String]
    ) throws(Failure) {
        let hasWork = try read { database throws(SQLError) in
            let marks = Self.marks(targets.count)
            return try database.first(
                """
                SELECT EXISTS (SELECT 1 FROM outbox WHERE is_routed = 0)
                    OR EXISTS (SELECT 1 FROM deliveries WHERE target NOT IN (\(marks)))
                """, targets.map(SQLValue.text)
            ) { $0.integer(0) } == 1
        }
        guard hasWork else { return }
        try write(.durable) { database throws(SQLError) in
            let new = try database.all(
                "SELECT \(Self.noticeColumns) FROM outbox WHERE is_routed = 0 ORDER BY sequence"
            ) { row throws(SQLError) in try Self.notice(row) }
            for notice in new {
                for target in wanted(notice) {
                    try database.execute(
                        "INSERT INTO deliveries (target, sequence) VALUES (?, ?)",
                        [.text(target), .integer(notice.sequence)])
                }
                try database.execute(
                    "UPDATE outbox SET is_routed = 1 WHERE sequence = ?",
                    [.integer(notice.sequence)])
            }
            try database.execute(
                "DELETE FROM deliveries WHERE target NOT IN (\(Self.marks(targets.count)))",
                targets.map(SQLValue.text))
            try Self.forgetDelivered(in: database)
        }
    }

    /// The oldest delivery of each target.
    package func nextDeliveries() throws(Failure) -> [Delivery] {
        let sql = """
            SELECT \(Self.noticeColumns), target, attempts, retry_at
            FROM deliveries JOIN outbox USING (sequence)
            WHERE (target, sequence) IN (
                SELECT target, min(sequence) FROM deliveries GROUP BY target)
            """
        return try read { database throws(SQLError) in
            try database.all(sql) { row throws(SQLError) in
                Delivery(
                    notice: try Self.notice(row), target: try row.requiredText(7),
                    attempts: try row.requiredInteger(8), retryAt: try row.requiredInteger(9))
            }
        }
    }

    /// Writes down that a target has a notice, or never will: then with an entry in the audit log.
    package func end(_ delivery: Delivery, audit: [AuditEvent] = []) throws(Failure) {
        let milliseconds = now()
        try write(.durable) { database throws(SQLError) in
            try database.execute(
                "DELETE FROM deliveries WHERE target = ? AND sequence = ?",
                [.text(delivery.target), .integer(delivery.notice.sequence)])
            try Self.forgetDelivered(in: database)
            try AuditChain.append(audit, run: nil, at: milliseconds, to: database)
        }
    }

    /// Writes down that an attempt has failed, and when the next may be made.
    package func putOff(_ delivery: Delivery, until seconds: Int) throws(Failure) {
        _ = try write(.writing) { database throws(SQLError) in
            try database.execute(
                """
                UPDATE deliveries SET attempts = attempts + 1, retry_at = ?
                WHERE target = ? AND sequence = ?
                """,
                [.integer(seconds), .text(delivery.target), .integer(delivery.notice.sequence)])
        }
    }

    /// Keeps notices in the transaction of what they are about.
    static func keep(_ notices: [Notice], in database: SQLiteDatabase) throws(SQLError) {
        for notice in notices {
            try database.execute(
                """
                INSERT INTO outbox (event, subject, message, revision, at) VALUES (?, ?, ?, ?, ?)
                """,
                [
                    .text(notice.event), .text(notice.subject), .text(notice.message),
                    .text(notice.revision), .integer(notice.at),
                ])
        }
    }

    private static let noticeColumns = "sequence, id, event, subject, message, revision, at"

    private static func notice(_ row: SQLiteRow) throws(SQLError) -> Notice {
        var notice = Notice(
            event: try row.requiredText(2), subject: try row.requiredText(3),
            message: try row.requiredText(4), revision: try row.requiredText(5),
            at: try row.requiredInteger(6))
        notice.sequence = try row.requiredInteger(0)
        notice.id = try row.requiredText(1)
        return notice
    }

    private static func forgetDelivered(in database: SQLiteDatabase) throws(SQLError) {
        try database.execute(
            """
            DELETE FROM outbox WHERE is_routed = 1
            AND sequence NOT IN (SELECT sequence FROM deliveries)
            """)
    }

    private static func marks(_ count: Int) -> String {
        Array(repeating: "?", count: count).joined(separator: ", ")
    }
}
