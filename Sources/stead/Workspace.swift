import ArgumentParser
import Controlling
import Diagnostics
import FoundationEssentials
import Kinds
import Manifests
import Planning
import Remote
import Resources
import Storage

/// Everything a command that looks at hosts is made of.
struct Workspace: Sendable {
    let engine: Engine
    private let console: Console
    private let progress: RunProgress
    private let state: StateOptions

    /// - Throws: when the state can't be opened.
    init(
        state: StateOptions, access: StateStore.Access, console: Console,
        progress: RunProgress? = nil
    ) throws(Failure) {
        let progress = progress ?? RunProgress(console: console)
        self.state = state
        self.console = console
        self.progress = progress
        engine = Engine(
            catalog: Catalog.kinds,
            store: try StateStore(folder: state.path, access: access),
            pool: ConnectionPool(transport: RoutingTransport())
        ) { event in
            progress.take(event)
            Interruption.strike(event)
        }
    }

    /// Reads desired state, or reports every error of it and ends with 65. With a sealed plan, its
    /// revision is read, from its source unless another is named.
    func load(_ source: SourceOptions, at sealed: Plan? = nil) async throws -> DesiredState {
        try Loading(console: console, state: state.path).load(source, at: sealed)
    }

    /// Looks and plans; `app` is what a person wrote, where they wrote no patterns of `--only`.
    ///
    /// - Throws: a usage error when a pattern of `--only` chooses nothing.
    func prepare(_ desired: DesiredState, _ request: PlanRequest, of app: AppName? = nil)
        async throws -> PreparedPlan
    {
        if !request.only.isEmpty { try await checkSelection(desired, request, app) }
        let prepared = try await engine.prepare(desired, request)
        progress.finish()
        return prepared
    }

    private func checkSelection(
        _ desired: DesiredState, _ request: PlanRequest, _ app: AppName?
    ) async throws {
        let inventory = try await engine.store.inventory { _, _, _ in true }
        let known =
            desired.resources.map { (address: $0.address, server: $0.server) }
            + inventory.map { (address: $0.address, server: $0.server) }
        for (pattern, suggestion) in Selection(request.only).unmatched(among: known) {
            if let app { throw app.unknown(among: AppName.names(in: known.map(\.address))) }
            let hint = suggestion.map { ": \($0)" } ?? ""
            throw ValidationError("no resource matches `--only \(pattern)`\(hint)")
        }
    }

    /// Ends the display and the connections.
    func close() async {
        progress.finish()
        await engine.pool.closeAll()
    }
}

extension Console {
    /// Runs a command's body; a failure becomes a message and exit code 1.
    func reporting(_ body: () async throws -> Void) async throws {
        do {
            try await body()
        } catch let failure as Failure {
            report(failure)
            throw ExitCode.failure
        }
    }
}
