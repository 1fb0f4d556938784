/// What a file holds. Two contents are equal when their digests are; the bytes may be absent when
/// only the digest was read, and are never encoded: state, plan and journal hold digests.
package struct Content: Sendable {
    package let digest: Digest
    /// Size in bytes.
    package let size: Int
    /// The bytes themselves; nil when they were not fetched.
    package let bytes: [UInt8]?

    package init(_ bytes: [UInt8]) {
        self.digest = Digest(of: bytes)
        self.size = bytes.count
        self.bytes = bytes
    }

    package init(_ text: String) {
        self.init(Array(text.utf8))
    }

    package init(digest: Digest, size: Int) {
        self.digest = digest
        self.size = size
        self.bytes = nil
    }

    /// The bytes as text; nil when they are absent, not UTF-8, or hold a NUL.
    package var text: String? {
        guard let bytes, !bytes.contains(0) else { return nil }
        return String(validating: bytes, as: UTF8.self)
    }
}

extension Content: Equatable {
    package static func == (left: Content, right: Content) -> Bool { left.digest == right.digest }
}

extension Content: Codable {
    private enum CodingKeys: String, CodingKey { case digest, size }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            digest: try container.decode(Digest.self, forKey: .digest),
            size: try container.decode(Int.self, forKey: .size))
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(digest, forKey: .digest)
        try container.encode(size, forKey: .size)
    }
}
