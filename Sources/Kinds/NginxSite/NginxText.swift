/// What a configuration of nginx says, as far as people want to know of it. It is never changed.
///
/// Source: nginx, ngx_conf_read_token.
struct NginxText {
    /// The names that sites of it answer to, in order, without those that are no domains.
    private(set) var domains: [String] = []
    /// What it includes.
    private(set) var includes: [String] = []
    private(set) var hasServer = false

    init(_ text: String) {
        var directive: [String] = []
        var known: Set<String> = []
        for token in Self.tokens(of: text) {
            guard [";", "{", "}"].contains(token) else {
                directive.append(token)
                continue
            }
            switch directive.first {
            case "server" where token == "{": hasServer = true
            case "server_name" where token == ";":
                for name in directive.dropFirst().map({ $0.lowercased() })
                where Self.isDomain(name) && known.insert(name).inserted {
                    domains.append(name)
                }
            case "include" where token == ";": includes += directive.dropFirst()
            default: break
            }
            directive = []
        }
    }

    private static func isDomain(_ name: String) -> Bool {
        let host = name.hasPrefix("*.") ? name.dropFirst(2) : name[...]
        let labels = host.split(separator: ".", omittingEmptySubsequences: false)
        return host.utf8.count <= 253
            && labels.allSatisfy { label in
                !label.isEmpty && label.utf8.count <= 63 && !label.hasPrefix("-")
                    && !label.hasSuffix("-")
                    && label.utf8.allSatisfy {
                        (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2D
                    }
            }
    }

    /// Words, and `;`, `{`, `}`; without comments.
    private static func tokens(of text: String) -> [String] {
        var tokens: [String] = []
        var word: String?
        var quote: Unicode.Scalar?
        var isComment = false
        var isEscaped = false
        for scalar in text.unicodeScalars {
            if isComment {
                isComment = scalar != "\n"
                continue
            }
            if isEscaped {
                word = (word ?? "") + String(scalar)
                isEscaped = false
                continue
            }
            if scalar == "\\" {
                isEscaped = true
            } else if let open = quote {
                if scalar == open { quote = nil } else { word = (word ?? "") + String(scalar) }
            } else if word == nil, scalar == "\"" || scalar == "'" {
                quote = scalar
                word = ""
            } else if word == nil, scalar == "#" {
                isComment = true
            } else if " \t\r\n;{}".unicodeScalars.contains(scalar) {
                if let whole = word { tokens.append(whole) }
                word = nil
                if ";{}".unicodeScalars.contains(scalar) { tokens.append(String(scalar)) }
            } else {
                word = (word ?? "") + String(scalar)
            }
        }
        return tokens
    }
}
