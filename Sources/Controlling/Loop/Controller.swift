package import Diagnostics
import FoundationEssentials
package import Manifests
import Planning
import Remote
package import Resources
package import Storage

/// Keeps the fleet in step with a branch, for as long as it runs.
///
/// Two things go on side by side: the branch is followed, and hosts are worked on in rounds. A
/// round looks at every host that no earlier round still works on, and does what its gate lets
/// through; a host that is slow or dead keeps a round of its own waiting, and nobody else.
package actor Controller {
    /// What a controller is told when it starts.
    package struct Options: Sendable {
        /// The repository, and the branch in it.
        package var source: TreeSource
        /// How long a lease lasts without a sign of life.
        package var leaseDuration = Duration.seconds(15)
        /// Who is written down for what it does by itself.
        package var actor = "stead controller"

        package init(source: TreeSource) {
            self.source = source
        }
    }

    /// What it is and does at a moment.
    package struct Snapshot: Sendable, Codable {
        package var source: String
        package var branch: String
        /// The branch's head as last seen.
        package var head: String?
        /// The commit that is to be reached.
        package var target: Revision?
        /// The last commit that was reached everywhere.
        package var lastGood: String?
        /// Servers that have reached the target, of all.
        package var reached: Int
        package var servers: Int
        /// Servers that are being looked at or worked on.
        package var busy: [String]
        /// Rounds since the start.
        package var rounds: Int
        /// When the next look for drift is due, in seconds since 1970.
        package var nextRoundAt: Int?
        package var leaseToken: Int?
        /// Nil until the branch was read once.
        package var isReady: Bool
        /// How far a commit is that is rolled out group by group.
        package var rollout: RolloutRecord?
    }

    let engine: Engine
    let loader: Loader
    let options: Options
    private let tell: @Sendable (Occurrence) -> Void
    let alarm = Alarm()
    let clock = ContinuousClock()

    var lease: Lease?
    /// The commit that is to be reached, and the last that was.
    var target: DesiredState?
    var good: DesiredState?
    var goodRevision: String?
    /// What the commits ask that were in force since then, that one with them: the target's changes
    /// are held by it until the target has been reached.
    var formerRules: [FormerRules] = []
    /// The last commit that was taken, even if its tree can't be read any more.
    var inForce: String?
    var head: BranchHead?
    var conditions: [String: Condition] = [:]
    /// The places that have reached the target.
    var reached: Set<String> = []
    var sourceAttempts = 0
    /// Whether somebody else has applied another commit since the one in force was taken: what is
    /// in force on a place is not known then.
    var isOvertaken = false
    /// What was last written down of each resource.
    var written: [Address: Digest] = [:]

    /// Places that are worked on.
    var busy: [String: Hold] = [:]
    /// Places to be looked at as soon as nobody works on them.
    var due: Set<String> = []
    /// Places whose last round could not be carried out, as when the state can't be written.
    var failed: Set<String> = []
    /// Whether it is to come to its end.
    var isStopping = false
    /// Places whose last look took too long, or failed.
    var laggards: Set<String> = []
    /// What a person wants brought about in the next round of each place.
    var urged: [String: Selection] = [:]
    /// Databases of which the inventory holds something, whatever git says.
    var formerPlaces: Set<String> = []
    var roundTasks: [Int: Task<Void, Never>] = [:]
    var roundCount = 0
    /// The rollout of the target, if it has one.
    var rolling = Rolling()

    /// The look at the branch that is under way: one that hangs holds up no round.
    private var following: Task<Void, Never>?
    private var nextSourceLook: ContinuousClock.Instant
    /// Until then no host is worked on before the branch has been looked at: what an earlier
    /// controller left may be overtaken. Nil once it has been.
    private var firstLookEnd: ContinuousClock.Instant?
    private var nextRound: ContinuousClock.Instant
    private var retry: ContinuousClock.Instant?
    private var nextClearing: ContinuousClock.Instant
    /// When a window opens or closes next.
    var windowAlarm = WindowAlarm()

    /// - Parameters:
    ///   - engine: what looks, plans and applies; its store is open for writing.
    ///   - loader: what reads trees.
    ///   - options: the branch to follow, and how.
    ///   - tell: told of what happens, from any task.
    package init(
        engine: Engine, loader: Loader, options: Options,
        telling tell: @escaping @Sendable (Occurrence) -> Void = { _ in }
    ) {
        self.engine = engine
        self.loader = loader
        self.options = options
        self.tell = tell
        nextSourceLook = clock.now
        nextRound = clock.now
        nextClearing = clock.now
    }

    /// How long the branch may take to answer for the first time.
    private static let firstLook = Duration.seconds(15)

    /// Works until the task is cancelled, then lets what is under way come to its end.
    ///
    /// - Parameters:
    ///   - standingBy: told once when another controller holds the lease.
    ///   - leading: told when it is this one that holds it.
    ///   - yielding: told when it is about to give it back.
    /// - Throws: when the lease is lost, or the state can't be read at the start.
    package func run(
        standingBy: @escaping @Sendable (LeaseHolder) -> Void,
        leading: @Sendable () throws(Failure) -> Void = {},
        yielding: @Sendable () -> Void = {}
    ) async throws(Failure) {
        let lease: Lease
        do throws(Failure) {
            lease = try await Lease.take(
                engine.store, for: options.actor, lasting: options.leaseDuration,
                patience: .endless(told: standingBy))
        } catch {
            // Whoever stands by has nothing to bring to an end.
            if Task.isCancelled { return }
            throw error
        }
        self.lease = lease
        var failure: Failure?
        do throws(Failure) {
            try leading()
            try await begin()
            firstLookEnd = clock.now + Self.firstLook
            while !Task.isCancelled {
                try await turn()
                await alarm.sleep(for: pause)
            }
        } catch {
            failure = error
        }
        isStopping = true
        for task in roundTasks.values { await task.value }
        await engine.pool.closeAll()
        yielding()
        await lease.release()
        self.lease = nil
        if let failure { throw failure }
    }

    /// Looks at the branch and at every host at once.
    ///
    /// - Parameter subjects: addresses or patterns of what is to be brought about now, whatever is
    ///   said of its drift, and whether it has failed before or not.
    package func sync(_ subjects: [String] = []) async {
        nextSourceLook = clock.now
        nextRound = clock.now
        if !subjects.isEmpty {
            for place in places { urged[place] = Selection(subjects) }
        }
        await alarm.ring()
    }

    /// Looks at the branch at once.
    package func lookAtSource() async {
        nextSourceLook = clock.now
        await alarm.ring()
    }

    /// Does what is due.
    private func turn() async throws(Failure) {
        try await engine.store.checkFence()
        if clock.now >= nextSourceLook, following == nil {
            following = Task { await self.lookAtBranch() }
        }
        if let retry, clock.now >= retry {
            self.retry = nil
            due.formUnion(retryable.union(failed))
            failed = []
        }
        guard target != nil else { return }
        if let firstLookEnd, clock.now < firstLookEnd { return }
        if clock.now >= nextClearing {
            nextClearing = clock.now + .seconds(86400)
            await forgetWhatIsOld()
        }
        if windowAlarm.hasRung(for: settings.windows, at: seconds) { due.formUnion(places) }
        if clock.now >= nextRound {
            nextRound = clock.now + .seconds(settings.reconcile.intervalSeconds)
            due.formUnion(places)
        }
        try await advanceRollout()
        startRound()
    }

    private func lookAtBranch() async {
        do throws(Failure) {
            if try await follow() { nextRound = clock.now }
        } catch {
            tell([
                Occurrence(
                    .failed, "controller", error.report.message,
                    revision: target?.revision.id ?? "", at: seconds)
            ])
        }
        // Only now are the settings of a new commit known.
        nextSourceLook = clock.now + sourceInterval
        following = nil
        firstLookEnd = nil
        await alarm.ring()
    }

    private var pause: Duration {
        let window = windowAlarm.secondsLeft(at: seconds).map { clock.now + .seconds($0) }
        let next = [
            following == nil ? nextSourceLook : nil, target == nil ? nil : nextRound, retry, window,
        ].compactMap(\.self).map { max($0, firstLookEnd ?? $0) }.min()
        let pause = max(.milliseconds(10), (next ?? clock.now + .seconds(1)) - clock.now)
        let isRolling = [.rolling, .reverting].contains(rolling.record?.state)
        return isRolling ? min(pause, .milliseconds(500)) : pause
    }

    /// A tenth more or less, so that many controllers do not ask at once.
    private var sourceInterval: Duration {
        let seconds = Double(settings.source.intervalSeconds)
        return .seconds(seconds * Double.random(in: 0.9...1.1))
    }

    var settings: Settings { target?.settings ?? Settings() }

    /// Every place that something is declared for, and the databases of apps that git declared
    /// once.
    var places: Set<String> {
        Set(target?.resources.map(\.server) ?? []).union(formerPlaces)
    }

    var seconds: Int { Int(Date.now.timeIntervalSince1970) }

    /// Lets the loop come back to what failed when its time has come.
    func retry(inSeconds seconds: Int) async {
        let instant = clock.now + .seconds(max(1, seconds))
        retry = retry.map { min($0, instant) } ?? instant
        await alarm.ring()
    }

    /// Places with something whose time to be tried again has come.
    private var retryable: Set<String> {
        let now = seconds
        let subjects = conditions.values.filter { $0.retryAt != nil && !$0.isPutOff(at: now) }
            .map(\.subject)
        let servers = Dictionary(
            target?.resources.map { ($0.address.description, $0.server) } ?? [],
            uniquingKeysWith: { first, _ in first })
        return Set(subjects.compactMap { servers[$0] })
    }

    func tell(_ occurrences: [Occurrence]) {
        for occurrence in occurrences { tell(occurrence) }
    }

    /// What it is and does now.
    package func snapshot() -> Snapshot {
        let untilRound = (nextRound - clock.now).components.seconds
        return Snapshot(
            source: options.source.title, branch: options.source.ref ?? "HEAD",
            head: head?.revision.id, target: target?.revision, lastGood: goodRevision,
            reached: reached.count, servers: places.count, busy: busy.keys.sorted(),
            rounds: roundCount,
            nextRoundAt: target == nil ? nil : seconds + max(0, Int(untilRound)),
            leaseToken: lease?.token, isReady: target != nil, rollout: rolling.record)
    }
}
