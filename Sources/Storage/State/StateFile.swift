internal import Diagnostics
internal import Glibc
internal import SQL

/// The state database's file: opening it, or saying what keeps it from being opened.
///
/// No way through here writes to a file that isn't a state database of a version it knows.
struct StateFile {
    /// A connection that is ready for use.
    struct Opened {
        let database: SQLiteDatabase
        /// Set when the file is read without its locks: any later stamp means it can't be trusted.
        var stamp: FileStamp?
    }

    let path: String
    let busyTimeoutMilliseconds: Int

    /// Opens the file for reading and writing, makes it when there is none, and brings it up to
    /// this version.
    func openForWriting() throws(Failure) -> Opened {
        try StateFolder.makeFile(path)
        let database = try reporting { () throws(SQLError) in
            let database = try connect(.file(path))
            guard !database.isReadOnly else {
                throw SQLError(.readOnly, "the file can't be written")
            }
            return database
        }
        _ = try check(database)
        try reporting { () throws(SQLError) in
            try useLog(database)
            try Migrations.run(on: database)
        }
        try limitCache(of: database)
        return Opened(database: database)
    }

    /// Opens the file for reading; one that isn't there, or holds nothing yet, reads as an empty
    /// state, and is not made.
    func openForReading() throws(Failure) -> Opened {
        guard !StateFolder.lacks(path) else { return try empty() }
        let opened = try connectForReading()
        let version = try check(opened.database)
        guard version > 0 else { return try empty() }
        guard version == Migrations.version else {
            throw .stalled(
                .init(
                    "the state database \(path) has version \(version), older than "
                        + "\(Migrations.version), the version of this program",
                    fix: "run `stead apply` once, which brings it up to date"))
        }
        try limitCache(of: opened.database)
        return opened
    }

    private func connectForReading() throws(Failure) -> Opened {
        let stamp = FileStamp(of: path)
        do {
            let database = try connect(.readOnly(path))
            _ = try Migrations.version(of: database)
            return Opened(database: database)
        } catch {
            // SQLite reads a write-ahead log through an index beside it. Where that can't be made,
            // as in a folder that can't be written, the file alone is all there is, provided no
            // log is: a log may hold more than the file.
            let isBarred = error.reason == .cannotOpen || error.reason == .readOnly
            guard isBarred, FileStamp(of: path + "-wal")?.size ?? 0 == 0 else {
                throw error.failure(path: path)
            }
        }
        return try reporting { () throws(SQLError) in
            Opened(database: try connect(.immutable(path)), stamp: stamp)
        }
    }

    private func connect(_ location: SQLiteDatabase.Location) throws(SQLError) -> SQLiteDatabase {
        try SQLiteDatabase(location, busyTimeoutMilliseconds: busyTimeoutMilliseconds)
    }

    /// The state is read from end to end, which a large cache does nothing for; the number is KiB.
    private func limitCache(of database: SQLiteDatabase) throws(Failure) {
        try reporting { () throws(SQLError) in
            try database.script("PRAGMA cache_size = -256")
        }
    }

    /// The version of the database, 0 for an empty one.
    ///
    /// - Throws: `stalled` for a database of another program, or of a newer version.
    private func check(_ database: SQLiteDatabase) throws(Failure) -> Int {
        let version = try reporting { () throws(SQLError) in
            try Migrations.version(of: database)
        }
        guard let version else {
            throw .stalled(
                .init(
                    "\(path) is a database of another program, not Stead's state",
                    fix: "move it away, or name another folder with --state"))
        }
        guard version <= Migrations.version else {
            throw .stalled(
                .init(
                    "the state database \(path) has version \(version), and this program knows "
                        + "version \(Migrations.version) and older",
                    fix: "use the newer stead that wrote it"))
        }
        return version
    }

    /// Readers and a writer work side by side, and a commit costs one write (sqlite.org/wal.html).
    private func useLog(_ database: SQLiteDatabase) throws(SQLError) {
        let mode = try database.first("PRAGMA journal_mode") { $0.text(0) }
        guard mode != "wal" else { return }
        guard try switchToLog(database) == "wal" else {
            throw SQLError(.other, "the file system can't share memory, which a log needs")
        }
    }

    /// SQLite refuses this one change at once, without its time to wait, while another process
    /// makes the same file; so the waiting is done here.
    private func switchToLog(_ database: SQLiteDatabase) throws(SQLError) -> String {
        let deadline = ContinuousClock.now + .milliseconds(busyTimeoutMilliseconds)
        while true {
            do throws(SQLError) {
                return try database.first("PRAGMA journal_mode = WAL") { $0.text(0) ?? "" } ?? ""
            } catch {
                guard error.reason == .busy, .now < deadline else { throw error }
            }
            usleep(10_000)
        }
    }

    private func empty() throws(Failure) -> Opened {
        try reporting { () throws(SQLError) in
            let database = try connect(.memory)
            try Migrations.run(on: database)
            return Opened(database: database)
        }
    }

    private func reporting<Value>(
        _ body: () throws(SQLError) -> Value
    ) throws(Failure) -> Value {
        do { return try body() } catch { throw error.failure(path: path) }
    }
}
