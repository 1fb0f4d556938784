package import Controlling
package import Diagnostics
import Hummingbird
import Listening
package import Logging
import NIOCore
import NIOPosix
package import ServiceLifecycle
package import Storage

/// The controller's doors: a Unix socket for the command line, and a listener for webhooks, health
/// and metrics.
package struct ControlServer: Sendable {
    /// Where it listens.
    package struct Settings: Sendable {
        /// The Unix socket.
        package var socket: ControlSocket
        /// For webhooks, health and metrics; nil for none.
        package var listen: (host: String, port: Int)?
        /// Told once the socket can be used.
        package var opened: @Sendable () -> Void = {}

        package init(socket: ControlSocket) {
            self.socket = socket
        }
    }

    private let controller: Controller
    private let store: StateStore
    private let settings: Settings
    private let feed: EventFeed
    private let metrics: ControllerMetrics
    private let logger: Logger
    private let group = MultiThreadedEventLoopGroup.singleton

    package init(
        _ controller: Controller, _ store: StateStore, _ settings: Settings,
        counting metrics: ControllerMetrics, feed: EventFeed, logger: Logger
    ) {
        self.controller = controller
        self.store = store
        self.settings = settings
        self.feed = feed
        self.metrics = metrics
        self.logger = logger
    }

    /// Makes the services to run beside the controller.
    ///
    /// - Parameter ready: told of the public listener's port.
    /// - Returns: those that listen.
    /// - Throws: when the socket can't be made, or the port not be had.
    package func services(
        ready: @escaping @Sendable (Int) -> Void
    ) async throws(Failure) -> [any Service] {
        if let (host, port) = settings.listen {
            try await ListeningPlace(host: host, port: port).check(on: group)
        }
        try settings.socket.prepare()
        var services: [any Service] = [
            socketService, SocketKeeper(socket: settings.socket, controller, logger),
        ]
        if let (host, port) = settings.listen {
            services.append(publicService(PublicListener(host: host, port: port), ready: ready))
        }
        return services
    }

    private var socketService: some Service {
        let router = Router(context: ControlContext.self)
        ControlRoutes(controller: controller, store: store).add(to: router)
        EventRoutes(feed: feed).add(to: router)
        HealthRoutes(controller: controller, store: store, metrics: metrics).add(to: router)
        AnswerRoutes(controller: controller).add(to: router)
        let (opened, socket, logger) = (settings.opened, settings.socket, logger)
        return Application(
            router: router,
            configuration: .init(
                address: .unixDomainSocket(path: socket.ownPath), serverName: nil),
            onServerRunning: { _ in
                do throws(Failure) {
                    try socket.admit()
                } catch {
                    logger.error("\(error.report.message)")
                }
                opened()
            }, eventLoopGroupProvider: .shared(group),
            logger: logger)
    }

    private func publicService(
        _ listener: PublicListener, ready: @escaping @Sendable (Int) -> Void
    ) -> some Service {
        let router = Router(context: ControlContext.self)
        HealthRoutes(controller: controller, store: store, metrics: metrics).add(to: router)
        WebhookRoutes(controller: controller, state: store.folder, logger: logger)
            .add(to: router)
        return Application(
            router: router, server: listener.connections, configuration: listener.configuration,
            onServerRunning: { ready($0.localAddress?.port ?? 0) },
            eventLoopGroupProvider: .shared(group), logger: logger)
    }
}
