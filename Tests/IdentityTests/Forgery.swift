import Crypto
import FoundationEssentials
import Identity

/// Tokens as an attacker, or another library, would write them.
enum Forgery {
    static let secret = Array("0123456789abcdef0123456789abcdef".utf8)
    static let now = 1_800_000_000
    static let expectation = TokenExpectation(issuer: "https://a.example", audience: "app")
    static let header = #"{"alg":"HS256","kid":"one","typ":"JWT"}"#
    static let payload =
        #"{"iss":"https://a.example","aud":"app","sub":"7","exp":1800000600}"#

    static let claims = TokenClaims(
        issuer: "https://a.example", audience: "app", subject: "7", expiresAt: now + 600)

    /// The set of one HS256 key, `one`, whose secret the forger here knows.
    static func keys() throws -> KeySet {
        try KeySet(current: SigningKey(secret: secret, kid: "one"))
    }

    /// A token with exactly this header and payload, signed by that secret.
    static func token(
        header: String = header, payload: String = payload, secret: [UInt8] = secret
    ) -> String {
        token(header: header, payload: Array(payload.utf8), secret: secret)
    }

    static func token(
        header: String = header, payload: [UInt8], secret: [UInt8] = secret
    ) -> String {
        let signed = Base64URL.encode(Array(header.utf8)) + "." + Base64URL.encode(payload)
        return signed + "." + signature(of: signed, secret: secret)
    }

    static func signature(of signed: String, secret: [UInt8] = secret) -> String {
        let key = SymmetricKey(data: secret)
        return Base64URL.encode(
            Array(HMAC<SHA256>.authenticationCode(for: Array(signed.utf8), using: key)))
    }

    /// Why the set of `keys()` refuses a token; nil when it accepts it.
    static func refusal(of token: String, by keys: KeySet? = nil) throws -> TokenError? {
        let keys = try keys ?? Self.keys()
        do throws(TokenError) {
            _ = try keys.verify(token, expecting: expectation, now: now)
            return nil
        } catch {
            return error
        }
    }
}
