/// The key that signs tokens, and those before it whose tokens are still accepted.
package struct KeySet: Sendable {
    /// The most keys of a set, so that a rotation gone wild is noticed.
    package static let maximumKeys = 16

    package let current: SigningKey
    package let retired: [RetiredKey]

    /// A set of these keys.
    ///
    /// - Throws: when two have the same `kid`, or there are too many.
    package init(current: SigningKey, retired: [RetiredKey] = []) throws(KeyError) {
        guard retired.count < Self.maximumKeys else { throw .tooManyKeys }
        var kids: Set = [current.kid]
        for key in retired where !kids.insert(key.key.kid).inserted {
            throw .duplicateIdentifier(key.key.kid)
        }
        self.current = current
        self.retired = retired
    }

    /// The set in which `key` signs from now on, the former key's tokens are accepted for so many
    /// seconds more, and keys whose time is over are gone.
    ///
    /// An overlap of a token's lifetime lets each token that is out run to its end.
    package func rotated(
        to key: SigningKey, now: Int, overlapSeconds: Int
    ) throws(KeyError) -> KeySet {
        let former = RetiredKey(current, acceptedUntil: now + overlapSeconds)
        return try KeySet(
            current: key, retired: ([former] + retired).filter { now < $0.acceptedUntil })
    }
}
