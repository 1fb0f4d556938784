/// Hashes passwords with bcrypt and holds them against stored hashes.
///
/// Both take about a tenth of a second of one core at the default cost, by design, and block: call
/// them on a thread pool.
package struct PasswordHasher: Sendable {
    /// What bcrypt reads; a longer password is refused, never cut.
    package static let maximumBytes = 72

    /// The costs that are hashed with and accepted: bcrypt knows 4 to 31, and each step doubles the
    /// time. Above 16, one stored hash could hold a thread for minutes.
    package static let costs = 4...16

    package let cost: Int

    /// A hash of nobody's password, of the same cost: verify against it where an account is
    /// unknown, so that the time taken doesn't tell.
    package let decoy: String

    /// A hasher that does 2 to the power of `cost` rounds.
    package init(cost: Int = 11) throws(PasswordError) {
        guard Self.costs.contains(cost) else { throw .costOutOfRange(cost) }
        self.cost = cost
        // 31 random digits where the hash of a password would be: no password is known to lead
        // there, and nothing has to be hashed when a process starts.
        let digits = RandomBytes.make(31).map { BcryptHash.alphabet[Int($0 & 63)] }
        decoy = try Bcrypt.setting(cost: cost) + String(decoding: digits, as: UTF8.self)
    }

    /// The password's hash, `$2b$` with a salt of its own: 60 ASCII characters.
    ///
    /// - Throws: for a password that is empty, too long or holds a NUL.
    package func hash(_ password: String) throws(PasswordError) -> String {
        try Self.check(password)
        return try Bcrypt.hash(password, setting: Bcrypt.setting(cost: cost))
    }

    /// Whether the password is the one behind a stored hash of the form `$2a$`, `$2b$` or `$2y$`.
    ///
    /// Anything else never matches, and nor does a password that `hash` would refuse.
    package func verify(_ password: String, against stored: String) -> PasswordVerdict {
        guard let parts = BcryptHash(stored), (try? Self.check(password)) != nil,
            let hash = try? Bcrypt.hash(password, setting: stored),
            ConstantTime.equal(hash, stored)
        else { return .doesNotMatch }
        return .matches(needsRehash: parts.cost != cost || parts.variant != UInt8(ascii: "b"))
    }

    private static func check(_ password: String) throws(PasswordError) {
        guard !password.isEmpty else { throw .empty }
        guard password.utf8.count <= maximumBytes else { throw .tooLong }
        guard !password.utf8.contains(0) else { throw .holdsNUL }
    }
}
