/// Why claims are not signed: exactly what `verify` would refuse is refused here first.
package enum SigningError: Error, Sendable, Hashable {
    /// A claim that is too long, out of range, or an extra one with another claim's name.
    case badClaim(String)
    /// More than `TokenClaims.maximumExtras`.
    case tooManyClaims
    /// The token would be over `KeySet.maximumTokenBytes`.
    case tooLong
    /// The library made no signature.
    case failed
}

extension SigningError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .badClaim(let name): "the claim \(name) can't be put into a token"
        case .tooManyClaims: "a token holds at most \(TokenClaims.maximumExtras) extra claims"
        case .tooLong: "the token would have more than \(KeySet.maximumTokenBytes) bytes"
        case .failed: "the token could not be signed"
        }
    }
}
