/// How a token is signed: a name of RFC 7518, section 3.1, or RFC 8037.
package enum SigningAlgorithm: String, Sendable, Hashable, CaseIterable {
    /// HMAC with SHA-256: who verifies can also sign.
    case hs256 = "HS256"
    /// ECDSA on P-256 with SHA-256.
    case es256 = "ES256"
    /// Ed25519.
    case edDSA = "EdDSA"
    /// RSA with PKCS #1 v1.5 padding and SHA-256.
    case rs256 = "RS256"
}
