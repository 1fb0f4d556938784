import Controlling
import Foundation
import TestSupport
import Testing

/// Who may sign, and what a signature has to be of.
@Suite struct SignatureTests {
    private let repository: SignedRepository
    /// Signed by Ada, whose key alone is allowed.
    private let anchor: String

    init() throws {
        repository = try SignedRepository()
        try repository.require([try repository.line("ada")])
        anchor = try repository.commit("First", by: "ada")
    }

    private func refusal(of commit: String) async throws -> String {
        try await repository.judge(commit, after: anchor).refusal ?? "none"
    }

    @Test("a signature of an allowed key is taken, and the signer is named")
    func good() async throws {
        let commit = try repository.commit("Second", by: "ada")
        let signer = try await repository.judge(commit, after: anchor).signer
        #expect(signer?.hasPrefix("ada@example.com (SHA256:") == true)
    }

    @Test("no signature, or one of a key that is not allowed, is refused with the reason")
    func notAllowed() async throws {
        let unsigned = try await refusal(of: repository.commit("Unsigned"))
        #expect(unsigned.contains("is not signed"), "\(unsigned)")
        try repository.scratch.shell("cd repo && git reset -q --hard \(anchor)")
        let other = try await refusal(of: repository.commit("Other", by: "eve"))
        #expect(other.contains("signed by nobody whom"), "\(other)")
        #expect(other.contains("SHA256:"), "\(other)")
    }

    @Test("a signature of another commit is refused, and so is a commit changed afterwards")
    func otherCommit() async throws {
        let signed = try repository.text(repository.commit("Signed", by: "ada"))
        let (signature, rest) = signed.signatureAndRest
        let unsigned = try repository.text(repository.commit("Unsigned"))
        let forged = try await refusal(of: repository.make(unsigned.signed(with: signature)))
        #expect(forged.contains("not one of this commit"), "\(forged)")

        let tampered = try repository.make(signed.replacing("Signed", with: "Sighed"))
        #expect(try await refusal(of: tampered).contains("not one of this commit"))
        // Put together again as it was, it is good.
        let same = try repository.make(
            rest.signed(with: signature.trimmingCharacters(in: .newlines) + "\n"))
        #expect(try await repository.judge(same, after: anchor).signer != nil)
    }

    @Test("another tree before or beside the signature is refused")
    func otherTree() async throws {
        let signed = try repository.text(repository.commit("Signed", by: "ada"))
        let (signature, rest) = signed.signatureAndRest
        try repository.requireNothing()
        try repository.commit("Evil")
        let tree = try repository.scratch.shell("git -C repo rev-parse HEAD^{tree}")
            .trimmingCharacters(in: .newlines)
        let lines = rest.split(separator: "\n", omittingEmptySubsequences: false)
        let evil = "tree \(tree)\n" + lines.dropFirst().joined(separator: "\n")
        for text in [
            evil.signed(with: signature),
            "tree \(tree)\n" + signature + rest,
            "tree \(tree)\n" + signed,
            evil.signed(with: signature.replacing("gpgsig ", with: "gpgsig-sha256 ")),
        ] {
            guard let commit = try? repository.make(text) else { continue }
            let verdict = try? await repository.judge(commit, after: anchor)
            #expect(verdict?.signer == nil && verdict != .unasked, "\(text)")
        }
    }

    @Test("a signature made for another purpose is refused")
    func namespace() async throws {
        let text = try repository.text(repository.commit("Unsigned"))
        try repository.scratch.write("payload", text)
        for (purpose, isGood) in [("git", true), ("file", false)] {
            try repository.scratch.shell(
                "rm -f payload.sig; ssh-keygen -q -Y sign -n \(purpose) -f ada payload")
            let lines = try repository.scratch.read("payload.sig").split(separator: "\n")
            let signature = "gpgsig " + lines.joined(separator: "\n ") + "\n"
            let verdict = try await repository.judge(
                repository.make(text.signed(with: signature)), after: anchor)
            #expect((verdict.signer != nil) == isGood, "\(purpose): \(verdict)")
        }
    }

    @Test(
        "a key counts within its time by the clock, whatever the commit's date says",
        arguments: [
            (#"valid-before="20200101" "#, false), (#"valid-after="20990101" "#, false),
            (#"valid-after="20200101",valid-before="20990101" "#, true),
            (#"namespaces="file" "#, false), (#"namespaces="git" "#, true),
        ])
    func options(_ options: String, _ isAllowed: Bool) async throws {
        try repository.require([try repository.line("bob", options: options)])
        let rule = try repository.commit("Rule", by: "ada")
        let commit = try repository.scratch.shell(
            """
            cd repo && GIT_COMMITTER_DATE=2019-06-01T00:00:00Z git -c gpg.format=ssh \
                -c user.signingKey=../bob commit -q -S --allow-empty -m Dated && git rev-parse HEAD
            """
        ).trimmingCharacters(in: .newlines)
        let verdict = try await repository.judge(commit, after: rule)
        #expect((verdict.signer != nil) == isAllowed, "\(verdict)")
    }
}
