/// What shows that a resource does its work, asked on the host that carries it.
package struct HealthCheck: Sendable, Equatable {
    /// What is asked.
    package enum Probe: Sendable, Equatable {
        case http(Web)
        /// Whether a port takes connections.
        case tcp(host: String, port: Int)
        /// Whether a command ends with status 0.
        case command([String])
        /// Whether a unit of systemd is active.
        case unit(String)
    }

    /// A request, and the answer that is wanted.
    package struct Web: Sendable, Equatable {
        package var url = ""
        package var status = 200
        /// What the answer's body has to hold.
        package var body: String?
        /// The `Host` header, where it is not what the address says.
        package var host: String?

        package init() {}
    }

    package var probe: Probe
    /// How long it may take until the answer is the right one.
    package var deadlineSeconds = 30
    /// Between one question and the next.
    package var intervalSeconds = 1

    package init(_ probe: Probe) {
        self.probe = probe
    }

    /// What a person calls it: `http http://127.0.0.1/`.
    package var title: String {
        switch probe {
        case .http(let web): "http \(web.url)"
        case .tcp(let host, let port): "tcp \(host):\(port)"
        case .command(let words): "command \(words.first ?? "")"
        case .unit(let name): "unit \(name)"
        }
    }
}

extension HealthCheck.Web {
    /// A URL's parts, as a request needs them.
    package struct Target: Sendable, Equatable {
        package var isSecure: Bool
        /// Without brackets.
        package var host: String
        package var port: Int
        /// What stands in the `Host` header unless something else is asked for.
        package var authority: String
        /// With the query, from the first slash.
        package var path: String
    }

    /// Nil for what is no address of the web, or holds a user, a blank or a control character.
    package var target: Target? {
        let isPlain = url.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
        let schemes = [("http://", false), ("https://", true)]
        guard isPlain, let (scheme, isSecure) = schemes.first(where: { url.hasPrefix($0.0) })
        else { return nil }
        let rest = url.dropFirst(scheme.utf8.count).prefix { $0 != "#" }
        let end = rest.firstIndex { $0 == "/" || $0 == "?" } ?? rest.endIndex
        let authority = rest[..<end]
        let path = rest[end...]
        guard !authority.contains("@"), let (host, port) = Self.place(authority) else {
            return nil
        }
        return Target(
            isSecure: isSecure, host: host, port: port ?? (isSecure ? 443 : 80),
            authority: String(authority), path: path.hasPrefix("/") ? String(path) : "/\(path)")
    }

    private static func place(_ text: Substring) -> (host: String, port: Int?)? {
        var host = text
        var port: Substring?
        if text.hasPrefix("["), let close = text.firstIndex(of: "]") {
            host = text[text.index(after: text.startIndex)..<close]
            let rest = text[text.index(after: close)...]
            guard rest.isEmpty || rest.hasPrefix(":") else { return nil }
            port = rest.isEmpty ? nil : rest.dropFirst()
        } else if let colon = text.firstIndex(of: ":") {
            host = text[..<colon]
            port = text[text.index(after: colon)...]
        }
        let letters = host.allSatisfy { $0.isLetter || $0.isNumber || ".-_:".contains($0) }
        guard !host.isEmpty, letters else { return nil }
        guard let port else { return (String(host), nil) }
        guard let number = Int(port), (1...65535).contains(number) else { return nil }
        return (String(host), number)
    }
}
