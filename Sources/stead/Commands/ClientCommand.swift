import ArgumentParser
import Documenting
import Kinds
import Resources
import Schemas

/// `stead client --lang ts|dart APP`: source code that calls an app's API.
struct ClientCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "client",
        abstract: "Print a typed client of an app's API, or models of its rows.",
        discussion: """
            Reads the app and its schema from desired state; needs neither database nor gateway. \
            The same tree gives the same source, so that it can be kept in git and compared.

            Example: stead client --lang ts prokov > src/api.ts
            """)

    /// What the source is written in.
    enum Language: String, ExpressibleByArgument, CaseIterable {
        case typeScript = "ts"
        case dart
    }

    @Argument(help: "The app's name, or its address: prokov, app/prokov.")
    var app: String

    @Option(name: .customLong("lang"), help: "ts: a client on fetch; dart: models of the rows.")
    var language: Language

    @OptionGroup var source: SourceOptions
    @OptionGroup var state: StateOptions

    func run() async throws {
        let console = Console()
        try await console.reporting {
            let desired = try Loading(console: console, state: state.path).load(source)
            let releases = desired.resources.compactMap(Catalog.release)
            let wanted = AppName(app)
            guard let release = releases.first(where: { $0.app.name == wanted.name }) else {
                throw wanted.unknown(among: releases.map(\.app.name))
            }
            switch language {
            case .typeScript: console.result(TypeScriptClient.source(of: release))
            case .dart: console.result(DartModels.source(of: release))
            }
        }
    }
}
