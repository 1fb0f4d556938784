import Diagnostics
import FoundationEssentials
import Resources

/// A host's public key.
struct HostKey: Sendable {
    /// As RFC 4253, section 6.6, encodes it.
    let bytes: [UInt8]
    /// `ssh-ed25519`, …
    let type: String

    /// The types that libssh2 1.10 and today's sshd both know, the preferred first.
    static let types = [
        "ssh-ed25519", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521",
    ]

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        var reader = WireReader(bytes)
        type = reader.string().map { String(decoding: $0, as: UTF8.self) } ?? "unknown"
    }

    /// Reads `TYPE BASE64 [COMMENT]`, a line of `known_hosts` without its names.
    ///
    /// - Returns: nil when the line is malformed or its parts contradict each other.
    init?(line: String) {
        let parts = line.split(whereSeparator: \.isWhitespace)
        guard parts.count >= 2, let bytes = [UInt8](base64: String(parts[1])) else { return nil }
        self.init(bytes)
        guard type == parts[0] else { return nil }
    }

    /// The key as `hostKey` takes it.
    var line: String { "\(type) \(Data(bytes).base64EncodedString())" }

    /// The form that `ssh-keygen -l` prints: `SHA256:` and base64 without padding.
    var fingerprint: String {
        let digest = [UInt8](hexadecimal: Digest(of: bytes).hexadecimal)
        return "SHA256:" + Data(digest).base64EncodedString().filter { $0 != "=" }
    }

    /// Whether both are the same key, in a time that does not tell where they differ.
    func matches(_ other: HostKey) -> Bool {
        guard bytes.count == other.bytes.count else { return false }
        return zip(bytes, other.bytes).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
    }
}

extension [UInt8] {
    /// The bytes of base64 text; nil when it is none.
    init?(base64 text: String) {
        guard let bytes = Data(base64Encoded: text) else { return nil }
        self = Array(bytes)
    }

    /// The bytes of pairs of hexadecimal digits.
    fileprivate init(hexadecimal text: String) {
        let digits = text.compactMap(\.hexDigitValue)
        self = stride(from: 0, to: digits.count - 1, by: 2).map {
            UInt8(digits[$0] << 4 | digits[$0 + 1])
        }
    }
}
