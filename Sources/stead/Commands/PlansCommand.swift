import ArgumentParser
import Control
import Diagnostics
import Planning
import Resources
import Storage

/// `stead plans`: what waits for a person.
struct PlansCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plans",
        abstract: "Show the plans that wait for approval, or one of them whole.")

    @Argument(help: "A plan's id, or its beginning.")
    var id: String?

    @OptionGroup var state: StateOptions
    @OptionGroup var output: FormatOptions

    func run() async throws {
        let console = Console()
        try await console.reporting {
            let store = try state.existing()
            let held = try await store.heldPlans(in: [.waiting])
            if let id {
                let plan = try HeldPlans.only(in: held, beginning: id).plan()
                switch output.format {
                case .json: console.result(try PlanJSON.render(plan))
                case .text:
                    PlanText(terminal: console.results, isFull: true)
                        .write(plan, to: console.result)
                }
                return
            }
            switch output.format {
            case .json: try console.json(held.map(HeldPlans.Line.init))
            case .text where held.isEmpty: console.result("No plan waits.\n")
            case .text:
                var table = TextTable()
                for line in held.map(HeldPlans.Line.init) {
                    table.add([
                        String(line.id.prefix(12)), line.summary, line.reason,
                        "since \(line.createdAt)",
                    ])
                }
                console.result(table.text)
            }
        }
    }
}

/// `stead approve ID`: lets a plan that waits be carried out.
struct ApproveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "approve",
        abstract: "Let a plan that waits be carried out, exactly as `stead plans ID` shows it.",
        discussion: """
            What has moved since it was shown is not done: it waits again, as a new plan.
            """)

    @Argument(help: "The plan's id, or its beginning.")
    var id: String

    @Flag(help: "Have it never carried out instead.")
    var reject = false

    @OptionGroup var state: StateOptions
    @OptionGroup var socket: SocketOptions

    func run() async throws {
        let console = Console()
        try await console.reporting {
            let store = try state.existing()
            let plan = try HeldPlans.only(
                in: try await store.heldPlans(in: [.waiting]), beginning: id)
            let desk = ControllerDesk(socket: socket.path(in: state), state: state.path)
            try await desk.decide(plan.id, isApproved: !reject)
            let end = reject ? "rejected" : "approved: `stead history` shows what comes of it"
            console.message("\(plan.id.prefix(12)) is \(end)")
        }
    }
}

/// `stead sync [SUBJECT…]`: has the controller look at once.
struct SyncCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sync",
        abstract: "Have the controller look at its branch and at every server at once.",
        discussion: """
            What is named is brought about now: drift is taken back even where it is only \
            reported, and what has failed is tried again.
            """)

    @Argument(help: "Addresses or patterns such as file/*; server/NAME for everything on it.")
    var subjects: [String] = []

    @OptionGroup var state: StateOptions
    @OptionGroup var socket: SocketOptions

    func run() async throws {
        let console = Console()
        try await console.reporting {
            let path = socket.path(in: state)
            let request = SyncRequest(subjects: subjects)
            let answer = try await ControlClient(socket: path).post(
                "sync", request, as: SyncAnswer.self)
            guard let answer else {
                throw Failure.stalled(
                    .init("no controller listens at \(path)", fix: "start `stead controller`"))
            }
            try await ControllerDesk(socket: path, state: state.path)
                .warnOfUnknown(subjects, console)
            try await warnOfSuspended(console)
            let rollout = answer.retried.map {
                "; the rollout of \($0.prefix(10)), which had stopped, is tried again"
            }
            console.message("asked\(rollout ?? "")")
        }
    }

    /// What is suspended is left alone, whoever asks.
    private func warnOfSuspended(_ console: Console) async throws(Failure) {
        guard !subjects.isEmpty else { return }
        let store = try StateStore(folder: state.path, access: .readOnly)
        let inventory = try await store.inventory { _, _, _ in true }
        let asked = Selection(subjects)
        for suspension in try await store.suspensions() {
            let suspended = Selection([suspension.subject])
            let isAsked =
                suspension.subject == "*" || subjects.contains(suspension.subject)
                || inventory.contains {
                    asked.includes($0.address, on: $0.server)
                        && suspended.includes($0.address, on: $0.server)
                }
            guard isAsked else { continue }
            console.warn(
                "\(suspension.subject) is suspended by \(suspension.actor): "
                    + "\(Terminal.sanitized(suspension.reason)); nothing is done about it until "
                    + "`stead resume '\(suspension.subject)'`")
        }
    }
}
