extension TokenClaims {
    /// Reads the payload of a token whose signature is right.
    init(payload: [UInt8]) throws(TokenError) {
        var draft = Draft()
        try draft.read(payload)
        guard let issuer = draft.issuer else { throw .badClaim("iss") }
        guard let audience = draft.audience else { throw .badClaim("aud") }
        guard let subject = draft.subject else { throw .badClaim("sub") }
        guard let expiresAt = draft.expiresAt else { throw .badClaim("exp") }
        self.init(
            issuer: issuer, audience: audience, subject: subject, expiresAt: expiresAt,
            notBefore: draft.notBefore, issuedAt: draft.issuedAt, id: draft.id, role: draft.role,
            session: draft.session, extra: draft.extra)
    }

    /// Claims as they come, any of which may be missing yet.
    private struct Draft {
        var issuer: String?
        var audience: String?
        var subject: String?
        var expiresAt: Int?
        var notBefore: Int?
        var issuedAt: Int?
        var id: String?
        var role: String?
        var session: String?
        var extra: [String: ClaimValue] = [:]

        mutating func read(_ payload: [UInt8]) throws(TokenError) {
            guard var reader = try? FlatJSONReader(payload) else { throw .badPayload }
            while let (name, value) = try next(&reader) {
                switch name {
                case "iss": try set(&issuer, name, value)
                case "aud": try set(&audience, name, value)
                case "sub": try set(&subject, name, value)
                case "exp": try set(&expiresAt, name, value)
                case "nbf": try set(&notBefore, name, value)
                case "iat": try set(&issuedAt, name, value)
                case "jti": try set(&id, name, value)
                case "role": try set(&role, name, value)
                case "sid": try set(&session, name, value)
                default: try add(name, value)
                }
            }
        }

        private func next(
            _ reader: inout FlatJSONReader
        ) throws(TokenError) -> (name: String, value: ClaimValue)? {
            do { return try reader.next() } catch { throw .badPayload }
        }

        private func set(
            _ claim: inout String?, _ name: String, _ value: ClaimValue
        ) throws(TokenError) {
            guard claim == nil else { throw .badPayload }
            guard case .string(let text) = value, TokenClaims.isAccepted(value) else {
                throw .badClaim(name)
            }
            claim = text
        }

        private func set(
            _ claim: inout Int?, _ name: String, _ value: ClaimValue
        ) throws(TokenError) {
            guard claim == nil else { throw .badPayload }
            guard case .integer(let time) = value, TokenClaims.times.contains(time) else {
                throw .badClaim(name)
            }
            claim = time
        }

        private mutating func add(_ name: String, _ value: ClaimValue) throws(TokenError) {
            guard extra.count < TokenClaims.maximumExtras, TokenClaims.isName(name),
                TokenClaims.isAccepted(value), extra.updateValue(value, forKey: name) == nil
            else { throw .badPayload }
        }
    }

    /// Whether an extra claim may have that name.
    static func isName(_ name: String) -> Bool {
        (1...maximumNameBytes).contains(name.utf8.count)
    }

    /// Whether a claim may have that value: the length of text is limited.
    static func isAccepted(_ value: ClaimValue) -> Bool {
        guard case .string(let text) = value else { return true }
        return text.utf8.count <= maximumTextBytes
    }
}
