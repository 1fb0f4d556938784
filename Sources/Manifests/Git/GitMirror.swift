import CGit2
import Diagnostics
import Glibc
import Synchronization

/// A bare copy of a remote repository in the state folder: its branches and tags as they are
/// there, nothing of the address, no credentials.
struct GitMirror {
    let address: RemoteAddress
    /// The state folder.
    let state: String
    let environment: [String: String]
    /// How long the server may say nothing.
    let silenceSeconds: Int

    private var folder: String { "\(state)/repositories/\(address.folder)" }

    /// Brings the copy up to date and opens it.
    ///
    /// - Throws: `transient` when the network is at fault, `stalled` when a person is needed; a
    ///   copy that can't be brought up to date is never used.
    func update() throws(Failure) -> GitRepository {
        let lock = try lock()
        defer { close(lock) }
        let problem = Mutex<GitError?>(
            GitError(
                code: -1, sort: Int32(GIT_ERROR_OS.rawValue),
                message: "the system gave no thread to fetch in"))
        let wasCut = GitWatch.run(silenceSeconds: silenceSeconds) { watch in
            do throws(GitError) {
                try fetch(into: try GitRepository(bareAt: folder), watch)
                problem.withLock { $0 = nil }
            } catch {
                problem.withLock { $0 = error }
            }
        }
        if let error = problem.withLock({ $0 }) {
            throw wasCut ? silence : failure(error)
        }
        return try open()
    }

    private var silence: Failure {
        .transient(
            .init(
                "cannot fetch \(address.shown): the server has said nothing for "
                    + "\(silenceSeconds) s"))
    }

    /// Opens the copy as it is.
    func open() throws(Failure) -> GitRepository {
        do throws(GitError) {
            return try GitRepository(bareAt: folder)
        } catch {
            throw failure(error)
        }
    }

    /// One process at a time writes to a copy.
    ///
    /// The lock goes when its descriptor is closed.
    private func lock() throws(Failure) -> Int32 {
        for path in [state, "\(state)/repositories"] where mkdir(path, 0o700) != 0 {
            guard errno == EEXIST else { throw Self.cannot("make the folder \(path)") }
        }
        let path = folder + ".lock"
        let descriptor = Glibc.open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Self.cannot("open \(path)") }
        while flock(descriptor, LOCK_EX) != 0 {
            guard errno == EINTR else {
                close(descriptor)
                throw Self.cannot("lock \(path)")
            }
        }
        return descriptor
    }

    private static func cannot(_ what: String) -> Failure {
        .stalled(.init("cannot \(what): \(String(cString: strerror(errno)))"))
    }

    private func fetch(
        into repository: GitRepository, _ watch: GitWatch
    ) throws(GitError) {
        if address.scheme == .https, let file = environment["GIT_SSL_CAINFO"], !file.isEmpty {
            try GitLibrary.trust(file)
        }
        var remote: OpaquePointer?
        try GitLibrary.check(
            git_remote_create_anonymous(&remote, repository.pointer, address.address))
        defer { git_remote_free(remote) }
        let credentials = GitCredentials(for: address, environment: environment) {
            access($0, R_OK) == 0
        }
        let talk = GitTalk(credentials, watch)
        var options = git_fetch_options()
        git_fetch_options_init(&options, UInt32(GIT_FETCH_OPTIONS_VERSION))
        talk.listen(to: &options.callbacks)
        options.prune = GIT_FETCH_PRUNE
        options.download_tags = GIT_REMOTE_DOWNLOAD_TAGS_NONE
        options.proxy_opts.type = GIT_PROXY_AUTO
        // The file would hold the address.
        options.update_fetchhead = 0
        let specs = ["+refs/heads/*:refs/heads/*", "+refs/tags/*:refs/tags/*"]
        var strings: [UnsafeMutablePointer<CChar>?] = specs.map { GitStrings.copy($0) }
        defer { strings.forEach { $0?.deallocate() } }
        let code = withExtendedLifetime(talk) {
            strings.withUnsafeMutableBufferPointer { buffer in
                var list = git_strarray(strings: buffer.baseAddress, count: buffer.count)
                return git_remote_fetch(remote, &list, &options, nil)
            }
        }
        try GitLibrary.check(code)
        try followHead(of: remote, in: repository)
    }

    /// HEAD names what it names there, so that the default branch can change.
    private func followHead(
        of remote: OpaquePointer?, in repository: GitRepository
    ) throws(GitError) {
        var name = git_buf()
        defer { git_buf_dispose(&name) }
        let code = git_remote_default_branch(&name, remote)
        if code == GIT_ENOTFOUND.rawValue { return }
        try GitLibrary.check(code)
        try GitLibrary.check(git_repository_set_head(repository.pointer, name.ptr))
    }

    /// What went wrong, and whether trying again by itself may help.
    private func failure(_ error: GitError) -> Failure {
        let secret = environment["STEAD_GIT_TOKEN"] ?? ""
        let words = address.redact(error.message, [secret])
            .split(whereSeparator: \.isNewline).joined(separator: " ")
        let message = "cannot fetch \(address.shown): \(words)"
        if error.code == GIT_ECERTIFICATE.rawValue {
            return .stalled(.init(message, fix: certificateAdvice))
        }
        if error.code == GIT_EAUTH.rawValue || Self.isRefusal(error.message) {
            return .stalled(.init(message, fix: accessAdvice))
        }
        return isNetworkAtFault(error) ? .transient(.init(message)) : .stalled(.init(message))
    }

    /// Whether the server was reached and said no.
    private static func isRefusal(_ message: String) -> Bool {
        let statuses = ["status code: 401", "status code: 403", "status code: 404"]
        return statuses.contains(where: message.contains)
            || message.hasPrefix("fatal: ") || message.hasPrefix("ERROR: ")
            || message.contains("authenticate SSH session")
    }

    /// A refused connection comes as an error of the operating system.
    private func isNetworkAtFault(_ error: GitError) -> Bool {
        let network = [GIT_ERROR_NET, GIT_ERROR_SSL, GIT_ERROR_SSH, GIT_ERROR_HTTP, GIT_ERROR_OS]
        return address.scheme != .file && network.contains { Int32($0.rawValue) == error.sort }
    }

    private var accessAdvice: String? {
        switch address.scheme {
        case .file: nil
        case .https: "check the address; set STEAD_GIT_TOKEN to a token that may read it"
        case .ssh:
            "check the address; add a key that may read it to the ssh-agent, "
                + "or set STEAD_GIT_KEY to the path of one without passphrase"
        }
    }

    private var certificateAdvice: String? {
        switch address.scheme {
        case .file: nil
        case .https:
            "have the system trust the authority of \(address.host), or name a file with its "
                + "certificate by GIT_SSL_CAINFO"
        case .ssh:
            "compare the key of \(address.host) with the one in ~/.ssh/known_hosts, "
                + "or add it there if it is new"
        }
    }
}
