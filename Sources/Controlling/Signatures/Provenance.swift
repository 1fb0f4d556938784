import Diagnostics
package import Manifests
import Resources

/// Whether commits come from those whom the settings in force allow: `source.verify`.
///
/// The rule of a commit holds for the next one: who may not sign can't change who may. See
/// decision 0020.
package struct Provenance: Sendable {
    /// What is found of a commit.
    package enum Verdict: Sendable, Equatable {
        /// Nobody asks who made it.
        case unasked
        case signed(by: String)
        case refused(String, fix: String?)
    }

    private let source: TreeSource
    private let loader: Loader

    /// - Parameters:
    ///   - source: the repository; nothing is fetched.
    ///   - loader: what reads settings.
    package init(_ source: TreeSource, _ loader: Loader) {
        self.source = source
        self.loader = loader
    }

    /// Judges a commit that is to follow another.
    ///
    /// - Parameters:
    ///   - head: the commit, all 40 digits.
    ///   - anchor: the commit in force; nil when there is none, and then the commit's own rule
    ///     holds.
    /// - Returns: what is found; of several commits that come together, of the last.
    /// - Throws: when a commit can't be read, or a signature can't be looked at.
    package func judge(
        _ head: String, after anchor: String?
    ) async throws(TreeError) -> Verdict {
        var isAnchored = false
        var rule = Settings.Source()
        if let anchor {
            guard let settings = try await settings(at: anchor) else {
                return .refused(
                    "the settings of \(anchor.prefix(10)), which is in force, can't be read, so "
                        + "nobody knows who may sign", fix: nil)
            }
            rule = settings.source
            isAnchored = rule.verify == .required
        }
        if !isAnchored {
            // One that has errors of its own is refused for those.
            guard let own = try await settings(at: head)?.source, own.verify == .required else {
                return .unasked
            }
            rule = own
        }
        return try await judge(head, after: isAnchored ? anchor : nil, under: rule)
    }

    /// Judges each commit by the rule of the one before it, as if they had come one at a time.
    private func judge(
        _ head: String, after anchor: String?, under first: Settings.Source
    ) async throws(TreeError) -> Verdict {
        let source = source
        let line = try await Blocking.run("git") { () throws(TreeError) in
            try source.line(to: head, after: anchor)
        }.get()
        var rule = first
        var verdict = Verdict.unasked
        for commit in line {
            verdict = .unasked
            if rule.verify == .required {
                verdict = try await judge(commit, by: rule.allowedSigners)
                if case .refused = verdict { return verdict }
            }
            guard commit.revision.id != head else { break }
            rule = try await settings(at: commit.revision.id)?.source ?? rule
        }
        return verdict
    }

    private func judge(
        _ commit: SignedCommit, by allowed: [String]
    ) async throws(TreeError) -> Verdict {
        let subject = commit.revision.subject.map { " (\($0.prefix(60)))" } ?? ""
        let name = "\(commit.revision.short)\(subject)"
        do throws(Failure) {
            switch try await SignatureCheck(allowed).check(commit) {
            case .good(let signer): return .signed(by: signer)
            case .bad(let reason, let fix): return .refused("\(name) \(reason)", fix: fix)
            }
        } catch {
            throw .failed(error)
        }
    }

    /// The settings of a commit; nil when they have errors, or it holds no desired state.
    private func settings(at commit: String) async throws(TreeError) -> Settings? {
        var source = source
        source.ref = commit
        source.fetches = false
        let (loader, tree) = (loader, source)
        let result = await Blocking.run("git") { () throws(TreeError) in
            loader.settings(of: try tree.read())
        }
        switch result {
        case .success(let settings): return settings
        case .failure(.invalid): return nil
        case .failure(.failed(let failure)): throw .failed(failure)
        }
    }
}
