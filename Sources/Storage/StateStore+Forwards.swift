package import Diagnostics
internal import SQL

/// How far the audit log has been taken elsewhere.
extension StateStore {
    /// The last entry that a receiver has; 0 for none.
    package func forwarded(to target: String) throws(Failure) -> Int {
        try read { database throws(SQLError) in
            try database.first(
                "SELECT sequence FROM forwards WHERE target = ?", [.text(target)]
            ) { $0.integer(0) } ?? nil
        } ?? 0
    }

    /// Writes down what a receiver has, and forgets every other receiver; nil when there is none.
    package func keepForwarded(_ sequence: Int, to target: String?) throws(Failure) {
        try write(.durable) { database throws(SQLError) in
            try database.execute("DELETE FROM forwards WHERE target IS NOT ?", [SQLValue(target)])
            guard let target else { return }
            try database.execute(
                "REPLACE INTO forwards (target, sequence) VALUES (?, ?)",
                [.text(target), .integer(sequence)])
        }
    }

    /// Whether a receiver is remembered other than the one named.
    package func forwards(toOthersThan target: String?) throws(Failure) -> Bool {
        try read { database throws(SQLError) in
            try database.first(
                "SELECT 1 FROM forwards WHERE target IS NOT ?", [SQLValue(target)]
            ) { _ in true } ?? false
        }
    }

    /// The entries after one, at most so many.
    package func auditEntries(after sequence: Int, limit: Int) throws(Failure) -> [AuditEntry] {
        try auditPage(after: sequence, limit: limit, matching: AuditFilter())
    }
}
