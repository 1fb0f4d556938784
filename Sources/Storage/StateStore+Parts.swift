package import Diagnostics
internal import SQL

extension StateStore {
    /// Records one host's part of a run while the run goes on, on disk before this returns: a run
    /// that is killed later has this much on record.
    package func record(_ part: RunPart, of run: Int) throws(Failure) {
        let milliseconds = now()
        try write(.durable) { database throws(SQLError) in
            try Self.keep(part, of: run, at: milliseconds, in: database)
        }
    }

    static func keep(
        _ part: RunPart, of run: Int, at milliseconds: Int, in database: SQLiteDatabase
    ) throws(SQLError) {
        for address in part.removed {
            try bury(address, run: run, at: milliseconds / 1000, in: database)
        }
        for entry in part.kept { try keep(entry, in: database) }
        for observation in part.observations { try keep(observation, in: database) }
        for host in part.hosts { try keep(host, in: database) }
        try AuditChain.append(part.audit, run: run, at: milliseconds, to: database)
    }
}
