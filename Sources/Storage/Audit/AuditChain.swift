internal import Resources
internal import SQL

/// How entries are chained: the serialisation of docs/audit.md, and its SHA-256.
enum AuditChain {
    /// What an entry's hash is made of, in this order: the table's columns but for the hash.
    static let columns = "sequence, at, run, actor, action, subject, detail, previous_hash, hash"

    /// `previous_hash` of the first entry.
    static let start = String(repeating: "0", count: 64)

    /// The count and the last hash, which are kept apart from the entries.
    static func head(in database: SQLiteDatabase) throws(SQLError) -> (count: Int, hash: String)? {
        try database.first("SELECT count, hash FROM audit_head WHERE id = 1") {
            row throws(SQLError) in (try row.requiredInteger(0), try row.requiredText(1))
        }
    }

    /// Adds entries to the end of the chain, and moves its head, in the caller's transaction.
    static func append(
        _ events: [AuditEvent], run: Int?, at milliseconds: Int, to database: SQLiteDatabase
    ) throws(SQLError) {
        guard !events.isEmpty else { return }
        guard var (count, hash) = try head(in: database) else {
            throw SQLError(.corrupt, "the head of the audit log is missing")
        }
        let at = Timestamp.iso8601(milliseconds: milliseconds)
        for event in events {
            count += 1
            let detail = String(decoding: event.detail, as: UTF8.self)
            let fields: [SQLValue] = [
                .integer(count), .text(at), SQLValue(run), .text(event.actor),
                .text(event.action), .text(event.subject), .text(detail), .text(hash),
            ]
            hash = AuditSerialisation(of: fields).digest.hexadecimal
            try database.execute(
                "INSERT INTO audit (\(columns)) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                fields + [.text(hash)])
            // The guard against rows out of turn looks at the head, so it moves with every row.
            try database.execute(
                "UPDATE audit_head SET count = ?, hash = ?", [.integer(count), .text(hash)])
        }
    }
}
