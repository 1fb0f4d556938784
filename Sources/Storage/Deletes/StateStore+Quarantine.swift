package import Diagnostics
package import Resources
internal import SQL

/// What deletes leave behind.
extension StateStore {
    /// What is kept, the last delete first.
    ///
    /// - Parameter address: of one resource alone; nil for all.
    /// - Returns: also what a run was about to delete that never came to say whether it did.
    /// - Throws: when the state can't be read.
    package func quarantine(of address: Address? = nil) throws(Failure) -> [QuarantineEntry] {
        try quarantine(
            "WHERE restored_at IS NULL AND address = ifnull(?, address)",
            [SQLValue(address?.description)])
    }

    /// What has been kept long enough, or was restored, and is still on its host.
    package func expiredQuarantine() throws(Failure) -> [QuarantineEntry] {
        try quarantine(
            "WHERE restored_at IS NOT NULL OR ifnull(deleted_at, noted_at) + kept_seconds <= ?",
            [.integer(seconds)])
    }

    /// Writes down that something is back on its host and nobody's: the inventory forgets it too,
    /// where nobody has seen so far that it was gone.
    package func restored(_ entry: QuarantineEntry, by actor: String) throws(Failure) {
        let (milliseconds, seconds) = (now(), seconds)
        let event = AuditEvent(
            actor: actor, action: "resource.restored", subject: entry.address.description,
            detail: Self.json(
                ["server": entry.server, "quarantine": entry.id, "revision": entry.revision]))
        let key = SQLValue.text(entry.address.description)
        try write(.durable) { database throws(SQLError) in
            try database.execute(
                "UPDATE quarantine SET restored_at = ? WHERE id = ?",
                [.integer(seconds), .text(entry.id)])
            try database.execute(
                """
                DELETE FROM inventory WHERE address = ? AND desired_digest = ? AND applied_at = ?
                """, [key, .text(entry.desiredDigest.hexadecimal), .integer(entry.appliedAt)])
            try database.execute("DELETE FROM tombstones WHERE address = ?", [key])
            try AuditChain.append([event], run: nil, at: milliseconds, to: database)
        }
    }

    /// Forgets what is no longer on its host, and writes down that its time was over; what was
    /// restored has been written down before.
    package func forgetQuarantine(_ entry: QuarantineEntry, by actor: String) throws(Failure) {
        let milliseconds = now()
        let isExpired = entry.restoredAt == nil && entry.deletedAt != nil
        let event = AuditEvent(
            actor: actor, action: "quarantine.expired", subject: entry.address.description,
            detail: Self.json(["server": entry.server, "quarantine": entry.id]))
        try write(.durable) { database throws(SQLError) in
            try database.execute("DELETE FROM quarantine WHERE id = ?", [.text(entry.id)])
            try AuditChain.append(
                isExpired ? [event] : [], run: nil, at: milliseconds, to: database)
        }
    }

    /// Notes what a run is about to delete. Another attempt at the same delete keeps what the first
    /// has noted: by now less may be there.
    static func note(_ entry: QuarantineEntry, in database: SQLiteDatabase) throws(SQLError) {
        try database.execute(
            """
            INSERT INTO quarantine (\(quarantineColumns))
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, NULL, NULL)
            ON CONFLICT (id) DO UPDATE SET kept_seconds = excluded.kept_seconds,
                noted_at = excluded.noted_at, deleted_at = NULL, restored_at = NULL
            """,
            [
                .text(entry.id), .text(entry.address.description), .text(entry.kind.rawValue),
                .text(entry.server), .text(String(decoding: entry.declaration, as: UTF8.self)),
                .text(entry.desiredDigest.hexadecimal), .text(entry.revision),
                .integer(entry.appliedAt),
                .text(String(decoding: json(entry.losses), as: UTF8.self)),
                .integer(entry.keptSeconds), .integer(entry.notedAt),
            ])
    }

    /// From now on counts how long is kept what was to be deleted of a resource: it is gone.
    static func beginQuarantine(
        of address: Address, at seconds: Int, in database: SQLiteDatabase
    ) throws(SQLError) {
        try database.execute(
            "UPDATE quarantine SET deleted_at = ? WHERE address = ? AND deleted_at IS NULL",
            [.integer(seconds), .text(address.description)])
    }

    private static let quarantineColumns = """
        id, address, kind, server, declaration, desired_digest, revision, applied_at, losses, \
        kept_seconds, noted_at, deleted_at, restored_at
        """

    private func quarantine(_ clause: String, _ values: [SQLValue]) throws(Failure)
        -> [QuarantineEntry]
    {
        let sql = "SELECT \(Self.quarantineColumns) FROM quarantine \(clause)"
        return try read { database throws(SQLError) in
            try database.all(
                sql + " ORDER BY ifnull(deleted_at, noted_at) DESC, address", values
            ) { row throws(SQLError) in
                let entry = InventoryEntry(
                    address: try row.address(1), kind: KindName(try row.requiredText(2)),
                    server: try row.requiredText(3), declaration: row.bytes(4) ?? [],
                    desiredDigest: try row.digest(5), observedDigest: Digest(of: ""),
                    origin: .applied, revision: try row.requiredText(6),
                    appliedAt: try row.requiredInteger(7))
                let losses = row.bytes(8).flatMap {
                    try? CanonicalJSON.decode([Loss].self, from: $0)
                }
                var kept = QuarantineEntry(
                    of: entry, losses: losses ?? [], keptSeconds: try row.requiredInteger(9),
                    notedAt: try row.requiredInteger(10))
                kept.id = try row.requiredText(0)
                kept.deletedAt = row.integer(11)
                kept.restoredAt = row.integer(12)
                return kept
            }
        }
    }
}
