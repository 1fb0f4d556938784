import CGit2
import Diagnostics

/// A commit's files, read from the object database: nothing is checked out.
final class CommitStorage: TreeStorage {
    private let repository: GitRepository
    private let root: OpaquePointer
    private let database: OpaquePointer

    init(_ repository: GitRepository, _ commit: GitCommit) throws(GitError) {
        var tree: OpaquePointer?
        try GitLibrary.check(git_commit_tree(&tree, commit.pointer))
        var database: OpaquePointer?
        let code = git_repository_odb(&database, repository.pointer)
        guard code == 0, let tree, let database else {
            git_tree_free(tree)
            throw GitLibrary.error(code)
        }
        self.repository = repository
        self.root = tree
        self.database = database
    }

    deinit {
        git_odb_free(database)
        git_tree_free(root)
    }

    func entries(of folder: String) throws(Failure) -> [TreeEntry<git_oid>] {
        guard !folder.isEmpty else { return Self.entries(of: root) }
        guard let entry = try entry(at: folder) else { return [] }
        var id = entry.handle
        var tree: OpaquePointer?
        guard git_tree_lookup(&tree, repository.pointer, &id) == 0, let tree else {
            throw failure("read", folder)
        }
        defer { git_tree_free(tree) }
        return Self.entries(of: tree)
    }

    private static func entries(of tree: OpaquePointer) -> [TreeEntry<git_oid>] {
        (0..<git_tree_entrycount(tree)).compactMap { index in
            git_tree_entry_byindex(tree, index).flatMap(entry)
        }
    }

    func entry(at path: String) throws(Failure) -> TreeEntry<git_oid>? {
        guard !path.isEmpty else {
            guard let id = git_tree_id(root) else { return nil }
            return TreeEntry(name: "", isValid: true, sort: .folder, handle: id.pointee)
        }
        var found: OpaquePointer?
        let code = git_tree_entry_bypath(&found, root, path)
        defer { git_tree_entry_free(found) }
        guard code == 0, let found else {
            if code == GIT_ENOTFOUND.rawValue { return nil }
            throw failure("look at", path)
        }
        return Self.entry(found)
    }

    private static func entry(_ entry: OpaquePointer) -> TreeEntry<git_oid>? {
        guard let name = git_tree_entry_name(entry), let id = git_tree_entry_id(entry) else {
            return nil
        }
        let text = String(cString: name)
        return TreeEntry(
            name: text, isValid: String(validatingCString: name) != nil,
            sort: sort(git_tree_entry_filemode(entry)), handle: id.pointee)
    }

    private static func sort(_ mode: git_filemode_t) -> TreeEntry<git_oid>.Sort {
        switch mode {
        case GIT_FILEMODE_TREE: .folder
        case GIT_FILEMODE_BLOB, GIT_FILEMODE_BLOB_EXECUTABLE: .file
        case GIT_FILEMODE_LINK: .link
        case GIT_FILEMODE_COMMIT: .submodule
        default: .other
        }
    }

    func contents(of file: TreeEntry<git_oid>, limit: Int) throws(Failure) -> TreeContents {
        var id = file.handle
        // The header first: a huge file must not be inflated only to be refused.
        var size = 0
        var type = GIT_OBJECT_INVALID
        guard git_odb_read_header(&size, &type, database, &id) == 0 else {
            throw failure("read", file.name)
        }
        guard size <= limit else { return .tooLarge(bytes: size) }
        return .bytes(try bytes(of: id, file.name))
    }

    func target(of link: TreeEntry<git_oid>) throws(Failure) -> String {
        String(decoding: try bytes(of: link.handle, link.name), as: UTF8.self)
    }

    private func bytes(of id: git_oid, _ name: String) throws(Failure) -> [UInt8] {
        var id = id
        var object: OpaquePointer?
        guard git_odb_read(&object, database, &id) == 0 else { throw failure("read", name) }
        defer { git_odb_object_free(object) }
        let size = git_odb_object_size(object)
        return Array(UnsafeRawBufferPointer(start: git_odb_object_data(object), count: size))
    }

    private func failure(_ verb: String, _ path: String) -> Failure {
        GitLibrary.error(-1).failure("\(verb) \(path) in the repository")
    }
}
