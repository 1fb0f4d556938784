import ArgumentParser
import Diagnostics
import FoundationEssentials
import Manifests
import Schemas
import Secrets

/// `stead schema`: the tables of apps.
struct SchemaCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schema",
        abstract: "Read, check and change the tables of apps.",
        subcommands: [
            SchemaIntrospectCommand.self, SchemaValidateCommand.self, SchemaDiffCommand.self,
            SchemaMigrateCommand.self,
        ])
}

/// `stead schema introspect`: a database as the document that declares it.
struct SchemaIntrospectCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "introspect",
        abstract: "Print a database as a `kind: Schema` document that plans to no change.",
        discussion: """
            The database is sqlite:PATH, mysql://USER@HOST:PORT/NAME or postgres://…, with \
            ?socket=PATH or ?tls=true. Its password comes from --password-file or from \
            STEAD_DATABASE_PASSWORD, never from the URL. Nothing is changed.

            Comments at the top hold an app.yaml to begin with, and what a schema can't say.
            """)

    @Option(help: "The database's URL.")
    var database: String

    @Option(help: "The app's name; the database's own when omitted.")
    var app: String?

    @Option(help: "A file with the password alone, readable by its owner only.")
    var passwordFile: String?

    /// Whoever types the command may read any file that is theirs.
    private var environment: [String: String] {
        var environment = ProcessInfo.processInfo.environment
        if passwordFile != nil { environment[SecretFile.variable] = "/" }
        return environment
    }

    func run() async throws {
        let console = Console()
        try await console.reporting {
            var address = try Self.address(database)
            address.passwordFile = passwordFile
            address.mayCreate = false
            let survey = SchemaSurvey(
                DatabaseConnector(stateFolder: "", environment: environment))
            let document = SchemaDocument(
                of: try survey.contents(of: address), on: address.engine,
                app: app ?? Self.name(of: address), place: address.description)
            console.result(document.text)
        }
    }

    private static func address(_ text: String) throws -> DatabaseAddress {
        guard var address = DatabaseAddress(url: text) else {
            let hasPassword = URLComponents(string: text)?.password != nil
            throw ValidationError(
                hasPassword
                    ? "a password does not belong into a URL, where others see it: write it into "
                        + "STEAD_DATABASE_PASSWORD, or into a file for --password-file"
                    : "--database takes sqlite:PATH, mysql://USER@HOST:PORT/NAME or postgres://…")
        }
        if let path = address.path, !path.hasPrefix("/") {
            address.path = FileManager.default.currentDirectoryPath + "/" + path
        }
        return address
    }

    /// The database's name, as a name of resources: lower case letters, digits, hyphens.
    private static func name(of address: DatabaseAddress) -> String {
        let file = address.path?.split(separator: "/").last?.split(separator: ".").first
        let name = address.name ?? file.map(String.init) ?? ""
        let parts = name.lowercased().split { !$0.isASCII || !($0.isLetter || $0.isNumber) }
        let text = parts.joined(separator: "-")
        return text.first?.isLetter == true ? text : "app"
    }
}

/// `stead schema validate`: the same as `stead validate`, said of apps.
struct SchemaValidateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "validate",
        abstract: "Report every error of a tree, or only those of one app.")

    @Argument(help: "The app; all of the tree when omitted.")
    var app: String?

    @OptionGroup var source: SourceOptions
    @OptionGroup var state: StateOptions
    @OptionGroup var output: FormatOptions

    func run() async throws {
        let console = Console()
        try await console.reporting {
            let loaded = try Loading(console: console, state: state.path).read(source)
            let (diagnostics, addresses) = try part(of: loaded)
            let isValid = !diagnostics.contains { $0.severity == .error }
            switch output.format {
            case .json:
                try console.json(
                    ValidationReport(
                        valid: isValid, resources: addresses,
                        diagnostics: diagnostics.map(DiagnosticJSON.init)))
            case .text:
                console.report(diagnostics)
                if isValid { console.result("Valid: \(addresses.counted("resource")).\n") }
            }
            if !isValid { throw ExitCode.invalid }
        }
    }

    /// What is to be said of the app, and how many documents it has; of all, where none is named,
    /// and where nothing could be read.
    private func part(of loaded: LoadedTree) throws -> ([Diagnostic], Int) {
        guard let app, !loaded.files.isEmpty || loaded.desired != nil else {
            return (loaded.diagnostics, loaded.files.count)
        }
        let wanted = AppName(app)
        let files = loaded.files.filter { wanted.owns($0.key) }
        let diagnostics = loaded.diagnostics.filter { diagnostic in
            guard let file = diagnostic.location?.file else { return false }
            return wanted.isFolder(of: file) || files.values.contains(file)
        }
        if files.isEmpty, diagnostics.isEmpty {
            throw wanted.unknown(among: AppName.names(in: loaded.files.keys))
        }
        return (diagnostics, files.count)
    }
}

/// `stead schema diff APP`: what would be done to an app's database.
struct SchemaDiffCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff",
        abstract: "Show how an app's database differs: `stead plan --only schema/APP`.")

    @Argument(help: "The app.")
    var app: String

    @OptionGroup var source: SourceOptions
    @OptionGroup var state: StateOptions
    @OptionGroup var output: FormatOptions

    func run() async throws {
        var plan = try PlanCommand.parse([])
        plan.source = source
        plan.state = state
        plan.output = output
        try await plan.run(of: AppName(app), ["schema"])
    }
}

/// `stead schema migrate APP`: brings an app's database to its schema, and publishes the release.
struct SchemaMigrateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "migrate",
        abstract: """
            Bring an app's database to its schema, and serve it: \
            `stead apply --only schema/APP app/APP`.
            """)

    @Argument(help: "The app.")
    var app: String

    @OptionGroup var source: SourceOptions
    @OptionGroup var state: StateOptions
    @OptionGroup var output: FormatOptions

    @Flag(help: "Do not ask.")
    var yes = false

    func run() async throws {
        var apply = try ApplyCommand.parse([])
        apply.source = source
        apply.state = state
        apply.output = output
        apply.yes = yes
        try await apply.run(of: AppName(app), ["schema", "app"])
    }
}
