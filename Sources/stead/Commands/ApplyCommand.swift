import ArgumentParser
import Controlling
import Diagnostics
import FoundationEssentials
import Manifests
import Planning
import Resources
import Storage

/// `stead apply [FILE]`: makes it so.
struct ApplyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "apply",
        abstract: "Make the hosts what desired state says, verify, and record it.",
        discussion: """
            Without FILE, plans first and asks. With a FILE of `stead plan --out`, applies exactly \
            that plan, and refuses the resources that have moved since, and only these.

            More deletes than policy allows (the larger of `policy.maxDeletes` and a tenth of what \
            Stead owns) stop the run until `--allow-delete N` allows their number. Changes that \
            a policy denies are not made, nor what depends on them; the exit code is then 1.

            Outside of the settings' maintenance windows nothing is done, unless \
            `--outside-windows` says so.
            """)

    @Argument(help: "A sealed plan written by `stead plan --out`.")
    var file: String?

    @OptionGroup var source: SourceOptions
    @OptionGroup var state: StateOptions
    @OptionGroup var selection: SelectionOptions
    @OptionGroup var output: FormatOptions

    @Flag(help: "Do not ask.")
    var yes = false

    @Option(help: "Allow that many deletes in this run.")
    var allowDelete: Int?

    @Flag(help: "Make changes that would have to wait for a maintenance window.")
    var outsideWindows = false

    @Flag(help: "Show created files whole, however long.")
    var full = false

    func validate() throws {
        if file != nil, !selection.only.isEmpty {
            throw ValidationError("a sealed plan is applied whole: leave out --only")
        }
        if let allowDelete, allowDelete < 0 {
            throw ValidationError("--allow-delete takes a number from 0")
        }
    }

    func run() async throws { try await run(selection.only, of: nil) }

    /// The same of some parts of one app.
    func run(of app: AppName, _ kinds: [String]) async throws {
        try await run(kinds.map { "\($0)/\(app.name)" }, of: app)
    }

    private func run(_ only: [String], of app: AppName?) async throws {
        let console = Console()
        try await console.reporting {
            let progress = RunProgress(console: console)
            let workspace = try Workspace(
                state: state, access: .readWrite, console: console, progress: progress)
            let sealed = try file.map { try SealedPlan.decode(PrivateFile.read($0)) }
            let desired = try await workspace.load(source, at: sealed)
            var request = PlanRequest(
                source: sealed?.source ?? source.repo, only: sealed?.only ?? only,
                allowedDeletes: allowDelete)
            request.ignoresWindows = outsideWindows
            let prepared = try await workspace.prepare(desired, request, of: app)
            try await carryOut(prepared, sealed, workspace, console)
        }
    }

    private func carryOut(
        _ prepared: PreparedPlan, _ sealed: Plan?, _ workspace: Workspace, _ console: Console
    ) async throws {
        let review = SealedReview(
            of: sealed, against: prepared.plan, sight: prepared.sight)
        if sealed == nil, output.format == .text {
            PlanText(terminal: console.results, isFull: full)
                .write(prepared.plan, to: console.result)
        }
        if let held = (sealed ?? prepared.plan).deletesHeld(allowing: allowDelete) {
            throw Failure.stalled(
                .init(
                    "\(held.count) deletes are more than one run may make "
                        + "(\(held.limit)); nothing was done",
                    fix: "look at them, then allow their number: \(held.flag)"))
        }
        try checkWindows(review.changes, prepared)
        if !review.changes.isEmpty, !yes,
            !console.confirm("Apply \(review.changes.count) changes?")
        {
            throw Failure.stalled(
                .init("nothing was done: not confirmed", fix: "answer y, or pass --yes"))
        }
        // Asking may have taken a while.
        let closings = try checkWindows(review.changes, prepared)
        let lease = try await Lease.take(workspace.engine.store, for: "stead apply")
        let summary = try await settling(lease) { () async throws(Failure) in
            let earlier = earlier(than: prepared.plan, console)
            return try await workspace.engine.rollOut(
                prepared, review.changes, closings: closings, actor: Actor.current, under: lease,
                tree: earlier)
        }
        await workspace.close()
        try report(summary, review, prepared, console)
    }

    /// Reads the trees of earlier commits, for a rollout that undoes what it did.
    private func earlier(
        than plan: Plan, _ console: Console
    ) -> @Sendable (String) async -> DesiredState? {
        let loading = Loading(console: console, state: state.path)
        let repo = source.repo == "." ? plan.source : source.repo
        return { revision in
            guard !revision.contains(":") else { return nil }
            var source = SourceOptions()
            source.repo = repo
            source.ref = revision
            return try? loading.read(source).desired
        }
    }

    /// Refuses what has to wait; returns from when on the others may be begun no more.
    @discardableResult
    private func checkWindows(
        _ changes: [PlannedChange], _ prepared: PreparedPlan
    ) throws(Failure) -> [Address: Int] {
        guard !outsideWindows else { return [:] }
        let timing = prepared.timing(of: changes, at: Int(Date.now.timeIntervalSince1970))
        guard let first = timing.waiting.first else { return timing.closings }
        let count = timing.waiting.count
        let then =
            timing.waiting.contains { $0.wait.until == nil }
            ? "change the windows" : "try again then"
        throw .stalled(
            .init(
                (count == 1 ? "a change has" : "\(count) changes have")
                    + " to wait; nothing was done",
                detail: "\(first.change.address): \(first.wait.message)",
                fix: "\(then), choose others with --only, or pass --outside-windows"))
    }

    /// Gives the lease back however the work ends.
    private func settling<Value>(
        _ lease: Lease, _ work: () async throws(Failure) -> Value
    ) async throws(Failure) -> Value {
        do throws(Failure) {
            let value = try await work()
            await lease.release()
            return value
        } catch {
            await lease.release()
            throw error
        }
    }

    private func report(
        _ summary: RunSummary, _ review: SealedReview, _ prepared: PreparedPlan,
        _ console: Console
    ) throws {
        let text = RunText(terminal: console.results, prepared: prepared)
        switch output.format {
        case .text: console.result(text.render(summary, refused: review.refused))
        case .json:
            try console.json(RunJSON(summary, refused: review.refused, plan: prepared.plan))
        }
        if summary.outcome != .succeeded || !review.refused.isEmpty { throw ExitCode.failure }
        let counts = prepared.plan.counts
        if counts.unknown + counts.refused + counts.denied > 0 { throw ExitCode.failure }
    }
}
