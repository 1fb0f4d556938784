import ArgumentParser
import Control
import Controlling
import Diagnostics
import FoundationEssentials
import Kinds
import Logging
import Manifests
import Notifying
import Remote
import Resources
import ServiceLifecycle
import Storage
import Supervising
import Synchronization
import UnixSignals

/// `stead controller`: keeps the fleet in step with a branch.
struct ControllerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "controller",
        abstract: "Follow a branch, and keep the servers as it says.",
        discussion: """
            Takes each new commit of the branch: loads, looks, plans, applies, verifies, records; \
            and looks for drift every `reconcile.interval`. What can't be taken (an invalid tree, \
            a rewritten branch) leaves the last good commit in force; `stead status` says why.

            Of two controllers on one state one works and the other stands by. SIGTERM lets what \
            is under way come to its end; SIGHUP looks at the branch and the servers at once.
            """)

    @OptionGroup var source: SourceOptions
    @OptionGroup var state: StateOptions
    @OptionGroup var socket: SocketOptions

    @Option(help: "Where to listen for webhooks, health and metrics: HOST:PORT.")
    var listen: String?

    @Option(help: "A group whose members may use the control socket.")
    var socketGroup: String?

    @Option(help: "How messages are written: text or json.")
    var log = LogFormat.text

    @OptionGroup var lifeline: LifelineOptions

    func run() async throws {
        let console = Console()
        let notice = ServiceNotice.taken()
        try await console.reporting {
            try lifeline.hold()
            let output = LogOutput(format: log)
            let feed = EventFeed()
            let metrics = ControllerMetrics()
            let store = try StateStore(folder: state.path, access: .readWrite)
            let engine = Engine(
                catalog: Catalog.kinds, store: store,
                pool: ConnectionPool(transport: RoutingTransport())
            ) { event in
                output.write(event)
                feed.add(event)
                metrics.take(event, now: Int(Date.now.timeIntervalSince1970))
                Interruption.strike(event)
            }
            let tree = TreeSource(
                source.repo, ref: source.ref, state: state.path,
                environment: ProcessInfo.processInfo.environment)
            output.write(.info, "following \(source.ref ?? "HEAD") of \(tree.title)")
            let controller = Controller(
                engine: engine, loader: Loader(catalog: Catalog.kinds),
                options: .init(source: tree)
            ) { occurrence in
                output.write(occurrence)
                feed.add(occurrence)
                metrics.take(occurrence)
            }
            try await serve(controller, store, metrics, feed, output, notice)
        }
    }

    private func serve(
        _ controller: Controller, _ store: StateStore, _ metrics: ControllerMetrics,
        _ feed: EventFeed, _ output: LogOutput, _ notice: ServiceNotice
    ) async throws {
        let control = ControlSocket(socket.path(in: state), group: socketGroup)
        var settings = ControlServer.Settings(socket: control)
        settings.opened = { notice.ready() }
        settings.listen = try listen.map { try ListenAddress($0) }.map { ($0.host, $0.port) }
        let logger = output.logger
        let server = ControlServer(
            controller, store, settings, counting: metrics, feed: feed, logger: logger)
        let loop = ControllerService(controller: controller, socket: control, output: output)
        let warn: @Sendable (String) -> Void = { output.write(.warning, $0) }
        let notifier = Notifier(
            store: store, settings: { await controller.settingsInForce() }, warning: warn)
        let forwarder = AuditForwarder(
            store: store, settings: { await controller.settingsInForce() }, warning: warn)
        let group = ServiceGroup(
            configuration: .init(
                services: try await server.services {
                    output.write(.info, "listening on port \($0)")
                }
                .map { .init(service: $0) }
                    + [
                        .init(service: SideService { await notifier.run() }),
                        .init(service: SideService { await forwarder.run() }),
                        .init(
                            service: loop, successTerminationBehavior: .gracefullyShutdownGroup),
                        .init(
                            service: NoticeService(
                                notice: notice, probe: HealthProbe(.socket(control.ownPath)))),
                    ],
                gracefulShutdownSignals: [.sigterm, .sigint], logger: logger))
        let hangups = Task {
            for await _ in await UnixSignalsSequence(trapping: .sighup) {
                notice.reloading()
                _ = try? await controller.retryRollout()
                await controller.sync()
                notice.ready()
            }
        }
        defer { hangups.cancel() }
        do {
            try await group.run()
        } catch let failure as Failure {
            throw failure
        } catch {
            throw Failure.stalled(
                .init("the controller can't run: \(error)", fix: "is its port or socket taken?"))
        }
        if let failure = loop.failure.withLock({ $0 }) { throw failure }
    }
}

/// The loop, as one of the process's services.
private final class ControllerService: Service {
    private let controller: Controller
    private let socket: ControlSocket
    private let output: LogOutput
    /// Why it ended: the other services end in order all the same.
    let failure = Mutex<Failure?>(nil)
    private let hasWaited = Mutex(false)

    init(controller: Controller, socket: ControlSocket, output: LogOutput) {
        self.controller = controller
        self.socket = socket
        self.output = output
    }

    func run() async throws {
        await cancelWhenGracefulShutdown { [self] in
            do throws(Failure) {
                try await lead()
            } catch {
                failure.withLock { $0 = error }
            }
        }
    }

    private func lead() async throws(Failure) {
        try await controller.run(
            standingBy: { [self] holder in
                hasWaited.withLock { $0 = true }
                output.write(.info, "standing by for \(holder.description)")
            },
            leading: { [self] () throws(Failure) in
                try socket.lead()
                if hasWaited.withLock({ $0 }) {
                    output.write(.info, "no longer standing by: this controller has taken over")
                }
            },
            yielding: { [self] in socket.leave() })
    }
}

/// What goes on beside the loop until the process is asked to end.
private struct SideService: Service {
    let work: @Sendable () async -> Void

    func run() async throws {
        await cancelWhenGracefulShutdown { await work() }
    }
}

/// Where the controller's socket is.
struct SocketOptions: ParsableArguments {
    @Option(help: "The controller's socket; run/controller.sock in the state folder by default.")
    var socket: String?

    func path(in state: StateOptions) -> String {
        socket ?? "\(state.path)/run/controller.sock"
    }
}
