import ArgumentParser
import Diagnostics
import Resources
import Storage

/// `stead status`: everything Stead owns, as last seen. Reads the state, looks at no host.
struct StatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Show each server and resource as last seen.",
        discussion: "Reads the state only. `stead plan` looks at the hosts themselves.")

    @OptionGroup var state: StateOptions
    @OptionGroup var output: FormatOptions

    func run() async throws {
        let console = Console()
        try await console.reporting {
            let store = try StateStore(folder: state.path, access: .readOnly)
            let report = StatusReport(
                hosts: try await store.hosts(), inventory: try await store.inventory(),
                observations: try await store.observations(),
                unfinished: try await store.unfinished(),
                conditions: try await store.conditions(),
                suspensions: try await store.suspensions(),
                lastRun: try await store.runs(limit: 1).first)
            switch output.format {
            case .text: console.result(report.text(console.results))
            case .json: try console.json(report)
            }
        }
    }
}
