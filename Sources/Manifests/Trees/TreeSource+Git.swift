import Diagnostics
import Resources

extension TreeSource {
    /// Reads the tree at `ref`.
    func read(_ repository: GitRepository, title: String) throws(TreeError) -> Tree {
        let commit = try commit(in: repository, title: title)
        let revision = commit.revision
        let storage: CommitStorage
        do throws(GitError) {
            storage = try CommitStorage(repository, commit)
        } catch {
            throw .failed(error.failure("read commit \(revision.short) of \(title)"))
        }
        var reader = TreeReader(
            storage, title: "\(title) at \(ref ?? "HEAD") (\(revision.short))", limits: limits)
        var tree = try reader.read { _ in revision }
        if let warning = uncommitted(in: repository, tree) { tree.findings.append(warning) }
        return tree
    }

    func commit(
        in repository: GitRepository, title: String
    ) throws(TreeError) -> GitCommit {
        let name = ref ?? "HEAD"
        do throws(GitError) {
            return try repository.commit(name)
        } catch {
            // A copy has the remote's branches as its own.
            if name.hasPrefix("origin/"),
                let commit = try? repository.commit(String(name.dropFirst("origin/".count)))
            {
                return commit
            }
            throw .invalid([missing(name, in: repository, title, error)])
        }
    }

    private func missing(
        _ name: String, in repository: GitRepository, _ title: String, _ error: GitError
    ) -> Diagnostic {
        let names = repository.refNames
        guard !names.isEmpty || repository.hasCommits else {
            return Diagnostic(
                .gitReference, "\(title) has no commits yet", fix: "commit desired state to it")
        }
        guard ref != nil else {
            return Diagnostic(
                .gitReference, "HEAD of \(title) leads nowhere", why: error.message,
                fix: "name one with --ref: \(Self.some(names))")
        }
        guard error.isNotFound else {
            return Diagnostic(
                .gitReference, "\(title) has no one commit called `\(name)`", why: error.message,
                fix: "name a branch, a tag, or a commit with all its digits")
        }
        return Diagnostic(
            .gitReference, "\(title) has no branch, tag or commit `\(name)`",
            fix: Suggestion.sentence(for: name, among: names) ?? "there is \(Self.some(names))")
    }

    private static func some(_ names: [String]) -> String {
        let shown = names.prefix(8).map { "`\($0)`" }.joined(separator: ", ")
        return names.count > 8 ? "\(shown) and \(names.count - 8) more" : shown
    }

    /// What is planned is the commit, which a person in a hurry forgets.
    private func uncommitted(in repository: GitRepository, _ tree: Tree) -> Diagnostic? {
        guard ref == nil || ref == "HEAD" else { return nil }
        let isAtRoot = tree.settingsFile == "stead.yaml"
        let folders = isAtRoot ? [] : ["desired", "templates"]
        guard let paths = try? repository.uncommittedPaths(below: folders), !paths.isEmpty else {
            return nil
        }
        let shown = paths.prefix(3).joined(separator: ", ")
        return Diagnostic(
            .gitUncommitted,
            paths.count == 1
                ? "a change is not committed, and not read"
                : "\(paths.count) changes are not committed, and not read",
            severity: .warning,
            why: "commit \(tree.revision.short) is read; it lacks what changed in \(shown)"
                + (paths.count > 3 ? ", …" : ""),
            fix: "commit, or copy the folder elsewhere to read it as it is")
    }
}
