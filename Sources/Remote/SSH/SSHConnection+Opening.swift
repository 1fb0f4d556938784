import Diagnostics
import Glibc
import Resources

extension SSHConnection {
    /// Connects, checks the host's key, signs in.
    ///
    /// - Parameter jump: the connection to go through; nil goes straight to the host.
    /// - Throws: `stalled` for what a person must look at: the host's key, our key, the user.
    func open(through jump: SSHConnection?) async throws(Failure) {
        let seconds = route.server.connectTimeoutSeconds
        let deadline = Deadline.after(seconds: seconds)
        let pin = try pinnedKey()
        let socket = try await connect(through: jump, until: deadline)
        guard let session = SSHSession(on: socket) else {
            throw .transient(.init("\(label): not enough memory for a session"))
        }
        adopt(session)
        do throws(Failure) {
            try await shakeHands(pin, until: deadline)
            try await signIn(until: deadline)
        } catch {
            end(error)
            throw error
        }
        watch()
    }

    private func connect(through jump: SSHConnection?, until deadline: Deadline)
        async throws(Failure) -> Descriptor
    {
        let server = route.server
        guard let host = server.host else {
            throw .stalled(.init("\(label): the server has no `host` to connect to"))
        }
        if let jump { return try await jump.openTunnel(to: route, until: deadline) }
        let connector = TCPConnector(
            loop: loop, label: label, deadline: deadline,
            timeoutSeconds: server.connectTimeoutSeconds)
        return try await connector.connect(to: host, port: server.port)
    }

    // MARK: - The host's key

    private func pinnedKey() throws(Failure) -> HostKey? {
        guard let line = route.server.hostKey else { return nil }
        guard let key = HostKey(line: line) else {
            throw .stalled(
                .init(
                    "\(label): the pinned host key can't be read",
                    fix: "write it as known_hosts does: `hostKey: ssh-ed25519 AAAA…`"))
        }
        guard HostKey.types.contains(key.type) else {
            throw .stalled(
                .init(
                    "\(label): libssh2 1.10 can't verify a pinned host key of the type "
                        + key.type,
                    fix: "pin the host's ed25519 key: /etc/ssh/ssh_host_ed25519_key.pub"))
        }
        return key
    }

    private func shakeHands(_ pin: HostKey?, until deadline: Deadline) async throws(Failure) {
        let session = try liveSession()
        // With a pin, only that type is asked for: a host has several keys.
        guard session.accept(hostKeyTypes: pin.map { [$0.type] } ?? HostKey.types) else {
            throw .stalled(.init("\(label): libssh2 can't verify the pinned type of host key"))
        }
        let words = SSHFailure(label: label, session: session)
        let timeout = words.handshakeTimeout
        _ = try await finish(
            until: deadline, or: timeout(route.server.connectTimeoutSeconds)
        ) { $0.handshake() }
        try check(HostKey(session.hostKey), against: pin)
    }

    private func check(_ offered: HostKey, against pin: HostKey?) throws(Failure) {
        guard let pin else {
            throw .stalled(
                .init(
                    "\(label): no host key is pinned, so the host can't be told from another",
                    detail: """
                        it offers
                        hostKey: \(offered.line)
                        with the fingerprint \(offered.fingerprint)
                        """,
                    fix: "compare the fingerprint on the host's console (`ssh-keygen -lf "
                        + "\(Self.path(of: offered))`), then pin the key with the line above"))
        }
        guard !pin.matches(offered) else { return }
        throw .stalled(
            .init(
                "\(label): the host's key is not the pinned one",
                detail: """
                    pinned:  \(pin.type) \(pin.fingerprint)
                    offered: \(offered.type) \(offered.fingerprint)
                    """,
                fix: "somebody may be in between. Only if the host was installed anew: compare "
                    + "on its console (`ssh-keygen -lf \(Self.path(of: offered))`) and pin the "
                    + "new key"))
    }

    /// Where Debian's sshd and most others keep the public key of that type.
    private static func path(of key: HostKey) -> String {
        "/etc/ssh/ssh_host_\(key.type == "ssh-ed25519" ? "ed25519" : "ecdsa")_key.pub"
    }

    // MARK: - Our key

    private func signIn(until deadline: Deadline) async throws(Failure) {
        let user = route.server.user
        guard let path = route.server.identityFile else {
            return try await signInByAgent(until: deadline)
        }
        let key = try PrivateKeyFile(path: path)
        let isIn = try await isAccepted(until: deadline) {
            $0.authenticate(user, privateKey: key.contents)
        }
        guard !isIn else { return }
        throw .stalled(
            .init(
                "\(label): the host refused the user \(user) with the key \(path)",
                fix: "add the key's public half (`ssh-keygen -yf \(path)`) to "
                    + "~\(user)/.ssh/authorized_keys on the host"))
    }

    /// Tries every key that the agent has and libssh2 can use.
    private func signInByAgent(until deadline: Deadline) async throws(Failure) {
        let user = route.server.user
        let agent = try SSHAgent(until: deadline)
        let all = try agent.identities()
        let usable = all.filter { HostKey.types.contains(HostKey($0.publicKey).type) }
        for identity in usable {
            let isIn = try await isAccepted(until: deadline) {
                $0.authenticate(user, publicKey: identity.publicKey) {
                    agent.sign($0, with: identity.publicKey)
                }
            }
            if isIn { return }
        }
        let tried = usable.map { "\(HostKey($0.publicKey).fingerprint) \($0.comment)" }
        let skipped = all.count - usable.count
        let note = skipped == 0 ? [] : ["\(skipped) of RSA or other types, which can't be used"]
        throw .stalled(
            .init(
                usable.isEmpty
                    ? "\(label): the ssh-agent holds no ed25519 or ECDSA key"
                    : "\(label): the host refused the user \(user) with every key of the ssh-agent",
                detail: (tried + note).joined(separator: "\n"),
                fix: "load the right key with ssh-add, or give the server an `identityFile`"))
    }

    private func isAccepted(
        until deadline: Deadline, _ call: (SSHSession) -> SSHSession.Outcome<Int>
    ) async throws(Failure) -> Bool {
        let seconds = route.server.connectTimeoutSeconds
        let answer: Int? = try await finish(
            until: deadline,
            or: .transient(.init("\(label): signing in did not end within \(seconds) s"))
        ) { session in
            switch call(session) {
            case .done: .done(0)
            case .wouldBlock: .wouldBlock
            // libssh2 reports a connection that ends here as a refusal as well.
            case .failed(let error) where error.meaning == .authentication && !session.hasEnded:
                .done(nil)
            case .failed(let error): .failed(error)
            }
        }
        return answer != nil
    }
}
