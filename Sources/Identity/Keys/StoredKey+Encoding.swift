internal import Crypto
internal import CryptoExtras
internal import FoundationEssentials
internal import SwiftASN1

extension StoredKey {
    /// The key with its private part.
    init(_ key: SigningKey, acceptedUntil: Int?) throws(KeyError) {
        kty = "oct"
        kid = key.kid
        alg = key.algorithm.rawValue
        use = "sig"
        exp = acceptedUntil
        switch key.material {
        case .secret(let secret, _):
            k = secret.withUnsafeBytes { Base64URL.encode($0) }
        case .p256(let privateKey, let publicKey):
            let point = publicKey.rawRepresentation
            (kty, crv) = ("EC", "P-256")
            (x, y) = (Base64URL.encode(point.prefix(32)), Base64URL.encode(point.suffix(32)))
            d = Base64URL.encode(privateKey.rawRepresentation)
        case .ed25519(let privateKey, let publicKey):
            (kty, crv) = ("OKP", "Ed25519")
            x = Base64URL.encode(publicKey.rawRepresentation)
            d = Base64URL.encode(privateKey.rawRepresentation)
        case .rsa(let privateKey, _):
            guard let numbers = try? Self.numbers(of: privateKey) else {
                throw .malformedKey(kid: key.kid, why: "its numbers can't be read")
            }
            kty = "RSA"
            (n, e, d) = (numbers[1], numbers[2], numbers[3])
            (p, q, dp, dq, qi) = (numbers[4], numbers[5], numbers[6], numbers[7], numbers[8])
        }
    }

    /// The nine numbers of an `RSAPrivateKey` (RFC 8017, appendix A.1.2): version, n, e, d, p, q,
    /// dp, dq, qi, each without leading zeros.
    private static func numbers(of key: _RSA.Signing.PrivateKey) throws -> [String] {
        try DER.sequence(DER.parse(Array(key.derRepresentation)), identifier: .sequence) { nodes in
            try (0..<9).map { _ in
                let number = try ArraySlice<UInt8>(derEncoded: &nodes)
                return Base64URL.encode(number.drop { $0 == 0 })
            }
        }
    }
}
