/// Why a token is refused.
///
/// For the log; whoever presented it is told no more than that it is invalid or has expired.
package enum TokenError: Error, Sendable, Hashable {
    /// Over `KeySet.maximumTokenBytes`.
    case tooLong
    /// Not three parts in base64url, spelled the one way there is.
    case malformed
    /// The header is not a flat JSON object of `alg`, `kid` and `typ`, each at most once.
    case badHeader
    /// No key has that `kid`, or its time is over, or none is named where there are several.
    case unknownKey
    /// Another algorithm than the key's; `none` is never a key's.
    case wrongAlgorithm
    case badSignature
    /// The payload is not a flat JSON object, or has a claim twice, or too many.
    case badPayload
    /// A claim that is missing, or of another type or size than it must be.
    case badClaim(String)
    case wrongIssuer
    case wrongAudience
    case expired
    case notYetValid
}

extension TokenError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .tooLong: "the token has more than \(KeySet.maximumTokenBytes) bytes"
        case .malformed: "the token is not three base64url parts"
        case .badHeader: "the token's header is not one that is accepted"
        case .unknownKey: "the token names no key that is accepted"
        case .wrongAlgorithm: "the token's algorithm is not its key's"
        case .badSignature: "the token's signature is wrong"
        case .badPayload: "the token's payload is not a flat JSON object"
        case .badClaim(let name): "the token's claim \(name) is missing or malformed"
        case .wrongIssuer: "the token is of another issuer"
        case .wrongAudience: "the token is for another audience"
        case .expired: "the token has expired"
        case .notYetValid: "the token is not valid yet"
        }
    }
}
