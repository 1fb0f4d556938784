import ArgumentParser
import Diagnostics
import Resources
import Storage

/// `stead history [RUN]`: the runs, or the steps of one.
struct HistoryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "history",
        abstract: "Show the runs, the latest first, or every step of one run.")

    @Argument(help: "A run's number.")
    var run: Int?

    @Option(help: "How many runs to show.")
    var limit = 20

    @OptionGroup var state: StateOptions
    @OptionGroup var output: FormatOptions

    func validate() throws {
        guard limit > 0 else { throw ValidationError("--limit takes a number from 1") }
    }

    func run() async throws {
        let console = Console()
        try await console.reporting {
            let store = try state.existing()
            guard let run else {
                try await list(store, console)
                return
            }
            guard let record = try await store.run(run) else {
                throw Failure.stalled(.init("there is no run \(run)", fix: "see `stead history`"))
            }
            let detail = RunHistory(
                record, journal: try await store.journal(of: run),
                audit: try await store.auditEntries(
                    matching: AuditFilter(run: run), limit: 100_000))
            switch output.format {
            case .text: console.result(detail.text(console.results))
            case .json: try console.json(detail)
            }
        }
    }

    private func list(_ store: StateStore, _ console: Console) async throws {
        let runs = try await store.runs(limit: limit).map(HistoryEntry.init)
        switch output.format {
        case .json: try console.json(runs)
        case .text where runs.isEmpty: console.result("No run yet.\n")
        case .text: console.result(Terminal.lines(runs.map(\.line)))
        }
    }
}
