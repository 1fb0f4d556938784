import CGit2
import Diagnostics
import Resources

/// A repository on this machine, bare or not, opened for reading.
///
/// Not `Sendable`: it lives and dies within one call.
final class GitRepository {
    let pointer: OpaquePointer

    /// Opens exactly `path`: its parents are not searched.
    init(path: String) throws(GitError) {
        GitLibrary.start
        var repository: OpaquePointer?
        let flags = GIT_REPOSITORY_OPEN_NO_SEARCH.rawValue
        try GitLibrary.check(git_repository_open_ext(&repository, path, flags, nil))
        guard let repository else { throw GitLibrary.error(-1) }
        pointer = repository
    }

    /// Makes a bare repository at `path`, or opens the one that is there.
    init(bareAt path: String) throws(GitError) {
        GitLibrary.start
        var repository: OpaquePointer?
        try GitLibrary.check(git_repository_init(&repository, path, 1))
        guard let repository else { throw GitLibrary.error(-1) }
        pointer = repository
    }

    deinit {
        git_repository_free(pointer)
    }

    var hasCommits: Bool { git_repository_head_unborn(pointer) == 0 }

    /// The commit that `ref` names: a branch, a tag, an id of at least four digits, `origin/x`.
    func commit(_ ref: String) throws(GitError) -> GitCommit {
        var object: OpaquePointer?
        try GitLibrary.check(git_revparse_single(&object, pointer, ref))
        defer { git_object_free(object) }
        var commit: OpaquePointer?
        try GitLibrary.check(git_object_peel(&commit, object, GIT_OBJECT_COMMIT))
        guard let commit else { throw GitLibrary.error(-1) }
        return GitCommit(commit)
    }

    /// Whether `commit` came out of `ancestor`, or is it.
    func contains(_ ancestor: String, in commit: GitCommit) throws(GitError) -> Bool {
        var id = git_oid()
        try GitLibrary.check(git_oid_fromstr(&id, ancestor))
        guard let own = git_commit_id(commit.pointer) else { return false }
        if git_oid_equal(own, &id) == 1 { return true }
        let code = git_graph_descendant_of(pointer, own, &id)
        try GitLibrary.check(code)
        return code == 1
    }

    /// Branches, tags and remote branches, as people write them.
    var refNames: [String] {
        var list = git_strarray()
        guard git_reference_list(&list, pointer) == 0 else { return [] }
        defer { git_strarray_dispose(&list) }
        let names = (0..<list.count).compactMap { index in
            list.strings[index].map { String(cString: $0) }
        }
        return names.compactMap { name in
            ["refs/heads/", "refs/tags/", "refs/remotes/"].first(where: name.hasPrefix)
                .map { String(name.dropFirst($0.count)) }
        }.sorted()
    }

    /// Paths below `folders` that differ from HEAD, new files among them; none when the repository
    /// is bare.
    func uncommittedPaths(below folders: [String]) throws(GitError) -> [String] {
        guard git_repository_is_bare(pointer) == 0 else { return [] }
        var options = git_status_options()
        git_status_options_init(&options, UInt32(GIT_STATUS_OPTIONS_VERSION))
        options.flags =
            GIT_STATUS_OPT_INCLUDE_UNTRACKED.rawValue
            | GIT_STATUS_OPT_EXCLUDE_SUBMODULES.rawValue
            | GIT_STATUS_OPT_DISABLE_PATHSPEC_MATCH.rawValue
        var strings: [UnsafeMutablePointer<CChar>?] = folders.map { GitStrings.copy($0) }
        defer { strings.forEach { $0?.deallocate() } }
        var status: OpaquePointer?
        let code = strings.withUnsafeMutableBufferPointer { buffer in
            options.pathspec = git_strarray(strings: buffer.baseAddress, count: buffer.count)
            return git_status_list_new(&status, pointer, &options)
        }
        try GitLibrary.check(code)
        defer { git_status_list_free(status) }
        return (0..<git_status_list_entrycount(status)).compactMap { index in
            guard let entry = git_status_byindex(status, index) else { return nil }
            let delta = entry.pointee.index_to_workdir ?? entry.pointee.head_to_index
            return delta.flatMap { $0.pointee.new_file.path }.map { String(cString: $0) }
        }
    }
}

/// C strings for libgit2's arrays.
enum GitStrings {
    /// The caller deallocates it.
    static func copy(_ text: String) -> UnsafeMutablePointer<CChar> {
        let bytes = Array(text.utf8CString)
        let pointer = UnsafeMutablePointer<CChar>.allocate(capacity: bytes.count)
        pointer.initialize(from: bytes, count: bytes.count)
        return pointer
    }
}
