/// What is stored of a refresh token: never the token itself.
package struct RefreshRecord: Sendable, Hashable {
    /// The SHA-256 of the token's text, 64 lower-case hexadecimal digits: the key to look it up by.
    package var digest: String
    /// What all tokens since one sign-in have in common: revoked together, and the `sid` of the
    /// access tokens.
    package var family: String
    /// The second, since 1970, from which this token is refused.
    package var expiresAt: Int
    /// The second from which every token of the family is refused.
    package var familyExpiresAt: Int
    /// When it was exchanged for the next; nil while it is the family's latest.
    package var rotatedAt: Int?
    /// Whether its family was signed out.
    package var isRevoked: Bool

    package init(
        digest: String, family: String, expiresAt: Int, familyExpiresAt: Int,
        rotatedAt: Int? = nil, isRevoked: Bool = false
    ) {
        self.digest = digest
        self.family = family
        self.expiresAt = expiresAt
        self.familyExpiresAt = familyExpiresAt
        self.rotatedAt = rotatedAt
        self.isRevoked = isRevoked
    }
}
