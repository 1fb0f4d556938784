package import Controlling
package import Diagnostics
import Glibc
import Hummingbird
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
        /// The Unix socket's path; at most 107 bytes.
        package var socket: String
        /// The group that may use the socket besides its owner.
        package var group: String?
        /// For webhooks, health and metrics; nil for none.
        package var listen: (host: String, port: Int)?
        /// Told once the socket can be used.
        package var opened: @Sendable () -> Void = {}

        package init(socket: String) {
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
    /// - Throws: when the socket can't be made.
    package func services(
        ready: @escaping @Sendable (Int) -> Void
    ) throws(Failure) -> [any Service] {
        try ControlSocket(settings.socket, group: settings.group).prepare()
        var services: [any Service] = [socketService]
        if let (host, port) = settings.listen {
            services.append(publicService(host, port, ready: ready))
        }
        return services
    }

    private var socketService: some Service {
        let router = Router(context: ControlContext.self)
        ControlRoutes(controller: controller, store: store).add(to: router)
        EventRoutes(feed: feed).add(to: router)
        HealthRoutes(controller: controller, store: store, metrics: metrics).add(to: router)
        AnswerRoutes(controller: controller).add(to: router)
        let opened = settings.opened
        let socket = ControlSocket(settings.socket, group: settings.group)
        return Application(
            router: router,
            configuration: .init(
                address: .unixDomainSocket(path: settings.socket), serverName: nil),
            onServerRunning: { _ in
                socket.admit()
                opened()
            }, eventLoopGroupProvider: .shared(group),
            logger: logger)
    }

    private func publicService(
        _ host: String, _ port: Int, ready: @escaping @Sendable (Int) -> Void
    ) -> some Service {
        let router = Router(context: ControlContext.self)
        HealthRoutes(controller: controller, store: store, metrics: metrics).add(to: router)
        WebhookRoutes(controller: controller, state: store.folder, logger: logger)
            .add(to: router)
        return Application(
            router: router,
            configuration: .init(address: .hostname(host, port: port), serverName: nil),
            onServerRunning: { ready($0.localAddress?.port ?? 0) },
            eventLoopGroupProvider: .shared(group), logger: logger)
    }
}

/// The socket's file and who may open it.
struct ControlSocket {
    let path: String
    let group: String?

    init(_ path: String, group: String?) {
        self.path = path
        self.group = group
    }

    /// Makes its folder, and takes away what a killed controller left there. Only the holder of the
    /// lease gets here, so nobody listens on it.
    ///
    /// - Throws: `stalled` when that isn't permitted, or the path is too long.
    func prepare() throws(Failure) {
        guard path.utf8.count < 108 else {
            throw .stalled(
                .init(
                    "the socket's path is longer than 107 bytes: \(path)",
                    fix: "name a shorter one with --socket"))
        }
        let folder = path.split(separator: "/", omittingEmptySubsequences: false).dropLast()
            .joined(separator: "/")
        if mkdir(folder, group == nil ? 0o700 : 0o750) != 0, errno != EEXIST {
            throw Self.failure("cannot make \(folder)")
        }
        if unlink(path) != 0, errno != ENOENT { throw Self.failure("cannot remove \(path)") }
        guard let group else { return }
        guard let entry = getgrnam(group) else {
            throw .stalled(.init("there is no group \(group)", fix: "make it with `groupadd`"))
        }
        guard chown(folder, uid_t.max, entry.pointee.gr_gid) == 0 else {
            throw Self.failure("cannot give \(folder) to the group \(group)")
        }
    }

    /// Lets in the owner, and the group if there is one.
    func admit() {
        if let group, let entry = getgrnam(group) {
            _ = chown(path, uid_t.max, entry.pointee.gr_gid)
        }
        _ = chmod(path, group == nil ? 0o600 : 0o660)
    }

    private static func failure(_ message: String) -> Failure {
        .stalled(.init("\(message): \(String(cString: strerror(errno)))"))
    }
}
