/// Secrets that are known by what they look like, whatever stands before them.
extension Redactor {
    /// The secrets in one line.
    static func secretShapes(in line: ArraySlice<UInt8>) -> [Range<Int>] {
        var ranges: [Range<Int>] = []
        var index = line.startIndex
        while index < line.endIndex {
            guard let range = secretShape(at: index, in: line) else {
                index += 1
                continue
            }
            ranges.append(range)
            index = max(index + 1, range.upperBound)
        }
        return ranges
    }

    private static func secretShape(at index: Int, in line: ArraySlice<UInt8>) -> Range<Int>? {
        switch line[index] {
        case UInt8(ascii: ":"): return urlPassword(at: index, in: line)
        case UInt8(ascii: "$"): return hash(at: index, in: line)
        case UInt8(ascii: "{"): return schemeHash(at: index, in: line)
        case let byte where byte.isLetter:
            let isStart = index == line.startIndex || !line[index - 1].isTokenPart
            return isStart ? token(at: index, in: line) ?? scheme(at: index, in: line) : nil
        default: return nil
        }
    }

    /// `://user:password@host`, and a long user name alone, which is a token.
    private static func urlPassword(at index: Int, in line: ArraySlice<UInt8>) -> Range<Int>? {
        guard line.holds("://", at: index) else { return nil }
        let start = index + 3
        // The limit keeps a line of nothing but `://` linear.
        let window = line[start..<min(line.endIndex, start + 2048)]
        let authority = window.prefix { !$0.isQuote && $0 > 0x20 }
        let slash = authority.firstIndex { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "?") }
        let host = authority[..<(slash ?? authority.endIndex)]
        if let sign = host.lastIndex(of: UInt8(ascii: "@")) {
            if let colon = host[..<sign].firstIndex(of: UInt8(ascii: ":")) {
                return colon + 1..<sign
            }
            return sign - start > 20 ? start..<sign : nil
        }
        // A slash that should have been escaped: `user:pa/ss@host`. A port is digits.
        guard let colon = host.firstIndex(of: UInt8(ascii: ":")),
            !host[(colon + 1)...].allSatisfy(\.isDigit),
            let sign = authority.lastIndex(of: UInt8(ascii: "@"))
        else { return nil }
        return colon + 1..<sign
    }

    /// A hash of crypt(5), such as `$2b$12$…`, or of htpasswd.
    private static func hash(at index: Int, in line: ArraySlice<UInt8>) -> Range<Int>? {
        let prefixes: [StaticString] = [
            "$1$", "$2a$", "$2b$", "$2y$", "$5$", "$6$", "$7$", "$y$", "$gy$", "$apr1$",
            "$argon2", "$scrypt$", "$pbkdf2", "$bcrypt",
        ]
        guard let prefix = prefixes.first(where: { line.holds($0, at: index) }) else { return nil }
        let start = index + prefix.utf8CodeUnitCount
        let end = line.end(from: start, while: \.isHashPart)
        return end - start >= 8 ? start..<end : nil
    }

    /// `{SSHA}…` of LDAP and htpasswd.
    private static func schemeHash(at index: Int, in line: ArraySlice<UInt8>) -> Range<Int>? {
        let name = line.end(from: index + 1) { (0x41...0x5A).contains($0) || $0.isDigit }
        guard (3...12).contains(name - index - 1), line.holds("}", at: name) else { return nil }
        let end = line.end(from: name + 1, while: \.isHashPart)
        return end - name > 8 ? name + 1..<end : nil
    }

    private static let issuers = WordTable([
        "AKIA", "ASIA", "AIza", "ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_", "glpat-",
        "xoxb-", "xoxp-", "xoxa-", "xapp-", "sk-", "sk_live_", "sk_test_", "rk_live_", "whsec_",
        "npm_", "pypi-", "hvs.", "dop_v1_", "SG.", "eyJ", "AGE-SECRET-KEY-",
    ])

    /// A token that says by its first letters who gave it out.
    private static func token(at index: Int, in line: ArraySlice<UInt8>) -> Range<Int>? {
        guard issuers[line[index]].contains(where: { line.holds($0, at: index) }) else {
            return nil
        }
        let end = line.end(from: index, while: \.isTokenPart)
        return end - index >= 20 && line[index..<end].contains(where: \.isDigit)
            ? index..<end : nil
    }

    /// `Bearer …` and `Basic …`.
    private static func scheme(at index: Int, in line: ArraySlice<UInt8>) -> Range<Int>? {
        let isBearer = line.holds("bearer ", at: index, ignoringCase: true)
        guard isBearer || line.holds("basic ", at: index, ignoringCase: true) else { return nil }
        let start = line.end(from: index + 6, while: \.isBlank)
        let end = line.end(from: start, while: \.isTokenPart)
        let word = line[start..<end]
        let isWord = word.allSatisfy { $0.isLetter && $0.lowercased == $0 }
        return word.count >= 6 && !isWord ? start..<end : nil
    }
}

extension UInt8 {
    fileprivate var isTokenPart: Bool {
        switch self {
        case UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "+"),
            UInt8(ascii: "/"), UInt8(ascii: "="):
            true
        default: isLetter || isDigit
        }
    }

    fileprivate var isHashPart: Bool {
        isTokenPart || self == UInt8(ascii: "$") || self == UInt8(ascii: ",")
    }
}
