import ArgumentParser
import Diagnostics
import Manifests
import Resources

/// `stead validate`: every error of a tree at once.
struct ValidateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "validate",
        abstract: "Report every error of a tree, with place, reason and fix.",
        discussion: """
            Looks at no host and needs no state. Exits with 65 when there is an error; warnings \
            alone are no error.
            """)

    @OptionGroup var source: SourceOptions
    @OptionGroup var state: StateOptions
    @OptionGroup var output: FormatOptions

    func run() async throws {
        let console = Console()
        try await console.reporting {
            let loaded = try Loading(console: console, state: state.path).read(source)
            let count = loaded.desired?.resources.count ?? 0
            switch output.format {
            case .json:
                try console.json(
                    ValidationReport(
                        valid: loaded.desired != nil, resources: count,
                        diagnostics: loaded.diagnostics.map(DiagnosticJSON.init)))
            case .text:
                console.report(loaded.diagnostics)
                if loaded.desired != nil {
                    console.result("Valid: \(count.counted("resource")).\n")
                }
            }
            if loaded.desired == nil { throw ExitCode.invalid }
        }
    }
}

/// What `validate` and `schema validate` print with `--format json`.
struct ValidationReport: Encodable {
    var valid: Bool
    var resources: Int
    var diagnostics: [DiagnosticJSON]
}
