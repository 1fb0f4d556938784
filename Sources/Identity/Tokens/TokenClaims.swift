/// What a token says (RFC 7519, section 4.1); times are whole seconds since 1970.
package struct TokenClaims: Sendable, Hashable {
    /// The most claims beyond those that have a name here.
    package static let maximumExtras = 16
    /// The most bytes of a text claim and of an extra claim's name.
    package static let maximumTextBytes = 1024, maximumNameBytes = 64
    /// The times that are accepted: from 1970 to the year 9999.
    package static let times = 0...253_402_300_799

    /// `iss`: who made the token.
    package var issuer: String
    /// `aud`: whom it is for.
    package var audience: String
    /// `sub`: whom it speaks of.
    package var subject: String
    /// `exp`: the second from which it is refused.
    package var expiresAt: Int
    /// `nbf`: the second before which it is refused.
    package var notBefore: Int?
    /// `iat`: when it was made.
    package var issuedAt: Int?
    /// `jti`: a name of its own.
    package var id: String?
    package var role: String?
    /// `sid`: the family of refresh tokens it belongs to.
    package var session: String?
    /// All other claims, by name.
    package var extra: [String: ClaimValue]

    package init(
        issuer: String, audience: String, subject: String, expiresAt: Int, notBefore: Int? = nil,
        issuedAt: Int? = nil, id: String? = nil, role: String? = nil, session: String? = nil,
        extra: [String: ClaimValue] = [:]
    ) {
        self.issuer = issuer
        self.audience = audience
        self.subject = subject
        self.expiresAt = expiresAt
        self.notBefore = notBefore
        self.issuedAt = issuedAt
        self.id = id
        self.role = role
        self.session = session
        self.extra = extra
    }
}
