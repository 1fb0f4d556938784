extension TokenClaims {
    /// The claims that have a field of their own.
    private static let names: Set = [
        "iss", "aud", "sub", "exp", "nbf", "iat", "jti", "role", "sid",
    ]

    /// The payload that `init(payload:)` reads: always the same bytes for the same claims.
    func payload() throws(SigningError) -> [UInt8] {
        var writer = FlatJSONWriter()
        try write("iss", issuer, to: &writer)
        try write("aud", audience, to: &writer)
        try write("sub", subject, to: &writer)
        try write("exp", expiresAt, to: &writer)
        if let notBefore { try write("nbf", notBefore, to: &writer) }
        if let issuedAt { try write("iat", issuedAt, to: &writer) }
        if let id { try write("jti", id, to: &writer) }
        if let role { try write("role", role, to: &writer) }
        if let session { try write("sid", session, to: &writer) }
        guard extra.count <= Self.maximumExtras else { throw .tooManyClaims }
        for (name, value) in extra.sorted(by: { $0.key < $1.key }) {
            guard Self.isName(name), !name.utf8.contains(0), !Self.names.contains(name) else {
                throw .badClaim(name)
            }
            try write(name, value, to: &writer)
        }
        return writer.object
    }

    private func write(
        _ name: String, _ text: String, to writer: inout FlatJSONWriter
    ) throws(SigningError) {
        try write(name, .string(text), to: &writer)
    }

    private func write(
        _ name: String, _ time: Int, to writer: inout FlatJSONWriter
    ) throws(SigningError) {
        guard Self.times.contains(time) else { throw .badClaim(name) }
        try write(name, .integer(time), to: &writer)
    }

    private func write(
        _ name: String, _ value: ClaimValue, to writer: inout FlatJSONWriter
    ) throws(SigningError) {
        guard Self.isAccepted(value) else { throw .badClaim(name) }
        if case .string(let text) = value, text.utf8.contains(0) { throw .badClaim(name) }
        writer.write(name, value)
    }
}
