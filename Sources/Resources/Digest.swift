package import Crypto

/// A SHA-256 digest: 32 bytes, written as 64 lower-case hexadecimal digits, the form `sha256sum`
/// prints.
package struct Digest: Hashable, Sendable {
    private let first: UInt64
    private let second: UInt64
    private let third: UInt64
    private let fourth: UInt64

    /// The digest of `bytes`.
    package init(of bytes: some Collection<UInt8>) {
        var hasher = SHA256()
        if bytes.withContiguousStorageIfAvailable({ hasher.update(bufferPointer: .init($0)) })
            == nil
        {
            hasher.update(data: Array(bytes))
        }
        self.init(hasher.finalize())
    }

    /// The digest of the text's UTF-8.
    package init(of text: String) {
        self.init(of: Array(text.utf8))
    }

    /// The digest of all the texts' UTF-8, one after another.
    package init(of text: String, followedBy texts: some Sequence<String>) {
        var hasher = SHA256()
        hasher.update(data: Array(text.utf8))
        for text in texts { hasher.update(data: Array(text.utf8)) }
        self.init(hasher.finalize())
    }

    package init(_ digest: SHA256.Digest) {
        (first, second, third, fourth) = digest.withUnsafeBytes { bytes in
            (
                UInt64(bigEndian: bytes.loadUnaligned(as: UInt64.self)),
                UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self)),
                UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 16, as: UInt64.self)),
                UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 24, as: UInt64.self))
            )
        }
    }

    /// Reads 64 hexadecimal digits; nil for anything else.
    package init?(hexadecimal text: some StringProtocol) {
        guard text.utf8.count == 64, text.utf8.allSatisfy(Self.isHexadecimal) else { return nil }
        var words: [UInt64] = []
        var rest = Substring(text)
        while !rest.isEmpty {
            guard let word = UInt64(rest.prefix(16), radix: 16) else { return nil }
            words.append(word)
            rest = rest.dropFirst(16)
        }
        (first, second, third, fourth) = (words[0], words[1], words[2], words[3])
    }

    /// All 64 digits.
    package var hexadecimal: String {
        String(unsafeUninitializedCapacity: 64) { digits in
            var position = 0
            for word in [first, second, third, fourth] {
                for shift in stride(from: 60, through: 0, by: -4) {
                    let value = UInt8(truncatingIfNeeded: word >> UInt64(shift)) & 0xF
                    digits[position] = value < 10 ? 0x30 + value : 0x57 + value
                    position += 1
                }
            }
            return position
        }
    }

    /// The first 12 digits: enough for a person to tell two apart.
    package var short: String { String(hexadecimal.prefix(12)) }

    private static func isHexadecimal(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x61...0x66).contains(byte) || (0x41...0x46).contains(byte)
    }
}

extension Digest: CustomStringConvertible {
    package var description: String { hexadecimal }
}

extension Digest: Codable {
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let digest = Digest(hexadecimal: text) else {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "not a SHA-256 digest: \(text)")
        }
        self = digest
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(hexadecimal)
    }
}
