internal import SQL

/// What the state database is made of, version by version.
///
/// A version that has been released is never edited: a change is a new one.
enum Migrations {
    /// `Stea` in ASCII: SQLite's header field for telling whose file it is.
    private static let applicationID = 0x5374_6561

    private static let all = [
        firstVersion, releases, controller, outbox, signers, rollouts, deletes,
    ]

    /// The version this program writes.
    static var version: Int { all.count }

    /// The version of a database, 0 for one that is empty; nil for another program's.
    static func version(of database: SQLiteDatabase) throws(SQLError) -> Int? {
        try database.transaction(.reading) { () throws(SQLError) in
            let owner = try database.first("PRAGMA application_id") { $0.integer(0) }
            let version = try database.first("PRAGMA user_version") { $0.integer(0) } ?? nil
            if owner == applicationID { return version }
            let objects = try database.first("SELECT count(*) FROM sqlite_schema") { $0.integer(0) }
            return owner == 0 && version == 0 && objects == 0 ? 0 : nil
        }
    }

    /// Runs what is missing, all of it or nothing.
    ///
    /// Two programs may get here at once: the second
    /// waits, then finds nothing to do.
    static func run(on database: SQLiteDatabase) throws(SQLError) {
        guard try version(of: database) != version else { return }
        try database.transaction(.durable) { () throws(SQLError) in
            let current = try version(of: database) ?? version
            guard current < version else { return }
            for migration in all[current...] { try database.script(migration) }
            try database.script(
                "PRAGMA application_id = \(applicationID); PRAGMA user_version = \(version)")
        }
    }
}
