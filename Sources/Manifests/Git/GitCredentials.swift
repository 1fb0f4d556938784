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
