internal import Crypto

/// What ties a sign-in to the person who signed in, beyond the key of a row: databases give out
/// again the keys of rows that are gone.
package enum PersonMark {
    /// A digest of a person's key and password hash, whose salt nobody else has.
    ///
    /// - Parameters:
    ///   - subject: the key of the person's row.
    ///   - passwordHash: the hash that the row holds.
    /// - Returns: 64 lower-case hexadecimal digits.
    package static func text(subject: String, passwordHash: String) -> String {
        SHA256.hash(data: Array((subject + "\0" + passwordHash).utf8)).map { byte in
            (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }.joined()
    }
}
