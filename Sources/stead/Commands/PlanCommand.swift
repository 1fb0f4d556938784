import ArgumentParser
import Control
import Controlling
import Diagnostics
import FoundationEssentials
import Planning
import Resources
import Storage

/// `stead plan`: what differs, and nothing done about it.
struct PlanCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan",
        abstract: "Show exactly how the hosts differ from desired state.",
        discussion: """
            Looks at every host side by side, one connection and one round trip each, and changes \
            nothing. Glyphs: + create, ~ update, - delete, ! drift (the host moved, git did not), \
            ? unknown (the host could not be looked at; nothing will be done to it), x denied by \
            a policy, ✗ refused (what is there can't become what is desired; the command then \
            exits with 1).
            """)

    @OptionGroup var source: SourceOptions
    @OptionGroup var state: StateOptions
    @OptionGroup var selection: SelectionOptions
    @OptionGroup var output: FormatOptions

    @Option(help: "Write the plan to a file, sealed, for `stead apply FILE`.")
    var out: String?

    @Flag(
        help: """
            Exit with 2 when there are changes; else with 1 when not all is known, or a policy \
            denies some.
            """)
    var detailedExitcode = false

    @Flag(help: "Show created files whole, however long.")
    var full = false

    @Flag(
        help: """
            Show the plan of the controller that runs, for the commit that is in force there. It \
            takes no key of yours to the hosts, only the right to use its socket.
            """)
    var controller = false

    @OptionGroup var socket: SocketOptions

    func validate() throws {
        let isOwn = source.repo != "." || source.ref != nil || out != nil || detailedExitcode
        if controller, isOwn {
            throw ValidationError(
                "--controller shows the plan of what is in force: it takes no --repo, --ref, "
                    + "--out or --detailed-exitcode")
        }
    }

    func run() async throws {
        guard controller else { return try await run(selection.only, of: nil) }
        let console = Console()
        try await console.reporting {
            let path = socket.path(in: state)
            let request = PlanQuestion(
                only: selection.only, format: output.format.rawValue, isFull: full,
                isColoured: console.results.isColoured)
            guard let text = try await ControlClient(socket: path).text("plan", request) else {
                throw Failure.stalled(
                    .init(
                        "no controller listens on \(path)",
                        fix: "start one, or leave out --controller to plan from here"))
            }
            console.result(text)
        }
    }

    /// The same of some parts of one app.
    func run(of app: AppName, _ kinds: [String]) async throws {
        try await run(kinds.map { "\($0)/\(app.name)" }, of: app)
    }

    private func run(_ only: [String], of app: AppName?) async throws {
        let console = Console()
        try await console.reporting {
            let workspace = try Workspace(state: state, access: .readOnly, console: console)
            let desired = try await workspace.load(source)
            let prepared = try await workspace.prepare(
                desired, PlanRequest(source: source.repo, only: only), of: app)
            await workspace.close()
            try show(prepared.plan, console)
            try write(prepared.plan, console)
            await remember(prepared, console)
            if !prepared.plan.refused.isEmpty { throw ExitCode.failure }
            guard detailedExitcode else { return }
            if prepared.plan.hasChanges { throw ExitCode.changes }
            let counts = prepared.plan.counts
            if counts.unknown + counts.denied > 0 { throw ExitCode.failure }
        }
    }

    private func show(_ plan: Plan, _ console: Console) throws {
        switch output.format {
        case .text:
            PlanText(terminal: console.results, isFull: full).write(plan, to: console.result)
        case .json: console.result(try PlanJSON.render(plan))
        }
    }

    private func write(_ plan: Plan, _ console: Console) throws {
        guard let out else { return }
        try PrivateFile.write(try SealedPlan.encode(plan), to: out)
        console.message("wrote \(out): `stead apply \(out)` applies exactly this")
    }

    /// A plan is worth having even where its look can't be written down.
    private func remember(_ prepared: PreparedPlan, _ console: Console) async {
        do throws(Failure) {
            let workspace = try Workspace(state: state, access: .readWrite, console: console)
            try await workspace.engine.remember(prepared)
        } catch {
            console.warn("what was seen is not recorded: \(error.report.message)")
        }
    }
}

/// Which resources a command is about.
struct SelectionOptions: ParsableArguments {
    @Option(
        parsing: .upToNextOption,
        help: """
            Addresses such as nginx-site/prokov, with * for any run of characters; server/in3 \
            means everything on it.
            """)
    var only: [String] = []
}
