import Foundation

/// Asks one app, as somebody.
final class Client {
    private let site: Site
    let app: String
    /// Another gateway than the site's own.
    private let port: Int?
    private var wire: Wire?
    var token: String?

    init(_ site: Site, _ app: String, as token: String? = nil, port: Int? = nil) {
        self.site = site
        self.port = port
        self.app = app
        self.token = token
    }

    /// One request on a connection that is kept, made anew when it has ended.
    ///
    /// `target` begins below the app's base path; what a URL can't hold is encoded.
    @discardableResult
    func ask(
        _ method: String, _ target: String, _ body: String? = nil, _ headers: [String] = []
    ) throws -> Answer {
        let text = request(method, "/api/" + target, body, headers)
        if let wire {
            do {
                try wire.send(text)
                return try wire.answer(isHead: method == "HEAD")
            } catch let ended as Wire.Ended where ended.received.isEmpty {
                self.wire = nil
            }
        }
        let made = try Wire(port: port ?? site.port)
        wire = made
        try made.send(text)
        return try made.answer(isHead: method == "HEAD")
    }

    /// The header by which a proxy says that it asks for an address, another one each time.
    static var elsewhere: String {
        let parts = (0..<6).map { _ in String(UInt16.random(in: 0xA00...0xFFF), radix: 16) }
        return "X-Forwarded-For: 2001:db8:" + parts.joined(separator: ":")
    }

    /// The bytes of a request.
    func request(
        _ method: String, _ path: String, _ body: String? = nil, _ headers: [String] = []
    ) -> String {
        var lines = ["\(method) \(Self.encoded(path)) HTTP/1.1", "Host: \(app).test"]
        if let token { lines.append("Authorization: Bearer \(token)") }
        lines += headers
        if let body {
            if !headers.contains(where: { $0.lowercased().hasPrefix("content-type:") }) {
                lines.append("Content-Type: application/json")
            }
            lines.append("Content-Length: \(body.utf8.count)")
        }
        return lines.joined(separator: "\r\n") + "\r\n\r\n" + (body ?? "")
    }

    private static func encoded(_ text: String) -> String {
        var encoded = ""
        for byte in text.utf8 {
            if byte > 0x20, byte < 0x7F {
                encoded.unicodeScalars.append(UnicodeScalar(byte))
            } else {
                encoded += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
            }
        }
        return encoded
    }
}
