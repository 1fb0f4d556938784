package import Diagnostics
import HummingbirdCore
import Listening
import Logging
import NIOCore
import NIOPosix
package import ServiceLifecycle
import UnixSignals

/// Serves the APIs of all published apps.
package struct GatewayServer: Sendable {
    /// Where it listens, and what it writes.
    package struct Settings: Sendable {
        package var host: String
        package var port: Int
        /// The state folder that releases, keys and SQLite files are in.
        package var stateFolder: String
        /// Where the access log goes; nil for nowhere.
        package var accessLogDescriptor: Int32?
        /// So many seconds a client may let the gateway wait: for a request, for the rest of one,
        /// and for taking an answer.
        package var idleSeconds = 60
        /// Opens the access log anew in the descriptor's place, after its file was moved away.
        package var reopenAccessLog: @Sendable (Int32) throws(Failure) -> Void = { _ in }

        package init(host: String, port: Int, stateFolder: String, accessLogDescriptor: Int32?) {
            self.host = host
            self.port = port
            self.stateFolder = stateFolder
            self.accessLogDescriptor = accessLogDescriptor
        }
    }

    /// What the gateway tells of itself.
    package enum Event: Sendable {
        /// Requests are answered on the port.
        case listening(port: Int)
        /// It reads everything anew; `reloaded` ends it.
        case reloading
        case reloaded
    }

    private let settings: Settings

    package init(_ settings: Settings) {
        self.settings = settings
    }

    /// Serves until SIGTERM or SIGINT, then ends what is under way.
    ///
    /// SIGHUP has it read everything anew.
    ///
    /// - Parameters:
    ///   - services: what runs beside it, and ends first.
    ///   - tell: told of what happens.
    /// - Throws: `stalled` when the state can't be read, or the port not be had.
    package func run(
        beside services: [any Service] = [], telling tell: @escaping @Sendable (Event) -> Void
    ) async throws(Failure) {
        var logger = Logger(label: "stead.gateway")
        logger.logLevel = .info
        let group = MultiThreadedEventLoopGroup.singleton
        let place = ListeningPlace(host: settings.host, port: settings.port)
        try await place.check(on: group)
        let directory = AppDirectory()
        let watch = ReleaseWatch(
            stateFolder: settings.stateFolder, directory: directory, logger: logger)
        try await watch.load()
        let loops = Array(group.makeIterator())
        let log = AccessLog(descriptor: settings.accessLogDescriptor, threads: loops.count)
        let metrics = Metrics(threads: loops.count)
        let responders = loops.indices.map { place in
            GatewayResponder(
                on: loops[place], directory: directory, log: log.lanes[place],
                counts: metrics.lanes[place], metrics: metrics)
        }
        logger.logLevel = .warning
        let listener = GatewayListener(
            responders, patience: .seconds(Int64(settings.idleSeconds)))
        let server = listener.server(
            configuration: .init(
                address: .hostname(settings.host, port: settings.port), backlog: 1024),
            onServerRunning: { tell(.listening(port: $0.localAddress?.port ?? 0)) },
            eventLoopGroup: group,
            logger: logger)
        let all = ServiceGroup(
            services: [server] + services, gracefulShutdownSignals: [.sigterm, .sigint],
            logger: logger)
        let following = Task { await watch.run() }
        let hangups = Task { await obeyHangups(watch, tell) }
        let flushing = Task {
            while !Task.isCancelled {
                try? await Task.sleep(for: .milliseconds(200))
                log.flush()
            }
        }
        defer {
            following.cancel()
            hangups.cancel()
        }
        var refusal: Failure?
        do {
            try await withTaskExecutorPreference(EventLoopExecutor(group)) {
                try await all.run()
            }
        } catch {
            refusal = place.refusal(error)
        }
        flushing.cancel()
        // What it has taken is written before the rest.
        await flushing.value
        log.flush()
        if let refusal { throw refusal }
    }

    private func obeyHangups(
        _ watch: ReleaseWatch, _ tell: @Sendable (Event) -> Void
    ) async {
        for await _ in await UnixSignalsSequence(trapping: .sighup) {
            tell(.reloading)
            await watch.reload {
                () throws(Failure) in
                if let log = settings.accessLogDescriptor { try settings.reopenAccessLog(log) }
            }
            tell(.reloaded)
        }
    }
}
