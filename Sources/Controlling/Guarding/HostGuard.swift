import Diagnostics
import Resources

/// What watches over a host's guarded changes: a process there, which puts everything back unless
/// it is told in time that the host can still be reached.
///
/// A folder on the host, for its owner alone, holds copies of what will be replaced and is how the
/// two speak: a file `step-N` gives a step its time, `now` asks to put everything back at once, and
/// whoever renames the folder `armed` first has the last word.
struct HostGuard: Sendable {
    /// On the host.
    let folder: String

    /// How a command of the guard may end, besides well.
    enum Status {
        /// Everything is put back, but a command that was to put it in force has failed.
        static let commandFailed = 4
        /// Another guard is at work on the host.
        static let busy = 75
        /// The guard is not there, or has decided.
        static let decided = 98
    }

    /// Keeps copies of `paths` and starts the process; prints the folder.
    ///
    /// - Parameters:
    ///   - name: tells this guard from all others.
    ///   - timeoutSeconds: how long it waits after each sign of life.
    ///   - paths: what is put back; directories are left out.
    ///   - commands: what puts it in force again; they are read from the command's input.
    ///   - base: the folder for guards' folders; empty for the usual one.
    /// - Returns: the command.
    static func arm(
        _ name: String, timeoutSeconds: Int, paths: [String], commands: [Command],
        base: String = ""
    ) -> Command {
        Command(
            arming, [name, String(timeoutSeconds), undoing, base] + paths,
            input: Content(commands.map(line).joined()))
    }

    /// Gives the next step the whole time; `number` counts from 1. Fails when the host has decided.
    func renew(_ number: Int) -> Command {
        Command(
            "[ -d \"$1/armed\" ] || exit \(Status.decided)\n"
                + ": >\"$1/step-$2\"",
            [folder, String(number)])
    }

    /// Tells the guard that all is well; can be said again.
    var confirm: Command {
        Command(
            """
            [ ! -d "$1/confirmed" ] || exit 0
            mv "$1/armed" "$1/confirmed" 2>/dev/null || exit \(Status.decided)
            """, [folder], timeoutSeconds: 20)
    }

    /// Has everything put back at once, waits for it, and prints what went wrong.
    var takeBack: Command { Command(Self.takingBack, [folder], timeoutSeconds: 120) }

    /// Removes what the guard kept.
    var forget: Command { Command("rm -rf \"$1\"", [folder], timeoutSeconds: 20) }

    /// A command for the host to run by itself, in a subshell, so that one with an error in it
    /// ends alone.
    private static func line(_ command: Command) -> String {
        let words = command.arguments.map { " " + ShellText.quoted($0) }.joined()
        return "run " + ShellText.quoted(command.script) + words + "\n"
    }
}

extension [WorkItem] {
    /// What their steps may write.
    var guardedPaths: [String] {
        var seen: Set<String> = []
        return flatMap(\.resource.guardedPaths).filter { seen.insert($0).inserted }
    }

    /// What puts their files in force: to be run again once those are put back. A step that leaves
    /// no trace is such a command by its nature.
    var guardedCommands: [Command] {
        var commands: [Command] = []
        for step in flatMap(\.steps) where !step.leavesTrace && step.command.input == nil {
            let command = step.transaction?.commitCommand ?? step.command
            if !commands.contains(command) { commands.append(command) }
        }
        return commands
    }
}
