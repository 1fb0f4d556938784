/// A key that signs and verifies tokens, by one algorithm that never changes.
package struct SigningKey: Sendable {
    /// The name that a token's header says it is signed by.
    package let kid: String
    let material: KeyMaterial
    /// The first part of each token it signs, `{"alg":…,"kid":…,"typ":"JWT"}` in base64url.
    let header: [UInt8]

    package var algorithm: SigningAlgorithm { material.algorithm }

    init(kid: String, material: KeyMaterial) throws(KeyError) {
        guard Self.isIdentifier(kid) else { throw .badIdentifier }
        self.kid = kid
        self.material = material
        let header = #"{"alg":"\#(material.algorithm.rawValue)","kid":"\#(kid)","typ":"JWT"}"#
        self.header = Base64URL.digits(of: header.utf8)
    }

    /// A new key: 256 random bits for HS256, 2048 bits for RS256.
    ///
    /// - Throws: for a `kid` that is not 1 to 64 ASCII letters, digits or `-._~`.
    package static func generate(
        _ algorithm: SigningAlgorithm, kid: String = RandomBytes.token(bytes: 12)
    ) throws(KeyError) -> SigningKey {
        try SigningKey(kid: kid, material: .generate(algorithm))
    }

    /// An HS256 key of a secret that others know too.
    ///
    /// - Throws: for a secret of fewer than 32 bytes.
    package init(secret: [UInt8], kid: String) throws(KeyError) {
        guard secret.count >= 32 else { throw .secretTooShort }
        try self.init(kid: kid, material: KeyMaterial(secret: secret))
    }

    private static func isIdentifier(_ kid: String) -> Bool {
        (1...64).contains(kid.utf8.count)
            && kid.utf8.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
                default: "-._~".utf8.contains(byte)
                }
            }
    }
}

extension SigningKey: CustomStringConvertible {
    /// The algorithm and the `kid`, never the key.
    package var description: String { "\(algorithm.rawValue) \(kid)" }
}
