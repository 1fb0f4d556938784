import ArgumentParser
import Diagnostics
import FoundationEssentials
import Kinds
import Manifests
import Planning
import Resources

/// Reads desired state for a command, and reports what is wrong with it.
struct Loading {
    let console: Console
    /// The state folder, for copies of remote repositories.
    let state: String

    /// The tree of `source`, or of the sealed plan that is to be applied.
    ///
    /// - Throws: exit code 65 when the tree is invalid, once every error of it is reported; a
    ///   `Failure` when it can't be read at all.
    func load(_ source: SourceOptions, at sealed: Plan? = nil) throws -> DesiredState {
        let loaded = try read(source, at: sealed)
        console.report(loaded.diagnostics)
        guard let desired = loaded.desired else { throw ExitCode.invalid }
        return desired
    }

    /// The tree with all that is to be said about it, nothing reported.
    func read(_ source: SourceOptions, at sealed: Plan? = nil) throws(Failure) -> LoadedTree {
        let isCommit = sealed.map { !$0.revision.id.contains(":") } ?? false
        let location = sealed.map { source.repo == "." ? $0.source : source.repo } ?? source.repo
        let tree = TreeSource(
            location, ref: isCommit ? sealed?.revision.id : source.ref, state: state,
            environment: ProcessInfo.processInfo.environment)
        do throws(TreeError) {
            return Loader(catalog: Catalog.kinds).load(try tree.read())
        } catch {
            switch error {
            case .invalid(let diagnostics):
                return LoadedTree(desired: nil, diagnostics: diagnostics)
            case .failed(let failure): throw failure
            }
        }
    }
}
