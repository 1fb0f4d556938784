extension Migrations {
    /// `protections`: what is never deleted, whatever git says. `quarantine`: what deletes left
    /// behind, from before the delete (`deleted_at` is null) until its time is over, or it is
    /// restored; `id` names its folder on the host.
    static let deletes = """
        CREATE TABLE protections (
            address TEXT PRIMARY KEY, revision TEXT NOT NULL, since INTEGER NOT NULL,
            is_lifted INTEGER NOT NULL DEFAULT 0 CHECK (is_lifted IN (0, 1))
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE quarantine (
            id TEXT PRIMARY KEY, address TEXT NOT NULL, kind TEXT NOT NULL, server TEXT NOT NULL,
            declaration TEXT NOT NULL, desired_digest TEXT NOT NULL, revision TEXT NOT NULL,
            applied_at INTEGER NOT NULL, losses TEXT NOT NULL, kept_seconds INTEGER NOT NULL,
            noted_at INTEGER NOT NULL, deleted_at INTEGER, restored_at INTEGER
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX quarantine_by_address ON quarantine (address);
        """
}
