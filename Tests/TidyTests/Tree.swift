import FoundationEssentials

/// The repository as tests read it: the files that git tracks or would track.
enum Tree {
    static let root: String = {
        var path = #filePath.split(separator: "/").map(String.init)
        path.removeLast(3)
        return "/" + path.joined(separator: "/")
    }()

    /// Files under the folders that hold what people write, relative to the root.
    static let files: [String] = {
        var result: [String] = []
        for top in contents(of: "").sorted() where !isLeftOut(top) { collect(top, into: &result) }
        return result
    }()

    static func files(under folder: String, ending suffix: String) -> [String] {
        files.filter { $0.hasPrefix(folder) && $0.hasSuffix(suffix) }
    }

    static func text(_ file: String) -> String {
        guard let bytes = try? Data(contentsOf: URL(filePath: root + "/" + file)) else { return "" }
        return String(decoding: bytes, as: UTF8.self)
    }

    static func lines(_ file: String) -> [Substring] {
        text(file).split(separator: "\n", omittingEmptySubsequences: false)
    }

    static func exists(_ path: String) -> Bool {
        FileManager.default.fileExists(atPath: root + "/" + path)
    }

    private static func isLeftOut(_ name: String) -> Bool {
        name.hasPrefix(".build") || [".git", "state", "Package.resolved"].contains(name)
    }

    private static func contents(of folder: String) -> [String] {
        (try? FileManager.default.contentsOfDirectory(atPath: root + "/" + folder)) ?? []
    }

    private static func collect(_ path: String, into result: inout [String]) {
        let children = contents(of: path)
        if children.isEmpty {
            result.append(path)
        } else {
            for child in children.sorted() where child != "__pycache__" {
                collect(path + "/" + child, into: &result)
            }
        }
    }
}
