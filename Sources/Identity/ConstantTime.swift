/// Comparisons whose time says nothing about where two secrets differ.
package enum ConstantTime {
    /// Whether both hold the same bytes.
    ///
    /// The time taken depends on their lengths alone, which are no secret.
    package static func equal(_ one: some Sequence<UInt8>, _ other: some Sequence<UInt8>) -> Bool {
        let (one, other) = (Array(one), Array(other))
        guard one.count == other.count else { return false }
        var difference: UInt8 = 0
        for index in one.indices { difference |= one[index] ^ other[index] }
        return difference == 0
    }

    /// Whether both texts have the same UTF-8.
    package static func equal(_ one: String, _ other: String) -> Bool {
        equal(one.utf8, other.utf8)
    }
}
