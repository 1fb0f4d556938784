/// Whether a password is the one behind a stored hash.
package enum PasswordVerdict: Sendable, Hashable {
    /// It is; `needsRehash` when the hash has another cost or variant than new ones.
    case matches(needsRehash: Bool)
    case doesNotMatch
}
