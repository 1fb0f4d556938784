import Controlling
import Foundation
import TestSupport
import Testing

/// Commits signed with the real `gpg`, by keys of a key ring of the test's own.
@Suite struct OpenPGPTests {
    private let repository: SignedRepository

    init() throws {
        repository = try SignedRepository()
        try repository.scratch.shell("mkdir -m 700 ring")
        for (name, time) in [("ada", "never"), ("eve", "never"), ("old", "seconds=1")] {
            try gpg("--quick-gen-key '\(name) <\(name)@example.com>' ed25519 sign \(time)")
        }
    }

    @discardableResult
    private func gpg(_ arguments: String) throws -> String {
        try repository.scratch.shell(
            """
            GNUPGHOME="$PWD/ring" gpg --batch --quiet --pinentry-mode loopback --passphrase '' \
                \(arguments)
            """)
    }

    private func key(_ name: String) throws -> String {
        try gpg("--armor --export \(name)@example.com").trimmingCharacters(in: .newlines)
    }

    /// Commits with a signature of a key of the ring.
    private func commit(_ message: String, by name: String, time: String = "") throws -> String {
        try repository.scratch.write(
            "gpg", "#!/bin/sh\nexec gpg --batch --no-tty \(time) \"$@\"\n")
        try repository.scratch.shell(
            """
            chmod +x gpg; cd repo; git add -A
            GNUPGHOME="$PWD/../ring" git -c gpg.program="$PWD/../gpg" \
                -c user.signingKey=\(name)@example.com commit -q -S --allow-empty -m '\(message)'
            """)
        return try repository.head
    }

    /// Ends the agent that gpg started for the ring.
    private func end() {
        _ = try? repository.scratch.shell("GNUPGHOME=\"$PWD/ring\" gpgconf --kill all")
    }

    @Test("a declared key's signature is taken; one of a key that only a user's ring knows is not")
    func keys() async throws {
        defer { end() }
        try repository.require([try key("ada"), try repository.line("bob")])
        let anchor = try commit("Rule", by: "ada")
        let first = try await repository.judge(anchor, after: nil)
        #expect(first.signer?.contains("ada@example.com") == true, "\(first)")
        let ssh = try repository.commit("By Bob", by: "bob")
        #expect(try await repository.judge(ssh, after: anchor).signer?.contains("bob") == true)

        let other = try commit("By Eve", by: "eve")
        setenv("GNUPGHOME", repository.scratch.path("ring"), 1)
        defer { unsetenv("GNUPGHOME") }
        let refusal = try await repository.judge(other, after: ssh).refusal ?? "none"
        #expect(refusal.contains("signed by nobody whom"), "\(refusal)")
    }

    @Test("a signature of another commit, or of a key past its time, is refused")
    func hostile() async throws {
        defer { end() }
        try repository.require([try key("ada"), try key("old")])
        let anchor = try commit("Rule", by: "ada")
        let signed = try repository.text(try commit("Signed", by: "ada"))
        let tampered = try repository.make(signed.replacing("Signed", with: "Sighed"))
        let refusal = try await repository.judge(tampered, after: anchor).refusal ?? "none"
        #expect(refusal.contains("not one of this commit"), "\(refusal)")

        // Signed while the key was valid, or so its clock said.
        let time =
            try gpg("--with-colons --list-keys old@example.com")
            .split(separator: "\n").first { $0.hasPrefix("pub:") }?
            .split(separator: ":", omittingEmptySubsequences: false)[5] ?? ""
        let late = try commit("Late", by: "old", time: "--faked-system-time \(time)!")
        // Until the key's one second is over by any clock.
        try await Task.sleep(for: .seconds(2))
        let expired = try await repository.judge(late, after: anchor).refusal ?? "none"
        #expect(expired.contains("expired"), "\(expired)")
    }
}
