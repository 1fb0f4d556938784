/// A JSON Web Key (RFC 7517; RFC 7518, section 6; RFC 8037): binary values in base64url.
struct StoredKey: Codable {
    var kty: String
    var kid: String
    var alg: String
    var use: String?
    /// From when on the key is not accepted (OpenID Federation 1.0, section 8.7.2); only on retired
    /// keys.
    var exp: Int?
    var crv: String?
    /// The secret of an `oct` key.
    var k: String?
    var x: String?
    var y: String?
    /// The private part of any other.
    var d: String?
    var n: String?
    var e: String?
    var p: String?
    var q: String?
    var dp: String?
    var dq: String?
    var qi: String?

    /// Without its private part; nil for a secret, which has no other.
    var publicPart: StoredKey? {
        guard kty != "oct" else { return nil }
        var key = self
        key.d = nil
        (key.p, key.q, key.dp, key.dq, key.qi) = (nil, nil, nil, nil, nil)
        return key
    }
}

/// A JSON Web Key Set.
struct StoredKeySet: Codable {
    var keys: [StoredKey]
}
