package import Diagnostics
package import Resources
internal import SQL

extension StateStore {
    /// What every resource was last seen as, in order of address.
    package func observations() throws(Failure) -> [ObservedResource] {
        try read { database throws(SQLError) in
            try database.all(
                "SELECT \(Self.observationColumns) FROM observations ORDER BY address", [],
                Self.observation)
        }
    }

    /// What one resource was last seen as; nil when it never was.
    package func observation(of address: Address) throws(Failure) -> ObservedResource? {
        try read { database throws(SQLError) in
            try database.first(
                "SELECT \(Self.observationColumns) FROM observations WHERE address = ?",
                [.text(address.description)], Self.observation)
        }
    }

    /// Keeps what was seen outside a run, of resources and of hosts.
    package func observed(
        _ resources: [ObservedResource], hosts: [HostSighting] = []
    ) throws(Failure) {
        try write(.writing) { database throws(SQLError) in
            for resource in resources { try Self.keep(resource, in: database) }
            for host in hosts { try Self.keep(host, in: database) }
        }
    }

    /// Forgets what was last seen before a time in seconds since 1970, of resources and of hosts,
    /// and returns how many; what is owned stays.
    @discardableResult
    package func forgetObservations(before seconds: Int) throws(Failure) -> Int {
        try write(.writing) { database throws(SQLError) in
            let resources = try database.execute(
                """
                DELETE FROM observations WHERE observed_at < ?
                AND address NOT IN (SELECT address FROM inventory)
                """, [.integer(seconds)])
            let hosts = try database.execute(
                """
                DELETE FROM hosts WHERE seen_at < ?
                AND server NOT IN (SELECT server FROM inventory)
                """, [.integer(seconds)])
            return resources + hosts
        }
    }

    /// The last attempt to reach each server, in order of name.
    package func hosts() throws(Failure) -> [HostSighting] {
        let sql = "SELECT server, failure, seen_at, reached_at FROM hosts ORDER BY server"
        return try read { database throws(SQLError) in
            try database.all(sql) { row throws(SQLError) in
                var host = HostSighting(
                    server: try row.requiredText(0), failure: row.text(1),
                    at: try row.requiredInteger(2))
                host.reachedAt = row.integer(3)
                return host
            }
        }
    }

    static func keep(_ resource: ObservedResource, in database: SQLiteDatabase) throws(SQLError) {
        try database.execute(
            "REPLACE INTO observations (\(observationColumns)) VALUES (?, ?, ?, ?, ?)",
            [
                .text(resource.address.description), .text(resource.digest.hexadecimal),
                SQLValue(resource.body.map { String(decoding: $0, as: UTF8.self) }),
                .integer(resource.observedAt), SQLValue(resource.run),
            ])
    }

    static func keep(_ host: HostSighting, in database: SQLiteDatabase) throws(SQLError) {
        try database.execute(
            """
            INSERT INTO hosts (server, failure, seen_at, reached_at) VALUES (?, ?, ?, ?)
            ON CONFLICT (server) DO UPDATE SET failure = excluded.failure,
                seen_at = excluded.seen_at, reached_at = ifnull(excluded.reached_at, reached_at)
            """,
            [
                .text(host.server), SQLValue(host.failure), .integer(host.at),
                SQLValue(host.failure == nil ? host.at : nil),
            ])
    }

    private static let observationColumns = "address, digest, body, observed_at, run"

    private static func observation(_ row: SQLiteRow) throws(SQLError) -> ObservedResource {
        ObservedResource(
            address: try row.address(0), digest: try row.digest(1), body: row.bytes(2),
            observedAt: try row.requiredInteger(3), run: row.integer(4))
    }
}
