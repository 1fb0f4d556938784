/// The host and perhaps the port that a request is for.
///
/// Source: RFC 3986, section 3.2.
struct Authority: Sendable {
    /// As it stands in `Host`; empty for none.
    let text: String
    /// The domain in small letters, without a port.
    let host: String

    static let none = Authority(checked: "")

    /// - Parameter text: what stands in `Host`; nil when that is neither a name nor an address.
    init?(_ text: String) {
        guard Self.isAuthority(text) else { return nil }
        self.init(checked: text)
    }

    private init(checked text: String) {
        self.text = text
        let end = text.utf8.lastIndex(of: UInt8(ascii: ":")) ?? text.endIndex
        host = text[..<end].lowercased()
    }

    /// Whether it is nothing but letters, digits and marks that mean nothing to a shell.
    var isPlain: Bool {
        !text.isEmpty
            && text.utf8.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x3A, 0x5B, 0x5D: true
                default: false
                }
            }
    }

    private static func isAuthority(_ text: String) -> Bool {
        var host = text.utf8[...]
        if host.first == UInt8(ascii: "[") {
            guard let end = host.lastIndex(of: UInt8(ascii: "]")) else { return false }
            let address = host[..<end].dropFirst()
            let rest = host[end...].dropFirst()
            return !address.isEmpty && address.allSatisfy(isOfAddress)
                && (rest.isEmpty || isPort(rest))
        }
        if let colon = host.lastIndex(of: UInt8(ascii: ":")) {
            guard isPort(host[colon...]) else { return false }
            host = host[..<colon]
        }
        while let byte = host.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                guard isOfName(byte) else { return false }
                continue
            }
            guard let high = host.popFirst(), let low = host.popFirst(), isHexadecimal(high),
                isHexadecimal(low)
            else { return false }
        }
        return true
    }

    private static func isPort(_ text: Substring.UTF8View) -> Bool {
        text.first == UInt8(ascii: ":")
            && text.dropFirst().allSatisfy { (0x30...0x39).contains($0) }
    }

    private static func isHexadecimal(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x46, 0x61...0x66: true
        default: false
        }
    }

    private static func isOfAddress(_ byte: UInt8) -> Bool {
        isHexadecimal(byte) || byte == UInt8(ascii: ":") || byte == UInt8(ascii: ".")
    }

    private static func isOfName(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        default: "-._~!$&'()*+,;=".utf8.contains(byte)
        }
    }
}
