package import Diagnostics
package import Resources
internal import SQL

/// What is never deleted, whatever git says.
extension StateStore {
    /// What is protected, and what a person has said may go.
    package func protections() throws(Failure) -> Protections {
        let sql = "SELECT address, revision, is_lifted FROM protections"
        let rows = try read { database throws(SQLError) in
            try database.all(sql) { row throws(SQLError) -> (Address, Protections.Record) in
                let revision = try row.requiredText(1)
                return (
                    try row.address(0), row.integer(2) == 1 ? .lifted : .since(revision: revision)
                )
            }
        }
        return Protections(Dictionary(rows, uniquingKeysWith: { first, _ in first }))
    }

    /// Protects resources, and lifts the protection of others, as a revision says.
    package func protect(
        _ protected: [Address], lifting lifted: [Address], revision: String, by actor: String
    ) throws(Failure) {
        guard !protected.isEmpty || !lifted.isEmpty else { return }
        let (milliseconds, seconds) = (now(), seconds)
        let detail = Self.json(["revision": revision])
        func event(_ action: String, _ address: Address) -> AuditEvent {
            AuditEvent(
                actor: actor, action: action, subject: address.description, detail: detail)
        }
        let events =
            protected.map { event("protection.set", $0) }
            + lifted.map { event("protection.lifted", $0) }
        try write(.durable) { database throws(SQLError) in
            for address in protected {
                try database.execute(
                    "REPLACE INTO protections (address, revision, since) VALUES (?, ?, ?)",
                    [.text(address.description), .text(revision), .integer(seconds)])
            }
            for address in lifted {
                try database.execute(
                    "DELETE FROM protections WHERE address = ?", [.text(address.description)])
            }
            try AuditChain.append(events, run: nil, at: milliseconds, to: database)
        }
    }

    /// Lifts the protection of one resource at a person's word; false when it has none.
    ///
    /// The place that a resource has left gets a record of its own: the resource stays protected.
    package func unprotect(_ address: Address, by actor: String) throws(Failure) -> Bool {
        guard let revision = try protections().revision(protecting: address) else { return false }
        let (milliseconds, seconds) = (now(), seconds)
        let event = AuditEvent(
            actor: actor, action: "protection.lifted", subject: address.description,
            detail: Self.json(["protectedSince": revision]))
        try write(.durable) { database throws(SQLError) in
            try database.execute(
                """
                REPLACE INTO protections (address, revision, since, is_lifted) VALUES (?, ?, ?, 1)
                """, [.text(address.description), .text(revision), .integer(seconds)])
            if address.successor == nil {
                try database.execute(
                    "DELETE FROM protections WHERE address = ?", [.text(address.description)])
            }
            try AuditChain.append([event], run: nil, at: milliseconds, to: database)
        }
        return true
    }
}
