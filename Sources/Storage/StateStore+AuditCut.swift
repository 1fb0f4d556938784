package import Diagnostics
internal import Resources
internal import SQL

extension StateStore {
    /// The number of the first entry that was written at a time or later, in milliseconds since
    /// 1970; the one after the last where there is none.
    package func firstAuditEntry(since milliseconds: Int) throws(Failure) -> Int {
        try read { database throws(SQLError) in
            let found = try database.first(
                "SELECT min(sequence) FROM audit WHERE at >= ?",
                [.text(Timestamp.iso8601(milliseconds: milliseconds))]
            ) { $0.integer(0) }
            if let number = found ?? nil { return number }
            return (try AuditChain.head(in: database)?.count ?? 0) + 1
        }
    }

    /// What a cut before an entry takes off the log; nil for nothing.
    ///
    /// - Throws: `stalled` for a log that does not hold together, that does not reach so far, or
    ///   that has not been forwarded so far.
    package func auditCut(before number: Int) throws(Failure) -> AuditCut? {
        guard case .intact(let count, _, let former) = try verifyAudit() else {
            throw .stalled(
                .init(
                    "the audit log is not as it was written, and stays whole",
                    fix: "`stead audit verify` says what is wrong with it"))
        }
        let (first, last) = ((former?.last ?? 0) + 1, number - 1)
        guard last <= count else {
            throw .stalled(.init("the audit log has \(count) entries, none to cut at \(number)"))
        }
        guard last >= first else { return nil }
        let forwarded = try read { database throws(SQLError) in
            try database.first("SELECT min(sequence) FROM forwards") { $0.integer(0) } ?? nil
        }
        if let forwarded, forwarded < last {
            throw .stalled(
                .init(
                    "entries after \(forwarded) have not reached `audit.forward` yet",
                    fix: "let the controller forward them, or take the setting away"))
        }
        let hash = try read { database throws(SQLError) in
            try database.first(
                "SELECT hash FROM audit WHERE sequence = ?", [.integer(last)]
            ) { row throws(SQLError) in try row.digest(0) }
        }
        return hash.map { AuditCut(first: first, last: last, hash: $0) }
    }

    /// Cuts entries off the beginning of the log, and writes that down as its last entry.
    ///
    /// - Throws: `stalled` where the log is another than the cut was made for.
    package func cutAudit(_ cut: AuditCut, by actor: String) throws(Failure) {
        let milliseconds = now()
        let event = AuditEvent(
            actor: actor, action: AuditCut.action, subject: "audit", detail: Self.json(cut))
        let isCut = try write(.durable) { database throws(SQLError) in
            let ends = try database.first(
                "SELECT (SELECT min(sequence) FROM audit), hash FROM audit WHERE sequence = ?",
                [.integer(cut.last)]
            ) { row throws(SQLError) in (row.integer(0), try row.digest(1)) }
            guard let ends, ends.0 == cut.first, ends.1 == cut.hash else { return false }
            try AuditChain.append([event], run: nil, at: milliseconds, to: database)
            try database.execute(
                "DELETE FROM audit WHERE sequence <= ?", [.integer(cut.last)])
            return true
        }
        guard isCut else {
            throw .stalled(
                .init("the audit log was cut meanwhile", fix: "look at it, and run again"))
        }
    }
}
