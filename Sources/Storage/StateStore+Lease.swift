package import Diagnostics
internal import Resources
internal import SQL

/// The lease as it stands in the state.
package struct LeaseRecord: Sendable, Equatable {
    /// Names the state on its hosts.
    package var state: String
    /// Grows each time the lease is taken; whoever holds a smaller one has lost it.
    package var token: Int
    /// Grows while the holder lives.
    package var beat: Int
    /// Nil when it is free.
    package var holder: LeaseHolder?
}

extension StateStore {
    /// The lease as it stands.
    package func lease() throws(Failure) -> LeaseRecord {
        try read { database throws(SQLError) in try Self.lease(in: database) }
    }

    /// Takes the lease if it still is as it was seen, and says with what token; nil when it is not.
    func takeLease(_ seen: LeaseRecord, for holder: LeaseHolder) throws(Failure) -> Int? {
        let text = try Self.encode(holder)
        return try write(.durable, isFenced: false) { database throws(SQLError) in
            let count = try database.execute(
                """
                UPDATE lease SET token = token + 1, beat = beat + 1, holder = ?
                WHERE token = ? AND beat = ?
                """, [.text(text), .integer(seen.token), .integer(seen.beat)])
            return count == 1 ? seen.token + 1 : nil
        }
    }

    /// Shows that the holder of a token lives; false when the lease has been lost.
    func renewLease(_ token: Int) throws(Failure) -> Bool {
        try write(.writing, isFenced: false) { database throws(SQLError) in
            try database.execute(
                "UPDATE lease SET beat = beat + 1 WHERE token = ?", [.integer(token)]) == 1
        }
    }

    /// Gives the lease back; one that was lost stays its new holder's.
    func releaseLease(_ token: Int) throws(Failure) {
        _ = try write(.durable, isFenced: false) { database throws(SQLError) in
            try database.execute(
                "UPDATE lease SET beat = beat + 1, holder = NULL WHERE token = ?",
                [.integer(token)])
        }
    }

    /// From now on nothing is written here unless the lease still has this token.
    func fence(_ token: Int?) {
        fencingToken = token
    }

    /// Whether the token this store writes under is still the lease's.
    ///
    /// - Throws: `stalled` when it is not.
    package func checkFence() throws(Failure) {
        guard let token = fencingToken else { return }
        let current = try lease().token
        guard current == token else { throw Self.lost(token, to: current) }
    }

    static func lost(_ token: Int, to current: Int) -> Failure {
        .stalled(
            .init(
                "another process has taken over (lease \(current), this is \(token)); "
                    + "nothing more is done here",
                fix: "see `stead status` for who it is"))
    }

    static func lease(in database: SQLiteDatabase) throws(SQLError) -> LeaseRecord {
        let found = try database.first("SELECT state, token, beat, holder FROM lease WHERE id = 1")
        { row throws(SQLError) in
            LeaseRecord(
                state: try row.requiredText(0), token: try row.requiredInteger(1),
                beat: try row.requiredInteger(2), holder: row.bytes(3).flatMap(decode))
        }
        guard let found else { throw SQLError(.corrupt, "the lease is missing") }
        return found
    }

    private static func decode(_ text: [UInt8]) -> LeaseHolder? {
        try? CanonicalJSON.decode(LeaseHolder.self, from: text)
    }

    private static func encode(_ holder: LeaseHolder) throws(Failure) -> String {
        do {
            return String(decoding: try CanonicalJSON.encode(holder), as: UTF8.self)
        } catch {
            throw .stalled(.init("the lease's holder can't be written down: \(error)"))
        }
    }
}
