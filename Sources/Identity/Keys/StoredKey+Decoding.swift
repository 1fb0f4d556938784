internal import Crypto
internal import CryptoExtras
internal import FoundationEssentials

extension StoredKey {
    /// The key that this describes.
    ///
    /// - Throws: when a member is missing, of another algorithm, or of another key than the rest.
    func signingKey() throws(KeyError) -> SigningKey {
        guard use == nil || use == "sig" else { throw malformed("its use is not sig") }
        switch (kty, alg, crv) {
        case ("oct", "HS256", nil):
            let secret = try bytes(k, "k")
            guard secret.count >= 32 else { throw .secretTooShort }
            return try SigningKey(secret: secret, kid: kid)
        case ("EC", "ES256", "P-256"): return try SigningKey(kid: kid, material: p256())
        case ("OKP", "EdDSA", "Ed25519"): return try SigningKey(kid: kid, material: ed25519())
        case ("RSA", "RS256", nil): return try SigningKey(kid: kid, material: rsa())
        default: throw malformed("its kty, alg and crv don't go together")
        }
    }

    private func p256() throws(KeyError) -> KeyMaterial {
        let point = try bytes(x, "x") + bytes(y, "y")
        guard let key = try? P256.Signing.PrivateKey(rawRepresentation: try bytes(d, "d")),
            Array(key.publicKey.rawRepresentation) == point
        else { throw malformed("d, x and y are not of one key") }
        return KeyMaterial(key)
    }

    private func ed25519() throws(KeyError) -> KeyMaterial {
        let point = try bytes(x, "x")
        let scalar = try bytes(d, "d")
        guard let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: scalar),
            Array(key.publicKey.rawRepresentation) == point
        else { throw malformed("d and x are not of one key") }
        return KeyMaterial(key)
    }

    private func rsa() throws(KeyError) -> KeyMaterial {
        let (n, e, d) = (try bytes(n, "n"), try bytes(e, "e"), try bytes(d, "d"))
        let (p, q) = (try bytes(p, "p"), try bytes(q, "q"))
        guard let key = try? _RSA.Signing.PrivateKey(n: n, e: e, d: d, p: p, q: q) else {
            throw malformed("n, e, d, p and q are not of one key of at least 2048 bits")
        }
        return KeyMaterial(key)
    }

    private func bytes(_ text: String?, _ name: String) throws(KeyError) -> [UInt8] {
        guard let text, let bytes = Base64URL.decode(text) else {
            throw malformed("\(name) is not base64url")
        }
        return bytes
    }

    private func malformed(_ why: String) -> KeyError {
        .malformedKey(kid: kid, why: why)
    }
}
