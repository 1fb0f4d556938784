import Diagnostics

/// Words for what went wrong on a connection.
struct SSHFailure {
    let label: String
    let session: SSHSession?

    /// What libssh2's error means to a person, with libssh2's own words below.
    func failure(for error: SSHError) -> Failure {
        let detail = "libssh2: \(error.message)"
        switch error.meaning {
        case .authentication:
            return .stalled(.init("\(label): the host refused to let us in", detail: detail))
        case .refusal:
            return .stalled(.init("\(label): the host refused the request", detail: detail))
        case .negotiation:
            return .stalled(
                .init(
                    "\(label): no common algorithm for the key exchange", detail: detail,
                    fix: "libssh2 1.10 knows host keys of the types ssh-ed25519 and ecdsa-sha2-*, "
                        + "and no RSA with SHA-2"))
        case .notSSH, .disconnected, .protocolError:
            return notSSH ?? .transient(.init("\(label): \(brief(error))", detail: detail))
        }
    }

    private func brief(_ error: SSHError) -> String {
        // libssh2 has several errors for a connection that ends where it expected an answer.
        let isGone = session.map { $0.hasEnded || $0.socket.isReady(for: Descriptor.hangUp) }
        return error.meaning == .disconnected || isGone ?? false
            ? "the connection was closed by the other side"
            : "the connection broke: what came was not understood"
    }

    /// For whoever sent something before the key exchange that does not begin like SSH.
    private var notSSH: Failure? {
        guard let greeting = session?.greeting, !greeting.isEmpty, !isSSH(greeting) else {
            return nil
        }
        let line = greeting.prefix { $0 != 0x0A }.map { (0x20..<0x7F).contains($0) ? $0 : 0x2E }
        return .transient(
            .init(
                "\(label): what answers there does not speak SSH",
                detail: "it said: \(String(decoding: line, as: UTF8.self))"))
    }

    /// RFC 4253, section 4.2: lines may come before the one that begins with `SSH-`.
    private func isSSH(_ greeting: [UInt8]) -> Bool {
        greeting.split(separator: 0x0A).contains { $0.starts(with: "SSH-".utf8) }
    }

    /// What happened when the handshake did not end within `seconds`.
    func handshakeTimeout(seconds: Int) -> Failure {
        if let notSSH { return notSSH }
        let isSilent = session?.greeting.isEmpty ?? true
        return .transient(
            .init(
                isSilent
                    ? "\(label): took the connection but said nothing for \(seconds) s"
                    : "\(label): the key exchange did not end within \(seconds) s"))
    }

    func commandTimeout(seconds: Int) -> Failure {
        .transient(.init("\(label): the command did not end within \(seconds) s"))
    }
}
