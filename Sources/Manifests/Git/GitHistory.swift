import CGit2
import Resources

extension GitRepository {
    /// Looks for objects in another folder too: what a push has brought lies in one of its own
    /// until the push is accepted.
    ///
    /// Source: git-receive-pack(1), "Quarantine environment".
    func addObjects(in folder: String) throws(GitError) {
        var database: OpaquePointer?
        try GitLibrary.check(git_repository_odb(&database, pointer))
        defer { git_odb_free(database) }
        try GitLibrary.check(git_odb_add_disk_alternate(database, folder))
    }

    /// The commits that a branch has moved over to get to `head`, oldest first: first parents
    /// alone, as far back as `anchor` or what it came out of. Nil when they are more than `limit`.
    func line(
        to head: GitCommit, after anchor: GitCommit, limit: Int
    ) throws(GitError) -> [GitCommit]? {
        var line: [GitCommit] = []
        var next: GitCommit? = head
        while let commit = next {
            if try contains(commit.revision.id, in: anchor) { break }
            guard line.count < limit else { return nil }
            line.append(commit)
            next = try commit.firstParent
        }
        return line.reversed()
    }

    /// A commit's signature, and what it is a signature of; nil when it has none.
    func signature(
        of commit: GitCommit
    ) throws(GitError) -> (signature: [UInt8], payload: [UInt8])? {
        var (signature, payload) = (git_buf(), git_buf())
        defer {
            git_buf_dispose(&signature)
            git_buf_dispose(&payload)
        }
        guard var id = git_commit_id(commit.pointer)?.pointee else { return nil }
        let code = git_commit_extract_signature(&signature, &payload, pointer, &id, nil)
        if code == GIT_ENOTFOUND.rawValue { return nil }
        try GitLibrary.check(code)
        return (Self.bytes(signature), Self.bytes(payload))
    }

    private static func bytes(_ buffer: git_buf) -> [UInt8] {
        Array(UnsafeRawBufferPointer(start: buffer.ptr, count: buffer.size))
    }
}

extension GitCommit {
    /// Nil for a branch's first commit.
    var firstParent: GitCommit? {
        get throws(GitError) {
            guard git_commit_parentcount(pointer) > 0 else { return nil }
            var parent: OpaquePointer?
            try GitLibrary.check(git_commit_parent(&parent, pointer, 0))
            return parent.map(GitCommit.init)
        }
    }

    /// The line that its payload begins with: what of it is applied.
    var treeLine: String {
        "tree \(git_commit_tree_id(pointer).map { GitObject.digits(of: $0.pointee) } ?? "")\n"
    }
}
