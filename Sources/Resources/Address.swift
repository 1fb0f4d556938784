/// The name of a kind: `NginxSite` in a document, `nginx-site` in an address.
package struct KindName: Hashable, Sendable, Codable, ExpressibleByStringLiteral {
    /// As documents write it, in UpperCamelCase.
    package let rawValue: String

    package init(_ rawValue: String) {
        self.rawValue = rawValue
    }

    package init(stringLiteral value: String) {
        self.init(value)
    }

    package init(from decoder: any Decoder) throws {
        self.init(try decoder.singleValueContainer().decode(String.self))
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(rawValue)
    }

    /// As addresses write it, in kebab case.
    package var kebab: String {
        // By bytes: addresses are made for every document, and for everything it refers to.
        var bytes: [UInt8] = []
        bytes.reserveCapacity(rawValue.utf8.count + 4)
        for byte in rawValue.utf8 {
            let isUpper = (0x41...0x5A).contains(byte)
            if isUpper, !bytes.isEmpty { bytes.append(UInt8(ascii: "-")) }
            bytes.append(isUpper ? byte | 0x20 : byte)
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension KindName: CustomStringConvertible {
    package var description: String { rawValue }
}

/// A resource's identity: `kind/name`, such as `nginx-site/prokov-front`.
package struct Address: Hashable, Sendable {
    /// The kind in kebab case.
    package let kind: String
    package let name: String

    package init(_ kind: KindName, _ name: String) {
        self.kind = kind.kebab
        self.name = name
    }

    private init(kind: String, name: String) {
        self.kind = kind
        self.name = name
    }

    /// What stands where this resource was while it was desired so: `file/motd~1a2b3c4d`, which no
    /// document can be called.
    package func former(_ desired: Digest) -> Address {
        Address(kind: kind, name: "\(name)~\(desired.hexadecimal.prefix(8))")
    }

    /// The resource that has moved away from here; nil for an address that documents can have.
    package var successor: Address? {
        guard let mark = name.lastIndex(of: "~") else { return nil }
        return Address(kind: kind, name: String(name[..<mark]))
    }

    /// Reads `kind/name`; nil when either part is missing.
    package init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else { return nil }
        self.kind = String(parts[0])
        self.name = String(parts[1])
    }
}

extension Address: CustomStringConvertible {
    package var description: String { "\(kind)/\(name)" }
}

extension Address: Comparable {
    package static func < (left: Address, right: Address) -> Bool {
        (left.kind, left.name) < (right.kind, right.name)
    }
}

extension Address: Codable, CodingKeyRepresentable {
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let address = Address(text) else {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "not an address: \(text)")
        }
        self = address
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }

    private struct Key: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }
        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    package var codingKey: any CodingKey { Key(stringValue: description) }

    package init?<T: CodingKey>(codingKey: T) {
        self.init(codingKey.stringValue)
    }
}
