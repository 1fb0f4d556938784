extension KeySet {
    /// The longest token that is made or accepted.
    package static let maximumTokenBytes = 8192

    /// The claims as a token, a JSON Web Token in compact form, signed by the current key.
    package func sign(_ claims: TokenClaims) throws(SigningError) -> String {
        let dot = UInt8(ascii: ".")
        var token = current.header + [dot] + Base64URL.digits(of: try claims.payload())
        guard let signature = try? current.material.signature(of: token) else { throw .failed }
        token.append(dot)
        token += Base64URL.digits(of: signature)
        guard token.count <= Self.maximumTokenBytes else { throw .tooLong }
        return String(decoding: token, as: UTF8.self)
    }

    /// The claims of a token that a key of this set signed and that is good at the second `now`.
    package func verify(
        _ token: some StringProtocol, expecting expectation: TokenExpectation, now: Int
    ) throws(TokenError) -> TokenClaims {
        guard token.utf8.count <= Self.maximumTokenBytes else { throw .tooLong }
        return try verify(Array(token.utf8), expecting: expectation, now: now)
    }

    /// The claims of a token, as the bytes it came in.
    ///
    /// Nothing of the payload is looked at before the signature is known to be right.
    package func verify(
        _ token: [UInt8], expecting expectation: TokenExpectation, now: Int
    ) throws(TokenError) -> TokenClaims {
        guard token.count <= Self.maximumTokenBytes else { throw .tooLong }
        let parts = try CompactToken(token)
        let key = try key(for: parts.header, now: now)
        guard let signature = Base64URL.decode(parts.signature) else { throw .malformed }
        guard key.material.isSignature(signature, of: parts.signed) else { throw .badSignature }
        guard let payload = Base64URL.decode(parts.payload) else { throw .malformed }
        let claims = try TokenClaims(payload: payload)
        try expectation.check(claims, now: now)
        return claims
    }

    /// The key that a header names, if that key signs by the algorithm it says.
    private func key(
        for header: ArraySlice<UInt8>, now: Int
    ) throws(TokenError) -> SigningKey {
        // As this key itself writes it: its own name and algorithm, so there is nothing to read.
        if header.elementsEqual(current.header) { return current }
        let header = try TokenHeader(header)
        guard let key = key(named: header.kid, now: now) else { throw .unknownKey }
        guard header.algorithm == key.algorithm.rawValue else { throw .wrongAlgorithm }
        return key
    }

    private func key(named kid: String?, now: Int) -> SigningKey? {
        guard let kid else { return retired.isEmpty ? current : nil }
        if kid == current.kid { return current }
        return retired.first { $0.key.kid == kid && now < $0.acceptedUntil }?.key
    }
}
