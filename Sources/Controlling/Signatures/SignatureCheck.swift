import Diagnostics
import Manifests
import Remote
import Resources

/// Has `ssh-keygen` or `gpg` verify a commit's signature against what is declared, and nothing
/// else: a key ring of the user's own is never looked at.
struct SignatureCheck: Sendable {
    /// What a signature came to.
    enum Finding: Equatable {
        /// Who signed, and with which key.
        case good(String)
        case bad(String, fix: String?)
    }

    /// The lines of `source.allowedSigners`: OpenPGP keys, and lines as in ssh-keygen(1),
    /// "ALLOWED SIGNERS".
    private let allowed: [String]

    init(_ allowed: [String]) {
        self.allowed = allowed
    }

    func check(_ commit: SignedCommit) async throws(Failure) -> Finding {
        guard let signature = commit.signature else {
            return .bad("is not signed, and `source.verify` asks for it", fix: Self.advice)
        }
        guard commit.payload.count + signature.count <= 1 << 20 else {
            return .bad("is too large to have its signature looked at", fix: nil)
        }
        let text = String(decoding: signature, as: UTF8.self)
        let script: SignatureScript
        if text.hasPrefix("-----BEGIN SSH SIGNATURE-----") {
            script = .ssh(
                signature, of: commit.payload, by: allowed.filter { !Self.isOpenPGP($0) })
        } else if text.hasPrefix("-----BEGIN PGP SIGNATURE-----") {
            script = .openPGP(signature, of: commit.payload, by: allowed.filter(Self.isOpenPGP))
        } else {
            return .bad("has a signature that is neither SSH's nor OpenPGP's", fix: Self.advice)
        }
        return Self.finding(try await run(script))
    }

    private static func isOpenPGP(_ signer: String) -> Bool { signer.hasPrefix("-----BEGIN PGP") }

    private func run(_ script: SignatureScript) async throws(Failure) -> [String] {
        var server = ServerSpec()
        server.transport = .local
        let connection = try await LocalTransport().connect(
            HostRoute(name: "signature", server: server))
        let result: RunResult
        do throws(Failure) {
            result = try await connection.run(
                script.bytes, limits: RunLimits(timeoutSeconds: 30, outputBytes: 1 << 20))
        } catch {
            await connection.close()
            throw error
        }
        await connection.close()
        guard result.status == 0 else {
            let errors = String(decoding: result.errorOutput, as: UTF8.self)
            throw .transient(.init("a signature can't be looked at", detail: errors))
        }
        return String(decoding: result.output, as: UTF8.self)
            .split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }

    /// What the script's words mean: a verdict, and who or why.
    private static func finding(_ lines: [String]) -> Finding {
        let words = lines.dropFirst().first { !$0.isEmpty }.map(Redactor.redactedMessage) ?? ""
        switch lines.first {
        case "good": return .good(words)
        case "wrong":
            return .bad("has a signature that is not one of this commit: \(words)", fix: advice)
        case "expired":
            return .bad(
                "is signed with a key that has expired or is revoked: \(words)",
                fix: "sign with a key that is valid, or renew it in `source.allowedSigners`")
        case "unlisted":
            return .bad(
                "is signed by nobody whom `source.allowedSigners` allows now: \(words)",
                fix: "have somebody sign whom it names, or who adds this key to it")
        case "missing":
            return .bad(
                "can't be verified: there is no `\(words)` where Stead runs", fix: "install it")
        default: return .bad("can't be verified: \(words)", fix: nil)
        }
    }

    private static let advice =
        "sign it: `git commit --amend --no-edit -S` (`git config gpg.format ssh` and "
        + "`user.signingKey` say with what)"
}
