import CGit2

/// What Stead may show a git server, offered one after another, each once.
final class GitCredentials {
    private enum Offer {
        case agent
        case key(path: String)
        case token(String)
    }

    private let address: RemoteAddress
    private var offers: [Offer]

    /// Decides what to offer, and in which order.
    ///
    /// `STEAD_GIT_KEY` names a key file, `STEAD_GIT_TOKEN` is a token for https; without a key
    /// file the ssh-agent is asked, then the user's usual keys are tried, if they exist.
    init(
        for address: RemoteAddress, environment: [String: String],
        exists: (String) -> Bool
    ) {
        self.address = address
        switch address.scheme {
        case .file: offers = []
        case .https: offers = environment["STEAD_GIT_TOKEN"].map { [.token($0)] } ?? []
        case .ssh:
            if let key = environment["STEAD_GIT_KEY"], !key.isEmpty {
                offers = [.key(path: key)]
            } else {
                let home = environment["HOME"] ?? ""
                let keys = ["id_ed25519", "id_ecdsa"].map { "\(home)/.ssh/\($0)" }
                let agent: [Offer] = environment["SSH_AUTH_SOCK"] == nil ? [] : [.agent]
                offers = agent + keys.filter(exists).map { .key(path: $0) }
            }
        }
    }

    /// Makes what libgit2 asks for; an error when everything has been offered.
    func acquire(
        _ result: UnsafeMutablePointer<UnsafeMutablePointer<git_credential>?>?, url: String,
        user: String?, allowed: UInt32
    ) -> Int32 {
        let user = user ?? "git"
        if allowed & GIT_CREDENTIAL_USERNAME.rawValue != 0 {
            return git_credential_username_new(result, user)
        }
        while !offers.isEmpty {
            switch offers.removeFirst() {
            case .agent where allowed & GIT_CREDENTIAL_SSH_KEY.rawValue != 0:
                return git_credential_ssh_key_from_agent(result, user)
            case .key(let path) where allowed & GIT_CREDENTIAL_SSH_KEY.rawValue != 0:
                return git_credential_ssh_key_new(result, user, nil, path, nil)
            case .token(let token)
            where allowed & GIT_CREDENTIAL_USERPASS_PLAINTEXT.rawValue != 0 && isOwn(url):
                return git_credential_userpass_plaintext_new(result, user, token)
            default: continue
            }
        }
        git_error_set_str(
            Int32(GIT_ERROR_CALLBACK.rawValue), "the server takes none of the credentials offered")
        return GIT_EAUTH.rawValue
    }

    /// A redirection must not carry the token to another host, or out of TLS.
    private func isOwn(_ url: String) -> Bool {
        guard let asked = try? RemoteAddress(url) else { return false }
        return asked.scheme == .https && asked.host == address.host
    }
}

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
