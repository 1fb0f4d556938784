/// Text that a POSIX shell reads as exactly one word, and script assembled from such words.
///
/// The one place where values meet shell text. Source: POSIX.1-2017, XCU 2.2.2: within single
/// quotes every character stands for itself, a single quote can't occur.
enum ShellText {
    /// `it's` becomes `'it'\''s'`.
    ///
    /// Byte by byte: to Swift, a quote with a combining mark after it is another character than a
    /// quote; to a shell it is a quote.
    static func quoted(_ word: String) -> String {
        var bytes: [UInt8] = [UInt8(ascii: "'")]
        for byte in word.utf8 {
            if byte == UInt8(ascii: "'") {
                bytes += Array("'\\''".utf8)
            } else {
                bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "'"))
        return String(decoding: bytes, as: UTF8.self)
    }

    static func quoted(_ words: [String]) -> String {
        words.map(quoted).joined(separator: " ")
    }

    /// A format for `printf` that prints exactly `bytes`: letters, digits and blanks as they are,
    /// everything else as octal escapes, so that NUL and a missing last line break survive.
    static func printfFormat(of bytes: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count * 2)
        for byte in bytes {
            if isPlain(byte) {
                result.append(byte)
            } else {
                result.append(UInt8(ascii: "\\"))
                for shift in [6, 3, 0] {
                    result.append(UInt8(ascii: "0") + (byte >> UInt8(shift)) & 7)
                }
            }
        }
        return result
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: " "):
            true
        // A digit after an octal escape of three digits is not read as part of it.
        case UInt8(ascii: "0")...UInt8(ascii: "9"): true
        default: false
        }
    }
}

/// A word that no output can hold by chance or by design: 128 random bits.
struct Nonce: Sendable, Hashable {
    let text: String

    init() {
        var generator = SystemRandomNumberGenerator()
        let words = (0..<2).map { _ in UInt64.random(in: .min ... .max, using: &generator) }
        text = "stead-" + words.map { String($0, radix: 36) }.joined()
    }

    init(_ text: String) {
        self.text = text
    }

    var bytes: [UInt8] { Array(text.utf8) }
}
