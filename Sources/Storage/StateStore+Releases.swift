package import Diagnostics
internal import SQL

/// What the gateway serves of an app.
package struct PublishedRelease: Sendable, Equatable {
    package var app: String
    /// JSON; nil once it is withdrawn.
    package var body: String?
    /// Grows with every publication of any app.
    package var sequence: Int
}

extension StateStore {
    /// What is published of an app; nil when nothing is.
    package func release(of app: String) throws(Failure) -> PublishedRelease? {
        try releases(after: 0).first { $0.app == app && $0.body != nil }
    }

    /// What was published or withdrawn after a number, in order.
    package func releases(after sequence: Int) throws(Failure) -> [PublishedRelease] {
        try read { database throws(SQLError) in
            // A state of an older version has none yet.
            let known = try database.first(
                "SELECT 1 FROM sqlite_schema WHERE name = 'releases'"
            ) { $0.integer(0) }
            guard known != nil else { return [] }
            return try database.all(
                "SELECT app, body, sequence FROM releases WHERE sequence > ? ORDER BY sequence",
                [.integer(sequence)]
            ) { row throws(SQLError) in
                PublishedRelease(
                    app: try row.requiredText(0), body: row.text(1),
                    sequence: try row.requiredInteger(2))
            }
        }
    }

    /// What the gateway serves of an app from now on.
    package func publish(_ release: String, of app: String) throws(Failure) {
        try keep(release, of: app)
    }

    /// The gateway stops serving an app.
    package func withdraw(releaseOf app: String) throws(Failure) {
        try keep(nil, of: app)
    }

    private func keep(_ body: String?, of app: String) throws(Failure) {
        let seconds = seconds
        _ = try write(.durable) { database throws(SQLError) in
            try database.execute(
                """
                REPLACE INTO releases (app, body, sequence, published_at)
                VALUES (?, ?, (SELECT coalesce(max(sequence), 0) + 1 FROM releases), ?)
                """, [.text(app), SQLValue(body), .integer(seconds)])
        }
    }
}
