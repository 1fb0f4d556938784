import FoundationEssentials
import Resources

extension FieldType where Value == String {
    /// A host's public key as `known_hosts` and `.pub` files write it; the comment of the latter
    /// is dropped.
    ///
    /// Source: RFC 4253, section 6.6; RFC 5656, section 3.1; RFC 8709, section 4.
    static var hostKey: FieldType {
        let pattern = #"^(ssh-ed25519|ecdsa-sha2-nistp(256|384|521)) [A-Za-z0-9+/]+={0,2}"#
        return string.checked("host key", pattern: pattern) { complaint(about: $0) }.map { text in
            text.split(separator: " ").prefix(2).joined(separator: " ")
        }
    }

    private static func complaint(about text: String) -> String? {
        let words = text.split(separator: " ")
        guard words.count >= 2 else {
            return "must be a key's type and its base64, such as `ssh-ed25519 AAAA…`"
        }
        let type = String(words[0])
        guard curves.keys.contains(type) else { return refusal(of: type, before: words[1]) }
        guard let blob = Data(base64Encoded: String(words[1])) else {
            return "is not base64 after `\(type)`"
        }
        var parts = WireStrings(bytes: [UInt8](blob))
        guard let inner = parts.next() else { return "is cut short" }
        guard inner == Array(type.utf8) else {
            return "says `\(type)`, but the key inside is "
                + "`\(String(decoding: inner.prefix(40), as: UTF8.self))`"
        }
        let isWhole =
            if let curve = curves[type] ?? nil {
                parts.next() == Array(curve.utf8) && parts.next() != nil
            } else {
                parts.next()?.count == 32
            }
        return isWhole && parts.isAtEnd ? nil : "is cut short, or has something after the key"
    }

    /// The types that are taken; for ECDSA the curve that the key must name.
    private static let curves: [String: String?] = [
        "ssh-ed25519": nil,
        "ecdsa-sha2-nistp256": "nistp256",
        "ecdsa-sha2-nistp384": "nistp384",
        "ecdsa-sha2-nistp521": "nistp521",
    ]

    private static func refusal(of type: String, before next: Substring) -> String {
        if type == "ssh-rsa" || type.hasPrefix("rsa-sha2") {
            return "must not be an RSA key: libssh2 1.10 would ask for SHA-1 signatures, which "
                + "today's sshd refuses; pin the host's ed25519 or ECDSA key"
        }
        if curves.keys.contains(String(next)) {
            return "must begin with the key's type; leave out the host name before it"
        }
        return "must be an ed25519 or ECDSA key (ssh-ed25519, ecdsa-sha2-nistp256, -384, -521)"
    }
}

/// The strings of an SSH key: each four bytes of length, then that many bytes.
///
/// Source: RFC 4251, section 5.
private struct WireStrings {
    private var rest: ArraySlice<UInt8>

    init(bytes: [UInt8]) {
        rest = bytes[...]
    }

    var isAtEnd: Bool { rest.isEmpty }

    /// Nil when less is left than the length says.
    mutating func next() -> [UInt8]? {
        guard rest.count >= 4 else { return nil }
        let length = rest.prefix(4).reduce(0) { $0 << 8 | Int($1) }
        guard rest.count - 4 >= length else { return nil }
        defer { rest = rest.dropFirst(4 + length) }
        return Array(rest.dropFirst(4).prefix(length))
    }
}
