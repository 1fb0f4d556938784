import ArgumentParser
import Diagnostics
import FoundationEssentials
import Resources

/// What `stead hook install` writes into the scripts.
struct HookOptions: ParsableArguments {
    @Option(help: "The branch that the controller follows.")
    var branch: String

    @OptionGroup var state: StateOptions
    @OptionGroup var socket: SocketOptions

    /// Git runs hooks in the repository.
    var repository: String { FileManager.default.currentDirectoryPath }
}

/// `stead hook pre-receive`: what git runs before it takes a push.
struct HookPreReceiveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pre-receive",
        abstract: "Validate and plan a push; git runs this.", shouldDisplay: false)

    @OptionGroup var options: HookOptions

    @Option(help: "How long the push waits for its plan.")
    var planTimeout = "60s"

    func run() async throws {
        let console = Console()
        try await console.reporting {
            let check = PreReceive(
                repository: options.repository, branch: options.branch, state: options.state,
                planSeconds: DurationText.seconds(planTimeout) ?? 60, console: console)
            var isAllowed = true
            for pushed in PushedReference.all() {
                if try await !check.allows(pushed) { isAllowed = false }
            }
            if !isAllowed { throw ExitCode.invalid }
        }
    }
}

/// `stead hook post-receive`: what git runs once it has taken a push.
struct HookPostReceiveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "post-receive",
        abstract: "Tell the controller of a push, and show what comes of it; git runs this.",
        shouldDisplay: false)

    @OptionGroup var options: HookOptions

    @Option(help: "How long the run is shown at most, in seconds.")
    var seconds = 300

    func run() async throws {
        let console = Console()
        try await console.reporting {
            for pushed in PushedReference.all() where pushed.branch == options.branch {
                guard let commit = pushed.new else { continue }
                let run = PostReceive(
                    repository: options.repository, branch: options.branch,
                    state: options.state.path, socket: options.socket.path(in: options.state),
                    seconds: seconds, console: console)
                try await run.follow(commit)
            }
        }
    }
}
