/// What a token must say to be accepted.
package struct TokenExpectation: Sendable, Hashable {
    package var issuer: String
    package var audience: String
    /// How far this clock and the issuer's may be apart.
    package var leewaySeconds: Int

    package init(issuer: String, audience: String, leewaySeconds: Int = 30) {
        self.issuer = issuer
        self.audience = audience
        self.leewaySeconds = leewaySeconds
    }

    /// Holds the claims of a token whose signature is right against this.
    func check(_ claims: TokenClaims, now: Int) throws(TokenError) {
        // Byte for byte: `==` takes texts for equal that Unicode only calls equivalent.
        guard claims.issuer.utf8.elementsEqual(issuer.utf8) else { throw .wrongIssuer }
        guard claims.audience.utf8.elementsEqual(audience.utf8) else { throw .wrongAudience }
        guard now - leewaySeconds < claims.expiresAt else { throw .expired }
        guard claims.notBefore.map({ $0 <= now + leewaySeconds }) ?? true else {
            throw .notYetValid
        }
    }
}
