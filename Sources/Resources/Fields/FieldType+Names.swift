import YAML

extension FieldType where Value == String {
    /// The name of a resource: kebab case, at most 63 characters.
    package static var name: FieldType {
        text.checked("name", pattern: "^[a-z0-9]+(-[a-z0-9]+)*$") { text in
            isKebab(text)
                ? nil
                : "must be kebab case: lower-case letters and digits, with single hyphens between, "
                    + "at most 63"
        }
    }

    /// The name of another resource of a kind.
    package static func reference(to kind: KindName) -> FieldType {
        FieldType("\(kind) name", .reference(kind)) { node, reader in
            name.read(node, &reader)
        }
    }

    private static func isKebab(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= 63
            && text.split(separator: "-", omittingEmptySubsequences: false).allSatisfy { part in
                !part.isEmpty
                    && part.utf8.allSatisfy {
                        (0x61...0x7A).contains($0) || (0x30...0x39).contains($0)
                    }
            }
    }

    /// A DNS name, lower case, that a site may answer to; `*.` in front is allowed.
    ///
    /// Source: RFC 1123, section 2.1; at most 253 characters, labels of at most 63.
    package static var domain: FieldType {
        text.checked("domain", pattern: #"^(\*\.)?[a-z0-9-]+(\.[a-z0-9-]+)*$"#) { text in
            let name = text.hasPrefix("*.") ? text.dropFirst(2) : text[...]
            return isHostName(name)
                ? nil : "must be a domain in lower case, such as `prokov.example.com`"
        }
    }

    /// A host name or an IP address to connect to.
    package static var host: FieldType {
        text.checked("host name or address") { text in
            isHostName(text.lowercased()[...]) || isAddress(text)
                ? nil : "must be a host name or an IP address"
        }
    }

    private static func isHostName(_ text: Substring) -> Bool {
        !text.isEmpty && text.utf8.count <= 253
            && text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { label in
                !label.isEmpty && label.utf8.count <= 63 && !label.hasPrefix("-")
                    && !label.hasSuffix("-")
                    && label.utf8.allSatisfy {
                        (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2D
                    }
            }
    }

    /// IPv6, with an optional zone; IPv4 passes as a host name.
    private static func isAddress(_ text: String) -> Bool {
        text.contains(":") && text.utf8.count <= 64
            && text.utf8.allSatisfy {
                (0x30...0x39).contains($0) || (0x61...0x7A).contains($0)
                    || (0x41...0x5A).contains($0) || $0 == 0x3A || $0 == 0x2E || $0 == 0x25
            }
    }

    /// `HOST:PORT`, or `unix:PATH`: where nginx passes requests to.
    package static var upstream: FieldType {
        text.checked("host:port") { text in
            if text.hasPrefix("unix:") { return complaint(aboutPath: String(text.dropFirst(5))) }
            guard let colon = text.lastIndex(of: ":"),
                let port = Int(text[text.index(after: colon)...]), (1...65535).contains(port)
            else { return "must be `HOST:PORT`, such as `10.8.0.12:3000`, or `unix:PATH`" }
            let host = text[..<colon]
            let isBracketed =
                host.hasPrefix("[") && host.hasSuffix("]")
                && isAddress(String(host.dropFirst().dropLast()))
            return isBracketed || isHostName(host.lowercased()[...])
                ? nil : "must have a host name or an address before the port"
        }
    }

    /// An absolute path in its shortest form.
    package static var path: FieldType {
        text.checked("absolute path", pattern: "^/") { complaint(aboutPath: $0) }
    }

    private static func complaint(aboutPath text: String) -> String? {
        guard text.hasPrefix("/") else { return "must be an absolute path" }
        if text.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7F }) {
            return "must not hold line breaks or other control characters"
        }
        if text.utf8.count > 4000 { return "must have at most 4000 bytes" }
        // By byte: to Swift a slash with a combining mark after it is another character.
        let parts = text.utf8.dropFirst().split(
            separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        if parts.contains(where: { $0.count > 240 }) {
            return "must not have a name of more than 240 bytes in it"
        }
        return parts.contains {
            $0.isEmpty || $0.elementsEqual(".".utf8) || $0.elementsEqual("..".utf8)
        }
            ? "must be written without `.`, `..`, `//` or a slash at its end" : nil
    }

    /// The name or number of a user or a group.
    ///
    /// Source: useradd(8), with dots as many directories have them.
    package static func account(_ words: String) -> FieldType {
        scalar.checked(words, pattern: "^[A-Za-z0-9_][A-Za-z0-9_.-]{0,31}$") { text in
            let isValid =
                (1...32).contains(text.utf8.count)
                && !text.hasPrefix("-") && !text.hasPrefix(".")
                && text.utf8.allSatisfy {
                    (0x61...0x7A).contains($0) || (0x41...0x5A).contains($0)
                        || (0x30...0x39).contains($0) || $0 == 0x5F || $0 == 0x2D || $0 == 0x2E
                }
            return isValid ? nil : "must be the name or number of a \(words)"
        }
    }
}

extension FieldType where Value == UInt16 {
    /// Permission bits in octal, quoted or not: `"0644"`.
    package static var mode: FieldType {
        FieldType("file mode", .string(pattern: "^[0-7]{3,4}$")) { node, reader in
            guard let text = node.text, (3...4).contains(text.utf8.count),
                let mode = UInt16(text, radix: 8)
            else {
                reader.invalid(node, "must be a file mode in octal, such as `\"0644\"`")
                return nil
            }
            return mode
        }
    }
}
