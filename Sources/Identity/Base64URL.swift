/// base64url without padding (RFC 4648, section 5; RFC 7515, section 2).
///
/// Each string of bytes has exactly one spelling: what a lenient decoder would forgive is refused.
package enum Base64URL {
    private static let alphabet = Array(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

    /// The value of each byte as a digit; 255 for one that is none.
    private static let values: [UInt8] = {
        var values = [UInt8](repeating: 255, count: 256)
        for (value, digit) in alphabet.enumerated() { values[Int(digit)] = UInt8(value) }
        return values
    }()

    /// The bytes as text.
    package static func encode(_ bytes: some Collection<UInt8>) -> String {
        String(decoding: digits(of: bytes), as: UTF8.self)
    }

    /// The bytes of that text.
    ///
    /// Nil when there is padding, a blank, a byte outside the alphabet or a bit too many.
    package static func decode(_ text: String) -> [UInt8]? {
        decode(Array(text.utf8)[...])
    }

    /// The bytes as text's UTF-8.
    static func digits(of bytes: some Collection<UInt8>) -> [UInt8] {
        let alphabet = Self.alphabet
        var digits: [UInt8] = []
        digits.reserveCapacity((bytes.count * 4 + 2) / 3)
        var bits: UInt32 = 0
        var held: UInt32 = 0
        for byte in bytes {
            bits = bits << 8 | UInt32(byte)
            held += 8
            while held >= 6 {
                held -= 6
                digits.append(alphabet[Int(bits >> held & 63)])
            }
        }
        if held > 0 { digits.append(alphabet[Int(bits << (6 - held) & 63)]) }
        return digits
    }

    static func decode(_ text: ArraySlice<UInt8>) -> [UInt8]? {
        guard text.count % 4 != 1 else { return nil }
        let values = Self.values
        var isValid = true
        var bits: UInt32 = 0
        var held: UInt32 = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: text.count * 3 / 4) { buffer, count in
            for digit in text {
                let value = values[Int(digit)]
                if value > 63 { isValid = false }
                bits = bits << 6 | UInt32(value & 63)
                held += 6
                guard held >= 8 else { continue }
                held -= 8
                buffer[count] = UInt8(truncatingIfNeeded: bits >> held)
                count += 1
            }
        }
        // Bits left over would be a second spelling of the same bytes.
        return isValid && bits & (1 << held - 1) == 0 ? bytes : nil
    }
}
