extension Migrations {
    /// What people are to be told (`outbox`), whom it still has to reach (`deliveries`), and how
    /// far the audit log has been taken elsewhere (`forwards`).
    ///
    /// Entries of the audit log may be deleted only while its last entry is the record of their
    /// cut.
    static let outbox = """
        CREATE TABLE outbox (
            sequence INTEGER PRIMARY KEY AUTOINCREMENT,
            id TEXT NOT NULL UNIQUE DEFAULT (lower(hex(randomblob(16)))),
            event TEXT NOT NULL, subject TEXT NOT NULL, message TEXT NOT NULL,
            revision TEXT NOT NULL, at INTEGER NOT NULL,
            is_routed INTEGER NOT NULL DEFAULT 0 CHECK (is_routed IN (0, 1))
        ) STRICT;
        CREATE INDEX outbox_unrouted ON outbox (sequence) WHERE is_routed = 0;

        CREATE TABLE deliveries (
            target TEXT NOT NULL,
            sequence INTEGER NOT NULL REFERENCES outbox (sequence) ON DELETE CASCADE,
            attempts INTEGER NOT NULL DEFAULT 0, retry_at INTEGER NOT NULL DEFAULT 0,
            PRIMARY KEY (target, sequence)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX deliveries_by_sequence ON deliveries (sequence);

        CREATE TABLE forwards (
            target TEXT PRIMARY KEY, sequence INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;

        DROP TRIGGER audit_is_not_deleted;
        CREATE TRIGGER audit_is_not_deleted BEFORE DELETE ON audit
        WHEN NOT EXISTS (
            SELECT 1 FROM audit_head JOIN audit ON sequence = count
            WHERE action = 'audit.cut' AND OLD.sequence <= json_extract(detail, '$.last'))
        BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
        """
}
