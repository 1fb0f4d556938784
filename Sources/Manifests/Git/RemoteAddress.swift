import Diagnostics
import Resources

/// Where a repository that is elsewhere is fetched from.
///
/// Source: git-fetch(1), "GIT URLS"; `http` and `git` are refused, because what comes that way can
/// be changed on the way.
struct RemoteAddress: Equatable {
    enum Scheme: String {
        case file, https, ssh
    }

    /// With whatever password it was given; for libgit2 alone, never printed.
    let address: String
    let scheme: Scheme
    /// For people: user names and passwords of https, and passwords of ssh, are left out.
    let shown: String
    /// Empty for a file.
    let host: String
    private let secrets: [String]

    /// Nil for what is no address but a path.
    ///
    /// - Throws: for an address of a kind that is not taken.
    init?(_ text: String) throws(TreeError) {
        if let end = text.utf8.firstRange(of: "://".utf8) {
            let scheme = text[..<end.lowerBound].lowercased()
            guard let known = Scheme(rawValue: scheme) else {
                throw .invalid(
                    .gitFetch, "\(scheme):// is no way to fetch desired state",
                    why: ["http", "git"].contains(scheme)
                        ? "whoever is between could change it" : nil,
                    fix: "use https://, ssh://, user@host:path, file:// or a path")
            }
            self.init(text, known, rest: text[end.upperBound...])
            return
        }
        // The short form of ssh: a colon before any slash, and a user before it.
        guard let colon = text.firstIndex(of: ":"), let at = text[..<colon].firstIndex(of: "@"),
            at != text.startIndex, !text[..<colon].contains("/")
        else { return nil }
        self.init(
            address: text, scheme: .ssh, shown: text,
            host: String(text[text.index(after: at)..<colon]), secrets: [])
    }

    private init(address: String, scheme: Scheme, shown: String, host: String, secrets: [String]) {
        self.address = address
        self.scheme = scheme
        self.shown = shown
        self.host = host
        self.secrets = secrets
    }

    private init(_ text: String, _ scheme: Scheme, rest: Substring) {
        let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        guard let at = authority.lastIndex(of: "@") else {
            let host = Self.host(authority)
            self.init(address: text, scheme: scheme, shown: text, host: host, secrets: [])
            return
        }
        let account = authority[..<at]
        let place = authority[authority.index(after: at)...]
        let user = account.prefix { $0 != ":" }
        let password = account.dropFirst(user.count + 1)
        // A token may stand where https has its user.
        let shownUser = scheme == .ssh && !user.isEmpty ? user + "@" : ""
        let secrets = scheme == .ssh ? [password] : [account, user, password]
        self.init(
            address: text, scheme: scheme,
            shown: "\(scheme.rawValue)://\(shownUser)\(place)\(rest.dropFirst(authority.count))",
            host: Self.host(place), secrets: secrets.map(String.init).filter { !$0.isEmpty })
    }

    private static func host(_ place: Substring) -> String {
        if place.hasPrefix("["), let end = place.firstIndex(of: "]") {
            return String(place[...end])
        }
        return place.prefix { $0 != ":" }.lowercased()
    }

    /// The folder below `repositories` that keeps the copy: the same whatever the password is.
    var folder: String { Digest(of: shown).hexadecimal }

    /// `text` without this address's secrets, nor `others`.
    func redact(_ text: String, _ others: [String] = []) -> String {
        var result = text
        for secret in ([address] + secrets + others) where !secret.isEmpty {
            result = result.split(separator: secret, omittingEmptySubsequences: false)
                .joined(separator: secret == address ? shown : "***")
        }
        return result
    }
}
