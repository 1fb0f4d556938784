import HTTPTypes
import NIOCore
import NIOHTTP1

/// A request as it came over a connection.
///
/// A class for the same reason as `ServedTable`.
final class IncomingRequest: Sendable {
    /// What came after the head.
    enum Body: Sendable {
        case whole([UInt8])
        /// More than may come; the rest was not read.
        case tooLarge(limit: Int)
        /// Whatever it is: the head is no good.
        case refused(APIError)
    }

    let head: HTTPRequestHead
    /// What it is for; none where that is no good.
    let authority: Authority
    let body: Body
    /// The path as it was asked for, and what follows the question mark.
    let target: (path: Substring, query: Substring)
    /// The address at the other end of the connection; empty for none.
    let peer: String

    init(head: HTTPRequestHead, authority: Authority, body: Body, peer: String) {
        self.head = head
        target = Self.target(head.uri)
        self.authority = authority
        self.body = body
        self.peer = peer
    }

    private static func target(_ uri: String) -> (path: Substring, query: Substring) {
        if let form = AbsoluteForm(uri) { return target(form.rest) }
        var text = uri
        let place = text.withUTF8 { $0.firstIndex(of: UInt8(ascii: "?")) }
        guard let place else { return (uri[...], "") }
        let mark = uri.utf8.index(uri.startIndex, offsetBy: place)
        return (uri[..<mark], uri[uri.utf8.index(after: mark)...])
    }

    /// Whether it is answered without being looked at.
    var isRefused: Bool { if case .refused = body { true } else { false } }

    var method: HTTPMethod { head.method }
    var headers: HTTPHeaders { head.headers }

    /// The domain that was asked for, in small letters and without a port.
    var host: String { authority.host }

    /// Whether it comes from this machine, as a proxy's requests do.
    private var isLocal: Bool { peer == "127.0.0.1" || peer == "::1" || peer.isEmpty }

    /// Scheme, host and port that were asked for; a proxy on this machine says which scheme.
    ///
    /// - Parameter host: what stands for a `Host` that is none.
    /// - Returns: such as `https://prokov.example.com`; nothing in it means anything to a shell.
    func origin(usually host: String?) -> String {
        guard authority.isPlain else {
            return host.map { "https://\($0)" } ?? "http://localhost:8080"
        }
        let isSecure = isLocal && headers[.forwardedProto]?.lowercased() == "https"
        return (isSecure ? "https://" : "http://") + authority.text
    }

    /// Where it comes from; a proxy on this machine says for whom it asks, by an IP address.
    var address: String {
        guard isLocal, let forwarded = headers[.forwardedFor] else { return peer }
        let last = forwarded.split(separator: ",").last.map { $0.filter { $0 != " " } } ?? ""
        // In the one form that an address has, so that no other spelling counts as another.
        let address = try? SocketAddress(ipAddress: String(last), port: 0)
        return address?.ipAddress ?? peer
    }
}

extension HTTPHeaders {
    /// A header's value; of one that stands there more than once, all of them with commas.
    ///
    /// Source: RFC 9110, section 5.2.
    subscript(_ name: HTTPField.Name) -> String? {
        guard let first = first(name: name.rawName) else { return nil }
        let all = self[name.rawName]
        return (all.count == 1 ? first : all.joined(separator: ", ")).withoutEndingBlanks
    }
}

extension String {
    /// Without the blanks and tabs behind it, which belong to no header's value.
    ///
    /// Source: RFC 9112, section 5.1.
    var withoutEndingBlanks: String {
        func isBlank(_ byte: UInt8?) -> Bool { byte == 0x20 || byte == 0x09 }
        guard isBlank(utf8.last) else { return self }
        var rest = self[...]
        while isBlank(rest.utf8.last) { rest.unicodeScalars.removeLast() }
        return String(rest)
    }
}

extension HTTPField.Name {
    /// Names that are valid by themselves.
    private static func named(_ name: String) -> HTTPField.Name {
        HTTPField.Name(name) ?? .accept
    }

    static let forwardedFor = named("X-Forwarded-For")
    static let forwardedProto = named("X-Forwarded-Proto")
    static let link = named("Link")
    static let prefer = named("Prefer")
    static let preferenceApplied = named("Preference-Applied")
    static let traceID = named("X-Trace-Id")
}
