internal import Synchronization

/// What the threads of a pool do.
extension PoolCore {
    /// A worker's life: one job after another, on a connection that never leaves its thread.
    func work(_ worker: Int) {
        var connection: Connection?
        while let job = next(worker) {
            if serve(job, &connection) { continue }
            // Others have connections, and take its jobs until it may try again.
            let moment = state.withLock { $0.health.nextTry }
            signals[worker].wait(
                untilMilliseconds: max(moment, MonotonicClock.milliseconds + 50))
        }
        drop(&connection)
    }

    /// The next job, which it waits for; nil once the pool closes.
    private func next(_ worker: Int) -> Job? {
        while true {
            let (job, isEnd) = state.withLock { state -> (Job?, Bool) in
                if let job = state.assigned[worker] {
                    state.assigned[worker] = nil
                    return (job, false)
                }
                if state.isClosing { return (nil, true) }
                if let job = state.waiting.popFirst() { return (job, false) }
                if !state.idle.contains(worker) { state.idle.append(worker) }
                return (nil, false)
            }
            if job != nil || isEnd { return job }
            signals[worker].wait()
        }
    }

    /// Runs a job on a connection that lives; false when this worker has none, but others do.
    private func serve(_ job: Job, _ connection: inout Connection?) -> Bool {
        if let idle = connection, isLost(idle) { drop(&connection) }
        for isLastChance in [false, true] {
            switch connection.map(Result.success) ?? open() {
            case .failure(let error): return fail(job, error)
            case .success(let open):
                connection = open
                let isDone = job.perform(open, isLastChance)
                // What a caller left half done must not be the next one's beginning.
                if !isDone || open.isInTransaction { drop(&connection) }
                if isDone { return true }
            }
        }
        return true
    }

    private func open() -> Result<Connection, SQLError> {
        let refusal = state.withLock { $0.health.refusal(at: MonotonicClock.milliseconds) }
        if let refusal { return .failure(refusal) }
        do throws(SQLError) {
            let connection = try connect()
            state.withLock { $0.health.succeeded() }
            return .success(connection)
        } catch {
            state.withLock { $0.health.failed(error, at: MonotonicClock.milliseconds) }
            return .failure(error)
        }
    }

    /// Without a connection: reports it, or leaves the job to a worker that has one.
    private func fail(_ job: Job, _ error: SQLError) -> Bool {
        let hasOthers = state.withLock { $0.health.connected > 0 }
        guard hasOthers, MonotonicClock.milliseconds < job.deadline else {
            job.fail(error)
            return true
        }
        place(job, isAgain: true)
        return false
    }

    private func drop(_ connection: inout Connection?) {
        guard connection != nil else { return }
        connection = nil
        state.withLock { $0.health.disconnected() }
    }

    /// Refuses the jobs that have waited for too long; asleep while none waits.
    func keepWatch() {
        while true {
            let (expired, moment, isEnd) = state.withLock { state -> ([Job], Int?, Bool) in
                let now = MonotonicClock.milliseconds
                var expired: [Job] = []
                while let first = state.waiting.first, first.deadline <= now {
                    _ = state.waiting.popFirst()
                    expired.append(first)
                }
                state.isWatchAsleep = state.waiting.first == nil
                return (expired, state.waiting.first?.deadline, state.isClosing)
            }
            for job in expired {
                job.fail(
                    SQLError(
                        .busy, "\(name) had no connection for \(waitTimeoutMilliseconds) ms"))
            }
            if isEnd { return }
            if let moment {
                watch.wait(untilMilliseconds: moment)
            } else {
                watch.wait()
            }
        }
    }
}
