package import Diagnostics
package import Resources
internal import SQL

extension StateStore {
    /// The rollout under way, or the one that was stopped; nil when there is none.
    package func rollout() throws(Failure) -> RolloutRecord? {
        let body = try read { database throws(SQLError) in
            try database.first("SELECT body FROM rollout") { row in row.bytes(0) ?? [] }
        }
        guard let body else { return nil }
        do {
            return try CanonicalJSON.decode(RolloutRecord.self, from: body)
        } catch {
            throw .stalled(
                .init("the state's record of the rollout can't be read: \(error)"))
        }
    }

    /// The places of the rollout, and what is in force on each.
    package func rolloutPlaces() throws(Failure) -> [String: PlaceVersion] {
        let rows = try read { database throws(SQLError) in
            try database.all("SELECT server, revision, former FROM rollout_places") {
                row throws(SQLError) in
                (
                    try row.requiredText(0),
                    PlaceVersion(revision: row.text(1), former: row.text(2))
                )
            }
        }
        return Dictionary(rows, uniquingKeysWith: { first, _ in first })
    }

    /// Writes down how far a rollout is, on disk before this returns, and what of it is news.
    package func keep(
        _ change: RolloutChange, audit: [AuditEvent] = [], notices: [Notice] = []
    ) throws(Failure) {
        let milliseconds = now()
        try write(.durable) { database throws(SQLError) in
            try Self.keep(change, in: database)
            try AuditChain.append(audit, run: nil, at: milliseconds, to: database)
            try Self.keep(notices, in: database)
        }
    }

    static func keep(_ change: RolloutChange, in database: SQLiteDatabase) throws(SQLError) {
        if let record = change.record {
            let body = String(decoding: json(record), as: UTF8.self)
            try database.execute(
                "REPLACE INTO rollout (id, body) VALUES (1, ?)", [.text(body)])
        } else {
            try database.execute("DELETE FROM rollout", [])
        }
        guard let places = change.places else { return }
        try database.execute("DELETE FROM rollout_places", [])
        for (server, version) in places {
            try database.execute(
                "INSERT INTO rollout_places (server, revision, former) VALUES (?, ?, ?)",
                [.text(server), SQLValue(version.revision), SQLValue(version.former)])
        }
    }

    /// When the runs of a commit last did something to a resource: the larger, the later.
    package struct LastStep: Sendable {
        package var address: Address
        package var server: String
        package var position: Int
    }

    /// What the runs of a commit did, resource by resource.
    package func lastSteps(of revision: String) throws(Failure) -> [LastStep] {
        let sql = """
            SELECT address, server, max(run * 1000000 + sequence) FROM journal
            JOIN runs ON runs.id = journal.run
            WHERE revision = ? AND state IN ('started', 'succeeded', 'failed', 'undone')
            GROUP BY address, server
            """
        return try read { database throws(SQLError) in
            try database.all(sql, [.text(revision)]) { row throws(SQLError) in
                LastStep(
                    address: try row.address(0), server: try row.requiredText(1),
                    position: try row.requiredInteger(2))
            }
        }
    }
}
