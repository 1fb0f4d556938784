import Diagnostics
import FoundationEssentials
import Logging
import Schemas
import Storage

/// Reads releases from the state database, and swaps in what is new.
///
/// A release that can't be loaded leaves the old one serving.
actor ReleaseWatch {
    private let stateFolder: String
    private let directory: AppDirectory
    private let logger: Logger
    /// One for all apps, and for all releases of them.
    private let limiter = SignInLimiter()
    private var apps: [String: ServedApp] = [:]
    private var seen = 0
    private var failure: String?
    /// The state as it was when the last look at it found all that there will be without a write.
    private var known: StateStamp?

    /// How often is looked for news.
    private static let interval = Duration.milliseconds(500)
    /// How long the connections of a replaced release stay, for requests that began with it.
    private static let grace = Duration.seconds(30)

    init(stateFolder: String, directory: AppDirectory, logger: Logger) {
        self.stateFolder = stateFolder
        self.directory = directory
        self.logger = logger
    }

    /// Looks for news until it is cancelled.
    func run() async {
        while !Task.isCancelled {
            do throws(Failure) {
                try await loadWhatIsNew()
                failure = nil
            } catch {
                if failure != error.report.message {
                    logger.error("cannot read the releases: \(error.report.message)")
                }
                failure = error.report.message
            }
            refreshKeys()
            do { try await Task.sleep(for: Self.interval) } catch { return }
        }
    }

    /// Opens the state only after somebody has written to it: nobody waits for that meanwhile.
    private func loadWhatIsNew() async throws(Failure) {
        let stamp = StateStamp(folder: stateFolder)
        guard stamp != known || !directory.isReady else { return }
        let isSettled = stamp.isSettled(at: Clock.milliseconds / 1000)
        try await load()
        known = isSettled ? stamp : nil
    }

    /// Reads what was published since the last time.
    ///
    /// - Throws: when the state can't be read.
    func load() async throws(Failure) {
        let store = try StateStore(folder: stateFolder, access: .readOnly)
        let news = try await store.releases(after: seen)
        guard !news.isEmpty || !directory.isReady else { return }
        for (release, served) in zip(news, await loaded(news)) {
            seen = max(seen, release.sequence)
            take(release, served)
        }
        directory.replace(apps)
    }

    /// Loads releases side by side: at a start there may be hundreds.
    ///
    /// - Returns: one for each, in their order; nil for what is no longer to be served.
    private nonisolated func loaded(
        _ news: [PublishedRelease]
    ) async -> [Result<ServedApp, any Error>?] {
        await withTaskGroup(of: (Int, Result<ServedApp, any Error>?).self) { group in
            for (position, release) in news.enumerated() {
                group.addTask {
                    let served = release.body.map { body in
                        Result { try self.loaded(body, sequence: release.sequence) }
                    }
                    return (position, served)
                }
            }
            var results = [Result<ServedApp, any Error>?](repeating: nil, count: news.count)
            for await (position, served) in group { results[position] = served }
            return results
        }
    }

    /// Reads all releases anew, those that could not be served before too: with them passwords,
    /// keys and connections.
    ///
    /// - Parameter also: what else is read anew; its failure is told, and ends nothing.
    func reload(_ also: @Sendable () throws(Failure) -> Void) async {
        seen = 0
        do throws(Failure) { try also() } catch { logger.error("\(error.report.message)") }
        do throws(Failure) {
            try await load()
            logger.info("everything was read anew")
        } catch {
            logger.error("cannot read the releases anew: \(error.report.message)")
        }
    }

    /// Takes new keys into use.
    private func refreshKeys() {
        for (name, app) in apps {
            switch app.tokens?.refreshKeys() {
            case .renewed(let kid): logger.info("\(name): tokens are signed by the key \(kid)")
            case .failed(let reason):
                logger.error("\(name): cannot read its keys, the ones before stay: \(reason)")
            default: break
            }
        }
    }

    private func take(
        _ published: PublishedRelease, _ served: Result<ServedApp, any Error>?
    ) {
        let old = apps[published.app]
        switch served {
        case nil:
            apps[published.app] = nil
            retire(old)
            logger.info("\(published.app): no longer served")
        case .success(let app):
            apps[published.app] = app
            retire(old)
            logger.info("\(published.app): release \(published.sequence) is served")
        case .failure(let error):
            let kept = old == nil ? "" : "; the one before stays"
            logger.error(
                "\(published.app): release \(published.sequence) can't be served: \(error)\(kept)")
        }
    }

    private nonisolated func loaded(_ body: String, sequence: Int) throws -> ServedApp {
        let release = try Release(decoding: Array(body.utf8))
        guard release.format == Release.currentFormat else {
            throw Failure.stalled(.init("it is of format \(release.format)"))
        }
        let connector = DatabaseConnector(
            stateFolder: stateFolder, environment: ProcessInfo.processInfo.environment,
            statementTimeoutMilliseconds: release.app.limits.statementTimeoutMilliseconds)
        let backend = try Backend(
            release.app.database, connector: connector, limits: release.app.limits)
        let tokens = try release.app.auth.map { auth in
            let path = "\(stateFolder)/keys/\(release.app.name).json"
            return TokenDesk(
                app: release.app.name, auth: auth, keys: try KeyFile.open(path), limiter: limiter)
        }
        return ServedApp(release, sequence: sequence, backend: backend, tokens: tokens)
    }

    private nonisolated func retire(_ app: ServedApp?) {
        guard let app else { return }
        Task {
            try? await Task.sleep(for: Self.grace)
            await app.backend.close()
        }
    }
}
