extension Migrations {
    /// `lease.state` names this state on its hosts: what they keep for it, they keep under that
    /// name. `beat` grows while the holder lives. A run carries the token it was begun under.
    static let controller = """
        CREATE TABLE lease (
            id INTEGER PRIMARY KEY CHECK (id = 1), state TEXT NOT NULL,
            token INTEGER NOT NULL, beat INTEGER NOT NULL, holder TEXT
        ) STRICT;
        INSERT INTO lease VALUES (1, lower(hex(randomblob(8))), 0, 0, NULL);
        ALTER TABLE runs ADD COLUMN token INTEGER NOT NULL DEFAULT 0;

        CREATE TABLE commits (
            id TEXT PRIMARY KEY, author TEXT, subject TEXT, sequence INTEGER NOT NULL UNIQUE,
            verdict TEXT NOT NULL CHECK (
                verdict IN ('refused', 'invalid', 'accepted', 'stalled', 'applied')),
            message TEXT, seen_at INTEGER NOT NULL, settled_at INTEGER
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE conditions (
            subject TEXT PRIMARY KEY, state TEXT NOT NULL, message TEXT, fix TEXT,
            revision TEXT NOT NULL, desired TEXT, observed TEXT,
            attempts INTEGER NOT NULL, since INTEGER NOT NULL, retry_at INTEGER
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE suspensions (
            subject TEXT PRIMARY KEY, reason TEXT NOT NULL, actor TEXT NOT NULL,
            since INTEGER NOT NULL, until INTEGER
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE held_plans (
            id TEXT PRIMARY KEY, body TEXT NOT NULL, revision TEXT NOT NULL,
            reason TEXT NOT NULL, state TEXT NOT NULL CHECK (
                state IN ('waiting', 'approved', 'rejected', 'superseded', 'applied')),
            created_at INTEGER NOT NULL, decided_at INTEGER, decided_by TEXT
        ) STRICT, WITHOUT ROWID;
        """
}
