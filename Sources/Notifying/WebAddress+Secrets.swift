internal import Diagnostics
internal import Resources
internal import Secrets

extension Settings.WebAddress {
    /// The URL.
    ///
    /// - Throws: `stalled` when its file can't be read, or holds none.
    func resolved() throws(Failure) -> String {
        switch self {
        case .url(let url): return url
        case .file(let path):
            let url = try SecretFile(path).line()
            guard url.hasPrefix("https://") || url.hasPrefix("http://") else {
                throw .stalled(.init("\(path) holds no URL that begins with `https://`"))
            }
            return url
        }
    }

    /// For people: no path and no query, which may hold a token.
    var label: String {
        switch self {
        case .url(let url):
            let rest = url.split(separator: "/", maxSplits: 2, omittingEmptySubsequences: true)
            return String((rest.dropFirst().first ?? "").split(separator: "@").last ?? "")
        case .file(let path): return path
        }
    }

    /// What tells it from others.
    var identity: String {
        switch self {
        case .url(let url): "url \(url)"
        case .file(let path): "file \(path)"
        }
    }
}
