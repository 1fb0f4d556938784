/// Random bytes of the system's generator: `getrandom(2)` on Linux.
package enum RandomBytes {
    /// So many random bytes.
    package static func make(_ count: Int) -> [UInt8] {
        var generator = SystemRandomNumberGenerator()
        return (0..<count).map { _ in generator.next() }
    }

    /// So many random bytes in base64url: 43 characters for 32 bytes.
    package static func token(bytes count: Int = 32) -> String {
        Base64URL.encode(make(count))
    }
}
