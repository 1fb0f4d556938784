import NIOHTTP1

extension HTTPRequestHead {
    /// Why a request is not even looked at; nil for most.
    ///
    /// - Parameter authority: that of the request before; becomes this one's, or none.
    /// - Returns: the answer to it.
    ///
    /// Source: RFC 9112, sections 3.2 and 6.1.
    func refusal(_ authority: inout Authority) -> APIError? {
        var host = ""
        var hostCount = 0
        for header in headers where header.name.isHost {
            host = header.value.withoutEndingBlanks
            hostCount += 1
        }
        let isOld = version.major < 1 || version == .http1_0
        guard hostCount == 1 || (isOld && hostCount == 0) else {
            authority = .none
            return .bad("invalid_request", "a request needs one `Host`, and has \(hostCount)")
        }
        if let form = AbsoluteForm(uri), form.authority.lowercased() != host.lowercased() {
            authority = .none
            return .bad("invalid_request", "the URL names another host than `Host` does")
        }
        if !host.isSame(as: authority.text) {
            guard let new = Authority(host) else {
                authority = .none
                return .bad("invalid_request", "`Host` must be a name or an address, and its port")
            }
            authority = new
        }
        guard headers.contains(name: "transfer-encoding"),
            headers["transfer-encoding"].map({ $0.withoutEndingBlanks.lowercased() }) != ["chunked"]
        else { return nil }
        return APIError(
            501, "unsupported_encoding", "of all transfer codings only `chunked` is known")
    }
}

/// What a request is for, where it names a whole URL, as requests to proxies do.
///
/// Source: RFC 9112, section 3.2.2.
struct AbsoluteForm {
    /// The host, and perhaps its port; whoever asks for it is left out.
    let authority: String
    /// The path and the query.
    let rest: String

    /// - Parameter uri: nil where it is a path, as nearly always.
    init?(_ uri: String) {
        guard uri.utf8.first != UInt8(ascii: "/"), let scheme = uri.ranges(of: "://").first,
            ["http", "https"].contains(uri[..<scheme.lowerBound].lowercased())
        else { return nil }
        let place = uri[scheme.upperBound...]
        let end = place.utf8.firstIndex { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "?") }
        let whole = place[..<(end ?? place.endIndex)]
        let start = whole.utf8.lastIndex(of: UInt8(ascii: "@")).map(whole.utf8.index(after:))
        authority = String(whole[(start ?? whole.startIndex)...])
        let path = place[(end ?? place.endIndex)...]
        rest = path.utf8.first == UInt8(ascii: "/") ? String(path) : "/" + path
    }
}

extension String {
    /// Whether a header of this name is `Host`, in whatever letters.
    fileprivate var isHost: Bool {
        var name = self
        return name.withUTF8 { name in
            // Nothing but a letter is this small letter with that bit set.
            name.count == 4 && name[0] | 0x20 == UInt8(ascii: "h")
                && name[1] | 0x20 == UInt8(ascii: "o") && name[2] | 0x20 == UInt8(ascii: "s")
                && name[3] | 0x20 == UInt8(ascii: "t")
        }
    }
}
