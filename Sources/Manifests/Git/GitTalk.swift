import CGit2

/// What libgit2 calls while it speaks to a server.
final class GitTalk {
    private let credentials: GitCredentials
    private let watch: GitWatch

    init(_ credentials: GitCredentials, _ watch: GitWatch) {
        self.credentials = credentials
        self.watch = watch
    }

    /// Has the library call this talk, which must outlive the calls.
    func listen(to callbacks: inout git_remote_callbacks) {
        callbacks.payload = Unmanaged.passUnretained(self).toOpaque()
        callbacks.credentials = { result, url, user, allowed, payload in
            guard let talk = GitTalk.of(payload) else { return GIT_EAUTH.rawValue }
            talk.watch.hear()
            return talk.credentials.acquire(
                result, url: url.map { String(cString: $0) } ?? "",
                user: user.map { String(cString: $0) }, allowed: allowed)
        }
        callbacks.sideband_progress = { _, _, payload in
            GitTalk.of(payload)?.watch.hear()
            return 0
        }
        callbacks.transfer_progress = { _, payload in
            GitTalk.of(payload)?.watch.hear()
            return 0
        }
    }

    private static func of(_ payload: UnsafeMutableRawPointer?) -> GitTalk? {
        payload.map { Unmanaged<GitTalk>.fromOpaque($0).takeUnretainedValue() }
    }
}
