import Controlling
import Diagnostics
import FoundationEssentials
import Kinds
import Manifests
import Planning
import Resources
import Storage

/// What a push to a repository with hooks goes through before it is taken.
struct PreReceive {
    /// The repository's folder.
    let repository: String
    /// The branch that is followed.
    let branch: String
    let state: StateOptions
    /// Zero for no plan.
    let planSeconds: Int
    let console: Console

    private var loader: Loader { Loader(catalog: Catalog.kinds) }

    /// Where what is pushed is read from: the repository, and the folder that git keeps a push in
    /// until it is accepted.
    private func source(_ commit: String) -> TreeSource {
        var source = TreeSource(repository, ref: commit, state: state.path)
        source.objects = ProcessInfo.processInfo.environment["GIT_QUARANTINE_PATH"]
        return source
    }

    /// Shows the pusher what is wrong, or what the push will do.
    ///
    /// - Returns: whether it may be taken.
    func allows(_ pushed: PushedReference) async throws -> Bool {
        guard pushed.branch == branch else {
            try await look(at: pushed)
            return true
        }
        guard let commit = pushed.new else {
            refuse(
                "\(branch) is what the hosts follow: it can't be deleted",
                fix: "push to another branch, or have the controller follow another one")
            return false
        }
        do throws(TreeError) {
            guard try source(commit).head(after: pushed.old).isSuccessor else {
                refuse(
                    "\(branch) can't be rewritten: \(commit.prefix(10)) did not come out of "
                        + "\(pushed.old?.prefix(10) ?? "")",
                    fix: "`git pull --rebase` brings what is there; then push without --force")
                return false
            }
            guard try await isVouchedFor(commit, after: pushed.old),
                let desired = try await validated(commit)
            else { return false }
            await plan(desired)
            return true
        } catch {
            try report(error)
            return false
        }
    }

    /// Another branch is let through: a person may want to share what is not ready.
    private func look(at pushed: PushedReference) async throws {
        guard let name = pushed.branch, let commit = pushed.new else { return }
        do throws(TreeError) {
            guard try await validated(commit) == nil else { return }
        } catch {
            try report(error)
        }
        console.warn("\(name) is taken as it is; \(branch) would not be")
    }

    private func validated(_ commit: String) async throws(TreeError) -> DesiredState? {
        let loaded = loader.load(try source(commit).read())
        console.report(loaded.diagnostics)
        guard let desired = loaded.desired else { return nil }
        console.message("valid: \(desired.resources.count) resources")
        return desired
    }

    /// Holds the commits against the rule that is in force, as the controller will.
    private func isVouchedFor(
        _ commit: String, after old: String?
    ) async throws(TreeError) -> Bool {
        let provenance = Provenance(source(commit), loader)
        let inForce = await commitInForce(), anchor = inForce ?? old
        switch try await provenance.judge(commit, after: anchor) {
        case .unasked: return true
        case .signed(let signer):
            console.message("signed by \(Terminal.sanitized(signer))")
            return true
        case .refused(let message, let fix):
            refuse(message, fix: fix)
            return false
        }
    }

    /// As the state says it, if it may be read and the repository has it.
    private func commitInForce() async -> String? {
        guard let store = try? StateStore(folder: state.path, access: .readOnly),
            let id = try? await store.commitInForce()?.revision.id,
            (try? source(id).line(to: id, after: nil)) != nil
        else { return nil }
        return id
    }

    private func refuse(_ message: String, fix: String?) {
        console.report(Failure.stalled(.init(message, fix: fix)))
    }

    private func report(_ error: TreeError) throws {
        switch error {
        case .invalid(let diagnostics): console.report(diagnostics)
        case .failed(let failure): throw failure
        }
    }

    // MARK: - The plan

    private enum PlanEnd: Sendable {
        case made(Plan)
        case failed(Failure)
        case late
    }

    /// Shows the plan, if it is made in time. A plan that can't be made holds no push up: the
    /// controller makes its own.
    private func plan(_ desired: DesiredState) async {
        guard planSeconds > 0 else { return }
        let (ends, continuation) = AsyncStream.makeStream(of: PlanEnd.self)
        Task { continuation.yield(await made(desired)) }
        Task {
            try? await Task.sleep(for: .seconds(planSeconds))
            continuation.yield(.late)
        }
        for await end in ends {
            switch end {
            case .made(let plan):
                PlanText(terminal: console.results, isFull: false).write(plan, to: console.result)
            case .failed(let failure):
                console.warn("no plan can be shown: \(failure.report.message)")
                if let fix = failure.report.fix { console.message("  fix: \(fix)") }
            case .late:
                console.warn(
                    "the plan takes longer than \(planSeconds) s: the push goes on without it")
            }
            return
        }
    }

    private func made(_ desired: DesiredState) async -> PlanEnd {
        do throws(Failure) {
            try StateReach(state.path).check()
            let workspace = try Workspace(state: state, access: .readOnly, console: console)
            let prepared = try await workspace.engine.prepare(
                desired, PlanRequest(source: repository))
            await workspace.close()
            return .made(prepared.plan)
        } catch {
            return .failed(error)
        }
    }
}
