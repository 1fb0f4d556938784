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

    @Flag(help: "Show it again whenever it changes, until it is interrupted.")
    var watch = false

    func run() async throws {
        let console = Console()
        try await console.reporting {
            var shown: String?
            repeat {
                let store = try state.existing()
                let report = try await StatusReport(store)
                let text =
                    switch output.format {
                    case .text: report.text(console.results)
                    case .json: try console.encoded(report)
                    }
                if text != shown { show(text, again: shown != nil, console) }
                shown = text
                if watch { try await Task.sleep(for: .seconds(1)) }
            } while watch && console.isHeard
        }
    }

    private func show(_ text: String, again: Bool, _ console: Console) {
        let clearing = again && output.format == .text && console.isInteractive
        console.result((clearing ? "\u{1B}[H\u{1B}[2J" : "") + text)
    }
}
