/// Why a key or a set of keys can't be made or read.
///
/// No case holds a part of a key.
package enum KeyError: Error, Sendable, Hashable {
    /// A `kid` that is not 1 to 64 ASCII letters, digits or `-._~`.
    case badIdentifier
    case duplicateIdentifier(String)
    /// An HS256 secret of fewer than 32 bytes (RFC 7518, section 3.2).
    case secretTooShort
    /// More keys than `KeySet.maximumKeys`.
    case tooManyKeys
    /// Not exactly one key of the set is without an end.
    case noCurrentKey
    /// Not a JSON Web Key Set of the members that are known here.
    case malformedSet
    /// A key of a set that can't be used, with what is wrong with it.
    case malformedKey(kid: String, why: String)
    /// The library made no key.
    case notGenerated
}

extension KeyError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .badIdentifier: "a key's kid must be 1 to 64 ASCII letters, digits or -._~"
        case .duplicateIdentifier(let kid): "two keys have the kid \(kid)"
        case .secretTooShort: "an HS256 secret needs at least 32 bytes"
        case .tooManyKeys: "a key set holds at most \(KeySet.maximumKeys) keys"
        case .noCurrentKey: "exactly one key of a set must be without exp: the one that signs"
        case .malformedSet: "the text is not a JSON Web Key Set"
        case .malformedKey(let kid, let why): "the key \(kid) can't be used: \(why)"
        case .notGenerated: "no key could be generated"
        }
    }
}
