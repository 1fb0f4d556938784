import Diagnostics
import Glibc
import Resources

/// Where desired state is read from: a folder, a repository on this machine, or one elsewhere.
package struct TreeSource: Sendable {
    /// A path or an address: https, ssh, `user@host:path` or file.
    package var location: String
    /// A branch, a tag or a commit; nil is the repository's HEAD.
    package var ref: String?
    /// The state folder, where copies of remote repositories are kept.
    package var state: String
    /// For credentials: see `GitCredentials`.
    package var environment: [String: String]
    package var limits: TreeLimits
    /// Another folder with objects of a repository on this machine: a push's, while it is looked
    /// at.
    package var objects: String?
    /// Whether a repository that is elsewhere is fetched from first.
    package var fetches = true
    /// How long a repository that is elsewhere may say nothing before it is given up for now.
    package var silenceSeconds = Settings.Source().timeoutSeconds

    package init(
        _ location: String, ref: String? = nil, state: String,
        environment: [String: String] = [:], limits: TreeLimits = .standard
    ) {
        self.location = location
        self.ref = ref
        self.state = state
        self.environment = environment
        self.limits = limits
    }

    /// The location without passwords, for people.
    package var title: String {
        guard let address = try? RemoteAddress(location) else { return location }
        return address.shown
    }

    /// Reads the tree; fetches first when it is elsewhere.
    ///
    /// Blocks its thread.
    package func read() throws(TreeError) -> Tree {
        if let (repository, title) = try repository() {
            return try read(repository, title: title)
        }
        return try readFolder()
    }

    /// The repository, and what people call it; nil for a plain folder.
    func repository() throws(TreeError) -> (GitRepository, title: String)? {
        if !exists(location), let address = try RemoteAddress(location) {
            let mirror = GitMirror(
                address: address, state: state, environment: environment,
                silenceSeconds: silenceSeconds)
            do throws(Failure) {
                return (try fetches ? mirror.update() : mirror.open(), address.shown)
            } catch {
                throw .failed(error)
            }
        }
        return isRepository ? (try openRepository(), location) : nil
    }

    private func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    /// A folder with `.git` in it, or a bare repository.
    private var isRepository: Bool {
        exists("\(location)/.git")
            || ["HEAD", "objects", "refs"].allSatisfy { exists("\(location)/\($0)") }
    }

    private func openRepository() throws(TreeError) -> GitRepository {
        do throws(GitError) {
            let repository = try GitRepository(path: location)
            if let objects { try repository.addObjects(in: objects) }
            return repository
        } catch {
            throw .invalid(
                .gitRepository, "\(location) can't be opened as a git repository",
                why: error.message)
        }
    }

    private func readFolder() throws(TreeError) -> Tree {
        var resolved = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
        guard realpath(location, &resolved) != nil else {
            throw .invalid(
                .treeUnreadable, "\(location) can't be opened",
                why: String(cString: strerror(errno)),
                fix: "name a folder or a repository with --repo")
        }
        let path = String(
            decoding: resolved.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
        guard ref == nil else {
            throw .invalid(
                .gitRepository, "\(location) is no git repository, so it has no refs",
                fix: "leave --ref out, or name the repository's own folder with --repo")
        }
        // The folder `desired` itself: its templates stand beside it.
        let isDesired = path.hasSuffix("/desired") && !exists("\(path)/desired")
        let root = isDesired ? String(path.dropLast("/desired".count)) : path
        var reader = TreeReader(
            FolderStorage(root: root.isEmpty ? "/" : root), title: location, limits: limits)
        return try reader.read { FolderRevision.revision(of: $0) }
    }
}
