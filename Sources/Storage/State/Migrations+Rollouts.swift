extension Migrations {
    /// The rollout under way, or the last one that was stopped; and the places that it is about:
    /// the commit in force on each, and the one before. A place that is not listed has the commit
    /// that is in force.
    static let rollouts = """
        CREATE TABLE rollout (
            id INTEGER PRIMARY KEY CHECK (id = 1), body TEXT NOT NULL CHECK (json_valid(body))
        ) STRICT;

        CREATE TABLE rollout_places (
            server TEXT PRIMARY KEY, revision TEXT, former TEXT
        ) STRICT, WITHOUT ROWID;
        """
}
