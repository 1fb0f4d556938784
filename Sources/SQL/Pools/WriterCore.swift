internal import Synchronization

/// What the writer and its thread share.
final class WriterCore: Sendable {
    /// A write that waits for its commit.
    struct Job: Sendable {
        /// Does the work, and returns what tells the caller so.
        let perform: @Sendable (SQLiteDatabase) throws(SQLError) -> @Sendable () -> Void
        let fail: @Sendable (SQLError) -> Void
    }

    private struct State {
        var waiting = FirstInFirstOut<Job>()
        var isAsleep = false
        var isClosing = false
        var hasThread = false
        var whenEnded: [@Sendable () -> Void] = []
    }

    private let open: @Sendable () throws(SQLError) -> SQLiteDatabase
    private let queueLimit: Int
    private let batchLimit: Int
    private let state = Mutex(State())
    private let signal = Semaphore()

    init(
        open: @escaping @Sendable () throws(SQLError) -> SQLiteDatabase, queueLimit: Int,
        batchLimit: Int
    ) {
        self.open = open
        self.queueLimit = queueLimit
        self.batchLimit = batchLimit
    }

    // MARK: - From the callers

    func add(_ job: Job) {
        let (refusal, isAsleep, isFirst) = state.withLock { state -> (SQLError?, Bool, Bool) in
            guard !state.isClosing else {
                return (SQLError(.cannotOpen, "the writer is closed"), false, false)
            }
            guard state.waiting.count < queueLimit else {
                return (SQLError(.busy, "\(queueLimit) writes wait already"), false, false)
            }
            state.waiting.append(job)
            defer {
                state.isAsleep = false
                state.hasThread = true
            }
            return (nil, state.isAsleep, !state.hasThread)
        }
        if let refusal { return job.fail(refusal) }
        if isAsleep { signal.signal() }
        if isFirst { start() }
    }

    private func start() {
        do throws(SQLError) {
            try BlockingThread.start("sqlite-writer") { [self] in
                work()
                end()
            }
        } catch {
            let refused = state.withLock { $0.waiting.removeAll() }
            for job in refused { job.fail(error) }
            end()
        }
    }

    /// Refuses whatever comes.
    func refuse() {
        state.withLock { $0.isClosing = true }
        signal.signal()
    }

    /// Calls `body` once the thread has ended; `refuse` comes before.
    func whenEnded(_ body: @escaping @Sendable () -> Void) {
        let hasEnded = state.withLock { state in
            if state.hasThread { state.whenEnded.append(body) }
            return !state.hasThread
        }
        if hasEnded { body() }
    }

    private func end() {
        let bodies = state.withLock { state in
            state.hasThread = false
            defer { state.whenEnded = [] }
            return state.whenEnded
        }
        for body in bodies { body() }
    }

    // MARK: - On the thread

    private func work() {
        var database: SQLiteDatabase?
        while let jobs = next() {
            do throws(SQLError) {
                // What is written to a file that another has taken the place of is lost.
                if database?.hasMoved ?? false { database = nil }
                let current: SQLiteDatabase
                if let database { current = database } else { current = try open() }
                WriteBatch(jobs).commit(on: current)
                // One that could not even be rolled back is of no more use, nor is one that was
                // opened when the file could not be written: that may have changed.
                database = current.isInTransaction || current.isReadOnly ? nil : current
            } catch {
                for job in jobs { job.fail(error) }
            }
        }
    }

    /// All that wait, up to the limit; nil when nothing does and the writer closes.
    private func next() -> [Job]? {
        while true {
            let (jobs, isEnd) = state.withLock { state -> ([Job], Bool) in
                var jobs: [Job] = []
                while jobs.count < batchLimit, let job = state.waiting.popFirst() {
                    jobs.append(job)
                }
                state.isAsleep = jobs.isEmpty
                return (jobs, jobs.isEmpty && state.isClosing)
            }
            if !jobs.isEmpty { return jobs }
            if isEnd { return nil }
            signal.wait()
        }
    }
}
