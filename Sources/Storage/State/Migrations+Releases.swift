extension Migrations {
    /// `sequence` grows with every change, a withdrawal included, so that a gateway sees by one
    /// number that something is new.
    static let releases = """
        CREATE TABLE releases (
            app TEXT PRIMARY KEY, body TEXT, sequence INTEGER NOT NULL UNIQUE,
            published_at INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        """
}
