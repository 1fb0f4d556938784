internal import Synchronization

/// What the threads of a pool share; it outlives the pool until the last of them has ended.
final class PoolCore<Connection: Database>: Sendable {
    /// A call that waits for a connection.
    struct Job: Sendable {
        /// Runs it and answers the caller; false when the connection was dead before anything was
        /// sent, which the last chance reports like any other error.
        let perform: @Sendable (_ connection: Connection, _ isLastChance: Bool) -> Bool
        let fail: @Sendable (SQLError) -> Void
        let deadline: Int
    }

    struct State {
        var waiting = FirstInFirstOut<Job>()
        /// The workers without a job, the latest last.
        var idle: [Int] = []
        /// What each worker has been handed while it was idle.
        var assigned: [Job?]
        /// The workers whose thread is still to be made.
        var unstarted: [Int]
        var health = ConnectHealth()
        var isClosing = false
        /// Threads that have not ended, the watch included.
        var threads = 0
        var hasWatch = false
        var isWatchAsleep = false
        var whenEnded: [@Sendable () -> Void] = []

        init(size: Int) {
            assigned = Array(repeating: nil, count: size)
            unstarted = Array((0..<size).reversed())
        }
    }

    let name: String
    let queueLimit: Int
    let waitTimeoutMilliseconds: Int
    let connect: @Sendable () throws(SQLError) -> Connection
    let isLost: @Sendable (Connection) -> Bool
    let state: Mutex<State>
    /// Where each worker waits.
    let signals: [Semaphore]
    /// Where the watch waits.
    let watch = Semaphore()

    init(
        name: String, size: Int, queueLimit: Int, waitTimeoutMilliseconds: Int,
        connect: @escaping @Sendable () throws(SQLError) -> Connection,
        isLost: @escaping @Sendable (Connection) -> Bool
    ) {
        self.name = name
        self.queueLimit = queueLimit
        self.waitTimeoutMilliseconds = waitTimeoutMilliseconds
        self.connect = connect
        self.isLost = isLost
        state = Mutex(State(size: size))
        signals = (0..<size).map { _ in Semaphore() }
    }

    // MARK: - From the callers

    /// What has become of a job, to be acted upon outside the lock.
    private enum Placement {
        case handed(to: Int)
        case newWorker(Int)
        case waits(isWatchNew: Bool, isWatchAsleep: Bool)
        case refused(SQLError)
    }

    /// Hands a job to a worker, or lets it wait for one, or refuses it.
    func add(
        perform: @escaping @Sendable (Connection, Bool) -> Bool,
        fail: @escaping @Sendable (SQLError) -> Void
    ) {
        let deadline = MonotonicClock.milliseconds + waitTimeoutMilliseconds
        place(Job(perform: perform, fail: fail, deadline: deadline), isAgain: false)
    }

    /// Again, when a worker had it, but no connection for it: then it goes before the others.
    func place(_ job: Job, isAgain: Bool) {
        let placement = state.withLock { state -> Placement in
            self.placement(of: job, isAgain: isAgain, &state)
        }
        switch placement {
        case .handed(let worker): signals[worker].signal()
        case .refused(let error): job.fail(error)
        case .newWorker(let worker):
            start("\(name)-\(worker)") { core in
                core.work(worker)
            } orElse: { error in
                state.withLock { state in
                    state.assigned[worker] = nil
                    state.unstarted.append(worker)
                }
                job.fail(error)
            }
        case .waits(let isWatchNew, let isWatchAsleep):
            if isWatchAsleep { watch.signal() }
            guard isWatchNew else { return }
            start("\(name)-watch") { core in
                core.keepWatch()
            } orElse: { _ in
                state.withLock { $0.hasWatch = false }
            }
        }
    }

    private func placement(of job: Job, isAgain: Bool, _ state: inout State) -> Placement {
        guard !state.isClosing else { return .refused(closed) }
        if let worker = state.idle.popLast() {
            state.assigned[worker] = job
            return .handed(to: worker)
        }
        if !isAgain, let worker = state.unstarted.popLast() {
            state.assigned[worker] = job
            state.threads += 1
            return .newWorker(worker)
        }
        guard isAgain || state.waiting.count < queueLimit else {
            return .refused(SQLError(.busy, "\(queueLimit) calls wait for \(name) already"))
        }
        if isAgain { state.waiting.prepend(job) } else { state.waiting.append(job) }
        let isNew = !state.hasWatch
        state.hasWatch = true
        if isNew { state.threads += 1 }
        defer { state.isWatchAsleep = false }
        return .waits(isWatchNew: isNew, isWatchAsleep: state.isWatchAsleep)
    }

    private func start(
        _ name: String, _ body: @escaping @Sendable (PoolCore) -> Void,
        orElse: (SQLError) -> Void
    ) {
        do throws(SQLError) {
            try BlockingThread.start(name) { [self] in
                body(self)
                threadEnded()
            }
        } catch {
            orElse(error)
            threadEnded()
        }
    }

    /// Whether jobs wait for a worker.
    var isCrowded: Bool { state.withLock { $0.waiting.count > 0 } }

    var closed: SQLError { SQLError(.cannotOpen, "\(name) is closed") }

    /// Refuses what waits and whatever comes.
    func refuse() {
        let refused = state.withLock { state in
            state.isClosing = true
            return state.waiting.removeAll()
        }
        for job in refused { job.fail(closed) }
        for signal in signals + [watch] { signal.signal() }
    }

    /// Calls `body` once no thread is left; `refuse` comes before.
    func whenEnded(_ body: @escaping @Sendable () -> Void) {
        let hasEnded = state.withLock { state in
            if state.threads > 0 { state.whenEnded.append(body) }
            return state.threads == 0
        }
        if hasEnded { body() }
    }

    private func threadEnded() {
        let bodies = state.withLock { state in
            state.threads -= 1
            guard state.threads == 0, state.isClosing else { return [@Sendable () -> Void]() }
            defer { state.whenEnded = [] }
            return state.whenEnded
        }
        for body in bodies { body() }
    }
}
