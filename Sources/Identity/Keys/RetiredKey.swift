/// A key that signs no more, and whose tokens are accepted for some time yet.
package struct RetiredKey: Sendable {
    package let key: SigningKey
    /// The second, since 1970, from which its tokens are refused.
    package let acceptedUntil: Int

    package init(_ key: SigningKey, acceptedUntil: Int) {
        self.key = key
        self.acceptedUntil = acceptedUntil
    }
}
