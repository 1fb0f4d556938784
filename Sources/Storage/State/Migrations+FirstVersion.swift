extension Migrations {
    /// Times are seconds since 1970, digests 64 hexadecimal digits; `audit.at` is ISO 8601.
    static let firstVersion = """
        CREATE TABLE inventory (
            address TEXT PRIMARY KEY, kind TEXT NOT NULL, server TEXT NOT NULL,
            declaration TEXT NOT NULL, desired_digest TEXT NOT NULL, observed_digest TEXT NOT NULL,
            origin TEXT NOT NULL CHECK (origin IN ('applied', 'found')),
            revision TEXT NOT NULL, applied_at INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE tombstones (
            address TEXT PRIMARY KEY, kind TEXT NOT NULL, server TEXT NOT NULL,
            declaration TEXT NOT NULL, revision TEXT NOT NULL, removed_at INTEGER NOT NULL,
            run INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE observations (
            address TEXT PRIMARY KEY, digest TEXT NOT NULL, body TEXT,
            observed_at INTEGER NOT NULL, run INTEGER
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE hosts (
            server TEXT PRIMARY KEY, failure TEXT, seen_at INTEGER NOT NULL, reached_at INTEGER
        ) STRICT, WITHOUT ROWID;

        -- AUTOINCREMENT: the number of a run that has been forgotten is never given again.
        CREATE TABLE runs (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            revision TEXT NOT NULL, author TEXT, subject TEXT,
            plan TEXT NOT NULL, source TEXT NOT NULL, actor TEXT NOT NULL,
            started_at INTEGER NOT NULL, finished_at INTEGER,
            outcome TEXT NOT NULL CHECK (
                outcome IN ('running', 'succeeded', 'failed', 'partial', 'interrupted')),
            created INTEGER NOT NULL, updated INTEGER NOT NULL, deleted INTEGER NOT NULL,
            drifted INTEGER NOT NULL, failed INTEGER NOT NULL, unknown INTEGER NOT NULL,
            unchanged INTEGER NOT NULL
        ) STRICT;

        CREATE TABLE journal (
            run INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
            sequence INTEGER NOT NULL,
            address TEXT NOT NULL, server TEXT NOT NULL, step TEXT NOT NULL,
            leaves_trace INTEGER NOT NULL CHECK (leaves_trace IN (0, 1)),
            bundle TEXT,
            state TEXT NOT NULL CHECK (state IN (
                'planned', 'started', 'succeeded', 'failed', 'undone', 'skipped', 'superseded')),
            message TEXT CHECK (length(CAST(message AS BLOB)) <= 4096),
            started_at INTEGER, finished_at INTEGER,
            PRIMARY KEY (run, sequence)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX journal_by_address ON journal (address, run, state);
        CREATE INDEX journal_owed ON journal (address)
            WHERE leaves_trace = 0 AND state IN ('planned', 'started', 'failed', 'skipped');

        CREATE TABLE audit (
            sequence INTEGER PRIMARY KEY,
            at TEXT NOT NULL, run INTEGER, actor TEXT NOT NULL, action TEXT NOT NULL,
            subject TEXT NOT NULL, detail TEXT NOT NULL CHECK (json_valid(detail)),
            previous_hash TEXT NOT NULL, hash TEXT NOT NULL UNIQUE
        ) STRICT;
        CREATE TABLE audit_head (
            id INTEGER PRIMARY KEY CHECK (id = 1), count INTEGER NOT NULL, hash TEXT NOT NULL
        ) STRICT;
        INSERT INTO audit_head VALUES (1, 0, printf('%064d', 0));

        -- A guard against accidents. The proof is the chain of hashes.
        CREATE TRIGGER audit_is_not_updated BEFORE UPDATE ON audit
        BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
        CREATE TRIGGER audit_is_not_deleted BEFORE DELETE ON audit
        BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
        CREATE TRIGGER audit_is_continued BEFORE INSERT ON audit
        WHEN NOT EXISTS (
            SELECT 1 FROM audit_head
            WHERE NEW.sequence = count + 1 AND NEW.previous_hash = hash)
        BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
        """
}
