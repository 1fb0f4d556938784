import ArgumentParser
import CPosix
import Glibc

/// Where the program begins.
@main
enum Program {
    static func main() async {
        outliveReaders()
        if CommandLine.arguments.dropFirst().first != "gateway" { keepMemorySmall() }
        do {
            try CommandWords(CommandLine.arguments.dropFirst()).check()
            let command = try Stead.parseAsRoot()
            do {
                try await run(command)
            } catch let error as ValidationError {
                refuse(error, of: type(of: command))
                throw ExitCode.usage
            }
        } catch {
            Stead.exit(withError: error)
        }
    }

    /// Lets a run go on whose reader has ended, as in `stead apply | head`: a write then fails, and
    /// nobody is left to be told. A handler, as what is started by this process gets none.
    private static func outliveReaders() {
        signal(SIGPIPE) { _ in }
    }

    private static func run(_ command: any ParsableCommand) async throws {
        if var waiting = command as? any AsyncParsableCommand {
            try await waiting.run()
        } else {
            var command = command
            try command.run()
        }
    }

    /// Says what was wrong, with the usage of the command that was meant: by itself the parser
    /// knows of the root's alone once a command runs.
    private static func refuse(_ error: ValidationError, of command: any ParsableCommand.Type) {
        let usage = Stead.usageString(for: command)
        let words = usage.split(separator: " ")
            .prefix { !$0.hasPrefix("[") && !$0.hasPrefix("<") }
        let console = Console()
        console.message("Error: \(error.message)\nUsage: \(usage)")
        console.message(
            "  See '\(words.joined(separator: " ")) --help' for more information.")
    }

    /// Lets all threads allocate from one heap, and gives what is freed back to the system: a plan
    /// of thousands of resources is made of many small pieces, and waits for hosts, not for memory.
    ///
    /// Source: mallopt(3).
    private static func keepMemorySmall() {
        _ = mallopt(Int32(ALLOCATOR_ARENA_MAX), 1)
        _ = mallopt(Int32(ALLOCATOR_MMAP_THRESHOLD), 128 << 10)
        _ = mallopt(Int32(ALLOCATOR_TRIM_THRESHOLD), 128 << 10)
    }
}

/// The command line's root.
struct Stead: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stead",
        abstract: "Keep servers in step with a git repository.",
        discussion: """
            Desired state is a folder of YAML documents in git. `stead plan` shows exactly how the \
            hosts differ from it, `stead apply` makes it so, verifies it, and writes down what \
            was done.

            Exit codes: 0 done, or nothing to do; 1 failed; 2 `plan --detailed-exitcode` found \
            changes; 64 usage; 65 invalid desired state.
            """,
        version: Version.text,
        subcommands: [
            InitCommand.self, ValidateCommand.self, PlanCommand.self, ApplyCommand.self,
            AdoptCommand.self, StatusCommand.self, HistoryCommand.self, AuditCommand.self,
            ExplainCommand.self,
            ControllerCommand.self, SyncCommand.self, SuspendCommand.self, ResumeCommand.self,
            PlansCommand.self, ApproveCommand.self, RestoreCommand.self, UnprotectCommand.self,
            ForgetCommand.self,
            HookCommand.self, GatewayCommand.self, UpCommand.self, InstallServiceCommand.self,
            ServerCommand.self,
            AppCommand.self,
            ClientCommand.self,
            SchemaCommand.self,
        ])
}

/// The program's version.
enum Version {
    static let text = "0.1.0"
}
