import Diagnostics

/// Where a path leads within a tree, every symbolic link on the way followed by hand so that none
/// leaves the tree.
enum LinkResolution<Handle> {
    case found(TreeEntry<Handle>, place: String)
    /// Above the root, or an absolute path.
    case outside
    case missing
    /// Too many links one after another.
    case endless

    /// As many as Linux follows.
    private static var hopLimit: Int { 40 }

    static func resolve<Storage: TreeStorage>(
        _ path: String, in storage: Storage
    ) throws(Failure) -> LinkResolution where Storage.Handle == Handle {
        var place: [Substring] = []
        var pending = Array(path.split(separator: "/").reversed())
        var last: TreeEntry<Handle>?
        var hops = 0
        while let component = pending.popLast() {
            if component == "." { continue }
            if component == ".." {
                guard place.popLast() != nil else { return .outside }
                last = nil
                continue
            }
            place.append(component)
            guard let entry = try storage.entry(at: place.joined(separator: "/")) else {
                return .missing
            }
            last = entry
            guard entry.sort == .link else { continue }
            hops += 1
            guard hops <= hopLimit else { return .endless }
            let target = try storage.target(of: entry)
            guard !target.hasPrefix("/") else { return .outside }
            place.removeLast()
            last = nil
            pending += target.split(separator: "/").reversed()
        }
        let joined = place.joined(separator: "/")
        // After `..` the entry is not at hand; the root has none, and is a folder all the same.
        if let last { return .found(last, place: joined) }
        guard let entry = try storage.entry(at: joined) else { return .missing }
        return .found(entry, place: joined)
    }
}
