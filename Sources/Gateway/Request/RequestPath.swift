/// The path of a request, taken apart.
struct RequestPath: Sendable {
    /// As it was asked for, for links.
    let whole: Substring
    /// What follows the app's base path, in its parts, decoded; empty ones are none.
    private(set) var parts: [String] = []
    private let baseCount: Int

    /// - Parameters:
    ///   - path: as it was asked for.
    ///   - base: the app's base path, which it begins with.
    /// - Throws: 400 for what can't be decoded.
    init(_ path: Substring, below base: String) throws(APIError) {
        whole = path
        baseCount = base == "/" ? 0 : base.utf8.count
        var text = path
        let isPlain = text.withUTF8 { bytes in
            guard !bytes.contains(UInt8(ascii: "%")) else { return false }
            parts.reserveCapacity(2)
            var rest = bytes[baseCount...]
            while let slash = rest.firstIndex(of: UInt8(ascii: "/")) {
                add(rest[..<slash])
                rest = rest[(slash + 1)...]
            }
            add(rest)
            return true
        }
        if !isPlain { for part in rawParts { parts.append(try QueryString.decoded(part)) } }
    }

    private mutating func add(_ part: Slice<UnsafeBufferPointer<UInt8>>) {
        guard !part.isEmpty else { return }
        parts.append(String(decoding: UnsafeBufferPointer(rebasing: part), as: UTF8.self))
    }

    /// The same parts as they were asked for.
    var rawParts: [Substring] {
        // By bytes: a slash is one, whatever stands beside it.
        whole.utf8.dropFirst(baseCount).split(separator: UInt8(ascii: "/")).map { Substring($0) }
    }

    /// Whether one comes here to get a token: an old one that is sent along is no hindrance.
    var isEntrance: Bool {
        parts.count == 2 && parts[0] == "auth"
            && ["login", "register", "refresh"].contains(parts[1])
    }
}
