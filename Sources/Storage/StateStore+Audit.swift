package import Diagnostics
internal import Resources
internal import SQL

extension StateStore {
    /// Writes down what was done outside a run.
    package func append(_ events: [AuditEvent]) throws(Failure) {
        let milliseconds = now()
        try write(.durable) { database throws(SQLError) in
            try AuditChain.append(events, run: nil, at: milliseconds, to: database)
        }
    }

    /// The latest entries that match, in the order they were written.
    package func auditEntries(
        matching filter: AuditFilter = .init(), limit: Int = 50
    ) throws(Failure) -> [AuditEntry] {
        let sql = Self.auditQuery(where: "sequence < ?") + " DESC LIMIT ?"
        let values = [.integer(.max)] + Self.values(of: filter) + [.integer(limit)]
        return try read { database throws(SQLError) in
            try database.all(sql, values, Self.auditEntry).reversed()
        }
    }

    /// All entries after one that match, in the order they were written, read `pageSize` at a time.
    package nonisolated func allAuditEntries(
        matching filter: AuditFilter = .init(), after sequence: Int = .min, pageSize: Int = 500
    ) -> AuditEntries {
        AuditEntries(store: self, filter: filter, start: sequence, pageSize: pageSize)
    }

    func auditPage(
        after sequence: Int, limit: Int, matching filter: AuditFilter
    ) throws(Failure) -> [AuditEntry] {
        let sql = Self.auditQuery(where: "sequence > ?") + " LIMIT ?"
        let values = [.integer(sequence)] + Self.values(of: filter) + [.integer(limit)]
        return try read { database throws(SQLError) in
            try database.all(sql, values, Self.auditEntry)
        }
    }

    /// Walks along the whole log, one entry in memory at a time, and says whether it is as it was
    /// written, or all that is wrong with it.
    ///
    /// Whoever can write the file can also compute every hash anew; a copy of the head, noted
    /// elsewhere, is the remedy.
    package func verifyAudit() throws(Failure) -> AuditVerdict {
        try read { database throws(SQLError) in
            let cut = try AuditCut.last(in: database)
            guard let head = try AuditChain.head(in: database),
                let hash = Digest(hexadecimal: head.hash),
                try Self.lastHash(of: database, since: cut, after: head.count) == head.hash
            else {
                return .broken(try AuditDiagnosis.findings(in: database, since: cut))
            }
            return .intact(count: head.count, head: hash, cut: cut)
        }
    }

    /// The hash of the last entry of a chain without a fault; nil for any other.
    private static func lastHash(
        of database: SQLiteDatabase, since cut: AuditCut?, after count: Int
    ) throws(SQLError) -> String? {
        var (number, hash) = (cut?.last ?? 0, cut?.hash.hexadecimal ?? AuditChain.start)
        var isSound = true
        let sql = "SELECT \(AuditChain.columns) FROM audit ORDER BY sequence"
        try database.query(sql, []) { row throws(SQLError) in
            guard isSound else { return }
            number += 1
            let own = try row.requiredText(8)
            let (position, previous) = (try row.requiredInteger(0), try row.requiredText(7))
            isSound =
                position == number && previous == hash
                && AuditSerialisation(of: row).digest.hexadecimal == own
            hash = own
        }
        return isSound && number == count ? hash : nil
    }

    private static func auditQuery(where condition: String) -> String {
        """
        SELECT \(AuditChain.columns) FROM audit WHERE \(condition)
        AND subject = ifnull(?, subject) AND action = ifnull(?, action) AND at >= ifnull(?, at)
        AND run IS ifnull(?, run) ORDER BY sequence
        """
    }

    private static func values(of filter: AuditFilter) -> [SQLValue] {
        [
            SQLValue(filter.subject), SQLValue(filter.action),
            SQLValue(filter.since.map { Timestamp.iso8601(milliseconds: $0 * 1000) }),
            SQLValue(filter.run),
        ]
    }

    private static func auditEntry(_ row: SQLiteRow) throws(SQLError) -> AuditEntry {
        AuditEntry(
            sequence: try row.requiredInteger(0), at: try row.requiredText(1), run: row.integer(2),
            event: AuditEvent(
                actor: try row.requiredText(3), action: try row.requiredText(4),
                subject: try row.requiredText(5), detail: row.bytes(6) ?? []),
            previousHash: try row.digest(7), hash: try row.digest(8))
    }
}
