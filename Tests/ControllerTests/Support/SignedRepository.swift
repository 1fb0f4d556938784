import Controlling
import Foundation
import Kinds
import Manifests
import Resources
import TestSupport

/// A real repository, keys made by the real `ssh-keygen`, and the judgement of its commits.
final class SignedRepository: Sendable {
    let scratch: Scratch

    /// - Throws: when git or ssh-keygen fails.
    init() throws {
        scratch = try Scratch()
        try scratch.shell("git init -q -b main repo")
        for name in ["ada", "bob", "eve"] {
            try scratch.shell(
                "ssh-keygen -q -t ed25519 -N '' -C \(name) -f \(name)")
        }
    }

    /// An allowed signer's line for a key.
    func line(_ name: String, options: String = "") throws -> String {
        let key = try scratch.read("\(name).pub").split(separator: " ").prefix(2)
        return "\(name)@example.com \(options)\(key.joined(separator: " "))"
    }

    /// Settings that ask for signatures of these.
    func require(_ signers: [String]) throws {
        let list = signers.map { signer in
            signer.contains("\n")
                ? "    - |\n"
                    + signer.split(separator: "\n", omittingEmptySubsequences: false)
                    .map { "      \($0)\n" }.joined()
                : "    - '\(signer)'\n"
        }
        try scratch.write(
            "repo/desired/stead.yaml",
            "version: 1\nsource:\n  verify: required\n  allowedSigners:\n" + list.joined())
    }

    /// Settings that ask for nothing.
    func requireNothing() throws { try scratch.write("repo/desired/stead.yaml", "version: 1\n") }

    /// Commits everything, signed with a key if one is named, and gives the commit's id.
    @discardableResult
    func commit(_ message: String, by key: String? = nil, git: String = "") throws -> String {
        let sign =
            key.map { "-c gpg.format=ssh -c user.signingKey=../\($0) -c commit.gpgSign=true" } ?? ""
        try scratch.shell(
            """
            cd repo && git add -A && git \(sign) \(git) commit -q --allow-empty -m '\(message)'
            """)
        return try head
    }

    var head: String {
        get throws {
            try scratch.shell("git -C repo rev-parse HEAD").trimmingCharacters(in: .newlines)
        }
    }

    /// A commit as git keeps it.
    func text(_ commit: String) throws -> String {
        try scratch.shell("git -C repo cat-file commit \(commit)")
    }

    /// Makes a commit of any text, and gives its id.
    func make(_ text: String) throws -> String {
        try scratch.write("forged", text)
        return try scratch.shell("git -C repo hash-object -t commit -w ../forged")
            .trimmingCharacters(in: .newlines)
    }

    func judge(_ head: String, after anchor: String?) async throws -> Provenance.Verdict {
        try await Provenance(
            TreeSource(scratch.path("repo"), state: scratch.path("state")),
            Loader(catalog: Catalog.kinds)
        ).judge(head, after: anchor)
    }
}

extension Provenance.Verdict {
    /// Why it is refused; nil when it isn't.
    var refusal: String? {
        if case .refused(let message, _) = self { message } else { nil }
    }

    var signer: String? { if case .signed(let name) = self { name } else { nil } }
}

extension String {
    /// A commit's text in two: the signature's lines, and the rest.
    var signatureAndRest: (signature: String, rest: String) {
        var (signature, rest) = ("", "")
        var isInside = false
        for line in split(separator: "\n", omittingEmptySubsequences: false).dropLast() {
            isInside = line.hasPrefix("gpgsig") || (isInside && line.hasPrefix(" "))
            if isInside { signature += line + "\n" } else { rest += line + "\n" }
        }
        return (signature, rest)
    }

    /// This commit's text with the lines of a signature after its committer.
    func signed(with signature: String) -> String {
        guard let end = range(of: "\n\n") else { return self }
        return replacingCharacters(in: end, with: "\n\(signature)\n")
    }
}
