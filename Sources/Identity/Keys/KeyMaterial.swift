internal import Crypto
internal import CryptoExtras
internal import FoundationEssentials

/// What a key signs and verifies with; the public half is kept, for deriving it takes longer than
/// verifying.
enum KeyMaterial: Sendable {
    /// The secret, and an HMAC that has taken it in already.
    case secret(SymmetricKey, keyed: HMAC<SHA256>)
    case p256(P256.Signing.PrivateKey, P256.Signing.PublicKey)
    case ed25519(Curve25519.Signing.PrivateKey, Curve25519.Signing.PublicKey)
    case rsa(_RSA.Signing.PrivateKey, _RSA.Signing.PublicKey)

    init(secret: [UInt8]) {
        let key = SymmetricKey(data: secret)
        self = .secret(key, keyed: HMAC(key: key))
    }

    init(_ key: P256.Signing.PrivateKey) {
        self = .p256(key, key.publicKey)
    }

    init(_ key: Curve25519.Signing.PrivateKey) {
        self = .ed25519(key, key.publicKey)
    }

    init(_ key: _RSA.Signing.PrivateKey) {
        self = .rsa(key, key.publicKey)
    }

    static func generate(_ algorithm: SigningAlgorithm) throws(KeyError) -> KeyMaterial {
        switch algorithm {
        case .hs256: return KeyMaterial(secret: RandomBytes.make(32))
        case .es256: return KeyMaterial(P256.Signing.PrivateKey())
        case .edDSA: return KeyMaterial(Curve25519.Signing.PrivateKey())
        case .rs256:
            guard let key = try? _RSA.Signing.PrivateKey(keySize: .bits2048) else {
                throw .notGenerated
            }
            return KeyMaterial(key)
        }
    }

    var algorithm: SigningAlgorithm {
        switch self {
        case .secret: .hs256
        case .p256: .es256
        case .ed25519: .edDSA
        case .rsa: .rs256
        }
    }

    /// The signature as RFC 7518 and RFC 8037 write it.
    func signature(of bytes: [UInt8]) throws -> [UInt8] {
        switch self {
        case .secret(_, var keyed):
            keyed.update(data: bytes)
            return Array(keyed.finalize())
        case .p256(let key, _): return Array(try key.signature(for: bytes).rawRepresentation)
        case .ed25519(let key, _): return Array(try key.signature(for: bytes))
        case .rsa(let key, _):
            return Array(
                try key.signature(for: bytes, padding: .insecurePKCS1v1_5).rawRepresentation)
        }
    }

    /// Whether that is this key's signature of these bytes; the library compares in constant time.
    func isSignature(_ signature: [UInt8], of bytes: ArraySlice<UInt8>) -> Bool {
        switch self {
        case .secret(_, var keyed):
            keyed.update(data: bytes)
            return keyed.finalize() == signature
        case .p256(_, let key):
            guard let signature = try? P256.Signing.ECDSASignature(rawRepresentation: signature)
            else { return false }
            return key.isValidSignature(signature, for: bytes)
        case .ed25519(_, let key):
            return signature.count == 64 && key.isValidSignature(signature, for: bytes)
        case .rsa(_, let key):
            let signature = _RSA.Signing.RSASignature(rawRepresentation: signature)
            return key.isValidSignature(signature, for: bytes, padding: .insecurePKCS1v1_5)
        }
    }
}
