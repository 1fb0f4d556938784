import ArgumentParser
import Control
import Diagnostics
import FoundationEssentials
import Resources
import Storage

/// `stead suspend SUBJECT`: leaves something alone for a while.
struct SuspendCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "suspend",
        abstract: "Have the controller leave a resource, a server, or everything alone.",
        discussion: """
            What is suspended is still looked at and shown, and nothing is done to it until \
            `stead resume`, or until its time is over. Without a subject, shows what is suspended.
            """)

    @Argument(help: "An address, a pattern such as file/*, server/NAME, or '*' for everything.")
    var subject: String?

    @Option(help: "Why; required.")
    var reason: String?

    @Option(name: .customLong("for"), help: "For how long: 30m, 4h, 7d. Without it, until resumed.")
    var duration: String?

    @OptionGroup var state: StateOptions
    @OptionGroup var socket: SocketOptions
    @OptionGroup var output: FormatOptions

    func validate() throws {
        guard subject != nil else { return }
        guard let reason, !reason.isEmpty else {
            throw ValidationError("say why with --reason: whoever is on duty next will ask")
        }
        if let duration, DurationText.seconds(duration) == nil {
            throw ValidationError("--for takes a duration such as 30m, 4h or 7d")
        }
    }

    func run() async throws {
        let console = Console()
        try await console.reporting {
            guard let subject, let reason else { return try await list(console) }
            let now = Int(Date.now.timeIntervalSince1970)
            let until = duration.flatMap(DurationText.seconds).map { now + $0 }
            let desk = ControllerDesk(socket: socket.path(in: state), state: state.path)
            try await desk.suspend(
                Suspension(
                    subject: subject, reason: reason, actor: Actor.current, since: now,
                    until: until))
            if subject != "*" { try await desk.warnOfUnknown([subject], console) }
            console.message(
                "\(subject) is suspended\(until.map { " until \(Clock.text($0))" } ?? "")")
        }
    }

    private func list(_ console: Console) async throws {
        let store = try state.existing()
        let suspensions = try await store.suspensions().map(SuspensionLine.init)
        switch output.format {
        case .json: try console.json(suspensions)
        case .text where suspensions.isEmpty: console.result("Nothing is suspended.\n")
        case .text:
            var table = TextTable()
            for suspension in suspensions {
                table.add([
                    suspension.subject, suspension.reason, "by \(suspension.actor)",
                    suspension.until.map { "until \($0)" } ?? "until resumed",
                ])
            }
            console.result(table.text)
        }
    }
}

/// `stead resume SUBJECT`: ends a suspension.
struct ResumeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume", abstract: "End a suspension.")

    @Argument(help: "The subject, as it was suspended.")
    var subject: String

    @OptionGroup var state: StateOptions
    @OptionGroup var socket: SocketOptions

    func run() async throws {
        let console = Console()
        try await console.reporting {
            let desk = ControllerDesk(socket: socket.path(in: state), state: state.path)
            try await desk.resume(subject)
            console.message("\(subject) is resumed")
        }
    }
}
