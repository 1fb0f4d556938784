import Diagnostics
package import Resources

/// Where a branch stands.
package struct BranchHead: Sendable, Equatable {
    package var revision: Revision
    /// Whether it came out of the commit that was asked about; true when none was.
    package var isSuccessor: Bool
}

extension TreeSource {
    /// Where the ref stands now. Fetches first when the repository is elsewhere, and reads nothing
    /// of the tree.
    ///
    /// Blocks its thread.
    ///
    /// - Parameter ancestor: a commit, all 40 digits, that the head should have come out of.
    /// - Returns: the head's commit, and whether it came out of that one.
    /// - Throws: `invalid` when there is no such branch, `failed` when the repository can't be
    ///   reached.
    package func head(after ancestor: String? = nil) throws(TreeError) -> BranchHead {
        guard let (repository, title) = try repository() else {
            throw .invalid(
                .gitRepository, "\(location) is no git repository, so it has no branch to follow",
                fix: "name a repository with --repo; `git init` makes one of a folder")
        }
        let commit = try commit(in: repository, title: title)
        guard let ancestor else { return BranchHead(revision: commit.revision, isSuccessor: true) }
        // An ancestor that is no longer there is none.
        let isSuccessor = (try? repository.contains(ancestor, in: commit)) ?? false
        return BranchHead(revision: commit.revision, isSuccessor: isSuccessor)
    }
}
