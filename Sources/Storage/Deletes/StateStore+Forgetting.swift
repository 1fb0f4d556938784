package import Diagnostics
package import Resources
internal import SQL

/// Servers that are gone for good, and what was on them.
extension StateStore {
    /// Gives up all that is known of a server, and writes down why; nothing is done on the host.
    ///
    /// - Parameters:
    ///   - server: its name.
    ///   - reason: a person's.
    ///   - actor: who asked for it.
    /// - Returns: what was owned there, the server itself with it, in order of address; nil when
    ///   nothing is known of such a server.
    /// - Throws: when the state can't be written.
    package func forget(
        server: String, because reason: String, by actor: String
    ) throws(Failure) -> [Address]? {
        let milliseconds = now()
        let detail = Self.json(["reason": reason, "server": server])
        let key = SQLValue.text(server)
        return try write(.durable) { database throws(SQLError) in
            let owned = try database.all(
                "SELECT address FROM inventory WHERE server = ? ORDER BY address", [key]
            ) { row throws(SQLError) in try row.address(0) }
            let sightings = try database.execute("DELETE FROM hosts WHERE server = ?", [key])
            guard !owned.isEmpty || sightings > 0 else { return nil }
            for address in owned {
                let key = SQLValue.text(address.description)
                for table in ["observations", "protections", "inventory"] {
                    try database.execute("DELETE FROM \(table) WHERE address = ?", [key])
                }
                try database.execute("DELETE FROM conditions WHERE subject = ?", [key])
            }
            try database.execute(
                "DELETE FROM conditions WHERE subject = ?", [.text("server/\(server)")])
            for table in ["quarantine", "rollout_places"] {
                try database.execute("DELETE FROM \(table) WHERE server = ?", [key])
            }
            try database.execute(
                """
                UPDATE journal SET state = 'superseded' WHERE server = ?
                AND state IN ('planned', 'started', 'failed', 'skipped')
                """, [key])
            let events = owned.map {
                AuditEvent(
                    actor: actor, action: "resource.forgotten", subject: $0.description,
                    detail: detail)
            }
            let end = AuditEvent(
                actor: actor, action: "server.forgotten", subject: "server/\(server)",
                detail: detail)
            try AuditChain.append(events + [end], run: nil, at: milliseconds, to: database)
            return owned
        }
    }
}
