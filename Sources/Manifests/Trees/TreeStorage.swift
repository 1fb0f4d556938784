import Diagnostics

/// Where a tree's files are: a folder, or a commit's objects.
///
/// Paths are relative to the root, the empty path is the root itself, and no component of a path is
/// a symbolic link.
protocol TreeStorage {
    /// What the storage needs to read an entry without looking for it again.
    associatedtype Handle

    /// A folder's entries, in any order.
    func entries(of folder: String) throws(Failure) -> [TreeEntry<Handle>]
    /// Nil when nothing is there.
    func entry(at path: String) throws(Failure) -> TreeEntry<Handle>?
    func contents(of file: TreeEntry<Handle>, limit: Int) throws(Failure) -> TreeContents
    func target(of link: TreeEntry<Handle>) throws(Failure) -> String
}

/// One name in a folder.
struct TreeEntry<Handle> {
    enum Sort {
        case file, folder, link, submodule, other
    }

    var name: String
    var sort: Sort
    var handle: Handle
    /// False when the name is not UTF-8, or could not be printed as it is.
    var hasReadableName: Bool

    init(name: String, isValid: Bool, sort: Sort, handle: Handle) {
        self.name = name
        self.sort = sort
        self.handle = handle
        hasReadableName = isValid && name.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F }
    }
}

/// What a file turned out to hold.
enum TreeContents {
    case bytes([UInt8])
    case tooLarge(bytes: Int)
}

/// Paths within a tree.
enum TreePath {
    static func join(_ folder: String, _ name: String) -> String {
        folder.isEmpty ? name : folder + "/" + name
    }
}
