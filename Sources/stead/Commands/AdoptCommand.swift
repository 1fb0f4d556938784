import ArgumentParser
import Controlling
import Diagnostics
import FoundationEssentials
import Kinds
import Manifests
import Planning
import Resources
import Storage

/// `stead adopt SERVER`: writes the documents that describe what is on a host.
struct AdoptCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "adopt",
        abstract: "Write the documents that describe what is on a server already.",
        discussion: """
            Reads nginx sites, cron jobs and the files that --file names, and changes nothing on \
            the server. Each document that is written plans to no change; what can't be described \
            so is listed with its reason, and the status is 1 if --file named it. A server that \
            the repository does not declare yet is named by --host or --local, and gets its \
            document as well.
            """)

    @Argument(help: "The server's name.")
    var server: String

    @Option(help: "The folder to write to, such as desired/web-1; made when it is not there.")
    var out: String?

    @Option(
        name: .customLong("kind"), help: "NginxSite, CronJob or File; both first when left out.")
    var kinds: [String] = []

    @Option(name: .customLong("file"), help: "A file on the server to describe; may be repeated.")
    var files: [String] = []

    @Flag(help: "Describe what looks like a secret as well.")
    var includeSecrets = false

    @Flag(help: "Overwrite documents that are there.")
    var force = false

    @Flag(help: "Print the documents instead of writing them.")
    var dryRun = false

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var source: SourceOptions
    @OptionGroup var state: StateOptions
    @OptionGroup var output: FormatOptions

    func validate() throws {
        if out == nil, !dryRun {
            throw ValidationError("say where to write the documents with --out, or pass --dry-run")
        }
        for file in files where !file.hasPrefix("/") || file.utf8.contains(where: { $0 < 0x20 }) {
            throw ValidationError(
                "--file takes an absolute path on one line: `\(Terminal.sanitized(file))` is none")
        }
        _ = try adopters()
    }

    /// The kinds that are asked for.
    ///
    /// - Throws: when there is no such kind, or nothing to ask it for.
    private func adopters() throws -> [any Adopter.Type] {
        var wanted: Set<String> = []
        for word in kinds.isEmpty ? ["NginxSite", "CronJob"] : kinds {
            wanted.insert(try kind(word))
        }
        if wanted.contains("File"), files.isEmpty {
            throw ValidationError("name the files with --file")
        }
        if !files.isEmpty { wanted.insert("File") }
        var found: [any Adopter.Type] = []
        for adopter in Catalog.adopters where wanted.contains(adopter.name.rawValue) {
            found.append(adopter)
        }
        return found
    }

    /// The name of a kind that a person wrote in either form.
    private func kind(_ word: String) throws -> String {
        var known: [String] = []
        for adopter in Catalog.adopters {
            if adopter.name.rawValue == word || adopter.name.kebab == word {
                return adopter.name.rawValue
            }
            known.append(adopter.name.rawValue)
        }
        let hint = Suggestion.sentence(for: word, among: known).map { ": \($0)" } ?? ""
        throw ValidationError(
            "nothing of a kind `\(word)` can be adopted\(hint); "
                + "--kind takes \(known.joined(separator: ", "))")
    }

    func run() async throws {
        let console = Console()
        try await console.reporting {
            let workspace = try Workspace(state: state, access: .readOnly, console: console)
            let loader = Loader(catalog: Catalog.kinds)
            let (tree, spec, own) = try serverTree(loader, console)
            var result = try await workspace.engine.adopt(
                AdoptionRequest(
                    server: server, spec: spec, files: files, includesSecrets: includeSecrets),
                as: try adopters(), beside: tree, with: loader)
            await workspace.close()
            if let own { result.drafts.insert(own, at: 0) }
            try deliver(result, console)
        }
    }

    /// The tree that the documents will stand beside, with the server in it; its document, where
    /// the tree had none.
    private func serverTree(
        _ loader: Loader, _ console: Console
    ) throws -> (Tree, ServerSpec, AdoptionDraft?) {
        var tree = try existingTree(console)
        if connection.isGiven, loader.load(tree).desired?.servers[server] != nil {
            throw ValidationError(
                "server/\(server) is declared already: leave out --host and --local")
        }
        let own = connection.isGiven ? connection.draft(of: server) : nil
        if let own {
            tree.documents.append(
                SourceText(file: "desired/adopted:/\(own.file)", bytes: Array(own.text.utf8)))
        }
        let loaded = loader.load(tree)
        let isEmpty = loaded.diagnostics.contains { $0.code == .treeEmpty }
        if own == nil, isEmpty { throw missing(among: []) }
        guard let desired = loaded.desired else {
            console.report(loaded.diagnostics)
            throw ExitCode.invalid
        }
        guard let spec = desired.servers[server] else {
            throw missing(among: desired.servers.keys.sorted())
        }
        return (tree, spec, own)
    }

    private func existingTree(_ console: Console) throws -> Tree {
        let location = TreeSource(
            source.repo, ref: source.ref, state: state.path,
            environment: ProcessInfo.processInfo.environment)
        do throws(TreeError) {
            return try location.read()
        } catch {
            switch error {
            case .failed(let failure): throw failure
            case .invalid(let findings):
                // Whoever begins with adopting has no desired state yet.
                guard connection.isGiven, source.ref == nil,
                    findings.allSatisfy({ [.treeUnreadable, .gitReference].contains($0.code) })
                else {
                    console.report(findings)
                    throw ExitCode.invalid
                }
                return Tree(revision: Revision(id: "folder:none"), documents: [])
            }
        }
    }

    private func missing(among known: [String]) -> Failure {
        .stalled(
            .init(
                "no server is called \(server)",
                fix: Suggestion.sentence(for: server, among: known)
                    ?? "name its host with --host, or this machine with --local"))
    }

    private func deliver(_ result: AdoptionResult, _ console: Console) throws {
        var written: [String: String] = [:]
        if dryRun {
            if output.format == .text {
                for draft in result.drafts {
                    console.result("--- # \(draft.file)\n\(draft.text)")
                }
            }
        } else if let out {
            written = try DocumentFolder(out).write(result.drafts, isForced: force)
            if !written.isEmpty, !out.split(separator: "/").contains("desired") {
                console.warn("\(out) is not below a folder `desired`: no document is read there")
            }
        }
        let report = AdoptionReport(server: server, result, written: written)
        switch output.format {
        case .json: try console.json(report)
        case .text: report.tell(console)
        }
        if !report.refused.isEmpty { throw ExitCode.failure }
    }
}
