internal import Diagnostics
internal import FoundationEssentials
internal import Resources

/// Files beside the controller that hold one secret line each.
enum SecretFile {
    private static let longestBytes = 4096

    /// The line.
    ///
    /// - Throws: `stalled` for a file that can't be read, or that holds anything else: a private
    ///   key is never sent somewhere because settings name its file.
    static func read(_ path: String) throws(Failure) -> String {
        guard let data = try? Data(contentsOf: URL(filePath: path)) else {
            throw .stalled(
                .init("cannot read \(path)", fix: "let the controller's user read it"))
        }
        let text = String(decoding: data.prefix(longestBytes + 1), as: UTF8.self)
        let lines = text.split(whereSeparator: \.isNewline)
        guard data.count <= longestBytes, lines.count == 1, let line = lines.first else {
            throw .stalled(.init("\(path) does not hold one line"))
        }
        return String(line)
    }
}

extension Settings.WebAddress {
    /// The URL.
    ///
    /// - Throws: `stalled` when its file can't be read, or holds none.
    func resolved() throws(Failure) -> String {
        switch self {
        case .url(let url): return url
        case .file(let path):
            let url = try SecretFile.read(path)
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
