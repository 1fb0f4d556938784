import NIOHTTP1

extension HTTPRequestHead {
    /// Why a request is not even looked at; nil for most.
    ///
    /// Source: RFC 9112, sections 3.2 and 6.1.
    var refusal: APIError? {
        let hosts = headers["host"]
        let isOld = version.major < 1 || version == .http1_0
        guard hosts.count == 1 || (isOld && hosts.isEmpty) else {
            return .bad("invalid_request", "a request needs one `Host`, and has \(hosts.count)")
        }
        if let host = hosts.first, !Self.isAuthority(host) {
            return .bad("invalid_request", "`Host` must be a name or an address, and its port")
        }
        let codings = headers["transfer-encoding"]
        guard codings.isEmpty || codings.map({ $0.lowercased() }) == ["chunked"] else {
            return APIError(
                501, "unsupported_encoding", "of all transfer codings only `chunked` is known")
        }
        return nil
    }

    /// Whether a text is a host and perhaps a port; an empty one is a host too.
    ///
    /// Source: RFC 3986, section 3.2.
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
