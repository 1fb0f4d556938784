import Diagnostics
package import Resources

/// A commit, and its signature.
package struct SignedCommit: Sendable {
    package var revision: Revision
    /// As git keeps it; nil when there is none.
    package var signature: [UInt8]?
    /// What the signature is of: the commit without it.
    package var payload: [UInt8]
}

extension TreeSource {
    /// The most commits that are looked at one by one.
    private static let lineLimit = 1000

    /// The commits that the branch has moved over to get to `head`, oldest first, `head` the last:
    /// first parents alone, since what a merge brings in is its author's choice. Fetches nothing.
    ///
    /// Blocks its thread.
    ///
    /// - Parameters:
    ///   - head: a commit, all 40 digits.
    ///   - anchor: where the branch was; nil for `head` alone.
    /// - Returns: at least one.
    /// - Throws: when a commit is not there, or they are too many.
    package func line(
        to head: String, after anchor: String?
    ) throws(TreeError) -> [SignedCommit] {
        var local = self
        local.fetches = false
        guard let (repository, title) = try local.repository() else {
            throw .invalid(.gitRepository, "\(location) is no git repository")
        }
        let doing = "read the commits of \(title)"
        do throws(GitError) {
            let commit = try repository.commit(head)
            var line = [commit]
            if let anchor {
                let found = try repository.line(
                    to: commit, after: try repository.commit(anchor), limit: Self.lineLimit)
                guard let found else {
                    throw GitError(
                        code: -1, sort: 0, message: "more than \(Self.lineLimit) at once")
                }
                // A branch that went back to where it was has moved over nothing.
                if !found.isEmpty { line = found }
            }
            return try line.map { commit throws(GitError) in
                try Self.signed(commit, in: repository)
            }
        } catch {
            throw .failed(error.failure(doing))
        }
    }

    private static func signed(
        _ commit: GitCommit, in repository: GitRepository
    ) throws(GitError) -> SignedCommit {
        let found = try repository.signature(of: commit)
        // What is signed has to be what is read: the tree.
        guard let found, found.payload.starts(with: commit.treeLine.utf8) else {
            return SignedCommit(revision: commit.revision, signature: nil, payload: [])
        }
        return SignedCommit(
            revision: commit.revision, signature: found.signature, payload: found.payload)
    }
}
