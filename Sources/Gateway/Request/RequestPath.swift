/// The path of a request, taken apart.
struct RequestPath: Sendable {
    /// As it was asked for, for links.
    let whole: Substring
    /// What follows the app's base path, in its parts, decoded; empty ones are none.
    let parts: [String]
    private let baseCount: Int

    /// - Parameters:
    ///   - path: as it was asked for.
    ///   - base: the app's base path, which it begins with.
    /// - Throws: 400 for what can't be decoded.
    init(_ path: Substring, below base: String) throws(APIError) {
        whole = path
        baseCount = base == "/" ? 0 : base.utf8.count
        var rest = path.utf8.dropFirst(baseCount)[...]
        var parts: [String] = []
        parts.reserveCapacity(4)
        while let start = rest.firstIndex(where: { $0 != UInt8(ascii: "/") }) {
            rest = rest[start...]
            let end = rest.firstIndex(of: UInt8(ascii: "/")) ?? rest.endIndex
            parts.append(try QueryString.decoded(Substring(rest[..<end])))
            rest = rest[end...]
        }
        self.parts = parts
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
