import Diagnostics
import Glibc
import Synchronization

/// A thread of its own that runs an actor's code and, in between, waits in poll(2) for what that
/// code waits for. C libraries and system calls can so be used from `async` code without a thread
/// of Swift's pool being held.
///
/// The thread lives while there is something to run or to wait for, and starts again when needed.
///
/// `@unchecked Sendable`: what any thread may touch stands in `shared`, behind its lock; `waiters`
/// and `lastWaiter` are touched only by the loop's thread, since `wait` and `notify` are called by
/// the actors that run on it.
final class PollLoop: SerialExecutor, TaskExecutor, @unchecked Sendable {
    /// What a waiter waits for on a descriptor, in poll(2)'s bits.
    struct Interest {
        var descriptor: Int32
        var events: Int32
    }

    /// What a waiter waits for that is no descriptor.
    enum Condition {
        /// Bytes came in on the connection, perhaps read on behalf of somebody else.
        case received
        /// A packet that was half sent is out.
        case sent
        /// The connection is free for the next call.
        case turn
        /// The connection is free for the next channel request.
        case request
        /// A name was resolved.
        case resolved
        /// A call has ended.
        case ended
    }

    /// Why a wait ended.
    enum Wake {
        case ready
        case timedOut
        case cancelled
    }

    /// Somebody who waits: from the first moment, though the continuation comes a little later.
    private struct Waiter {
        var id: Int
        var interests: [Interest]
        var condition: Condition?
        var deadline: Deadline?
        var continuation: CheckedContinuation<Wake, Never>?
        /// Set when the wait ended before its continuation came.
        var wake: Wake?
    }

    private enum Post {
        case cancel(Int)
        case notify(Condition)
    }

    private struct Shared {
        var jobs: [UnownedJob] = []
        var posts: [Post] = []
        var hasThread = false
        var isPolling = false
    }

    private let shared = Mutex(Shared())
    private let waker: Descriptor
    private let wakee: Descriptor
    private var waiters: [Waiter] = []
    private var lastWaiter = 0

    /// - Throws: `transient` when the process has no descriptor left.
    init() throws(Failure) {
        (waker, wakee) = try Descriptor.pair()
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        post { $0.jobs.append(job) }
    }

    /// Waits until one of `interests` is ready, `condition` is notified, or `deadline` has passed.
    /// What happens after the call and before the caller sleeps counts too. Called only by actors
    /// that run on this loop.
    func wait(
        _ interests: [Interest] = [], for condition: Condition? = nil, until deadline: Deadline?,
        isolation: isolated (any Actor)? = #isolation
    ) async -> Wake {
        guard !Task.isCancelled else { return .cancelled }
        lastWaiter += 1
        let id = lastWaiter
        waiters.append(
            Waiter(id: id, interests: interests, condition: condition, deadline: deadline))
        return await withTaskCancellationHandler {
            // Without this preference whoever waited would come back by way of Swift's pool: two
            // thread switches more, and a long wait when the pool is busy. It makes the task hop
            // on this very thread, though, and others run in between.
            await withTaskExecutorPreference(self, isolation: isolation) {
                await withCheckedContinuation(isolation: isolation) { sleep(id, $0) }
            }
        } onCancel: {
            post { $0.posts.append(.cancel(id)) }
        }
    }

    private func sleep(_ id: Int, _ continuation: CheckedContinuation<Wake, Never>) {
        guard let index = waiters.firstIndex(where: { $0.id == id }) else {
            preconditionFailure("a waiter leaves only by its continuation")
        }
        if let wake = waiters[index].wake {
            waiters.remove(at: index)
            continuation.resume(returning: wake)
        } else {
            waiters[index].continuation = continuation
        }
    }

    /// Wakes everybody who waits for `condition`. Called only by actors that run on this loop.
    func notify(_ condition: Condition) {
        resume(.ready) { $0.condition == condition }
    }

    /// Wakes everybody who waits for `condition`, from any thread.
    func notifyFromOutside(_ condition: Condition) {
        post { $0.posts.append(.notify(condition)) }
    }

    /// Wakes everybody, whatever they wait for. Called only by actors that run on this loop.
    func notifyAll() {
        resume(.ready) { _ in true }
    }

    private func resume(_ wake: Wake, where isMeant: (Waiter) -> Bool) {
        var sleeping: [CheckedContinuation<Wake, Never>] = []
        for index in waiters.indices where waiters[index].wake == nil && isMeant(waiters[index]) {
            waiters[index].wake = wake
            if let continuation = waiters[index].continuation { sleeping.append(continuation) }
        }
        guard !sleeping.isEmpty else { return }
        waiters.removeAll { $0.wake != nil && $0.continuation != nil }
        for continuation in sleeping { continuation.resume(returning: wake) }
    }
}

// MARK: - The thread

extension PollLoop {
    private func post(_ change: (inout Shared) -> Void) {
        let (needsThread, needsWake) = shared.withLock { shared in
            change(&shared)
            defer { shared.hasThread = true }
            return (!shared.hasThread, shared.isPolling)
        }
        if needsThread {
            startThread()
        } else if needsWake {
            _ = waker.write([0])
        }
    }

    private func startThread() {
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        defer { pthread_attr_destroy(&attributes) }
        pthread_attr_setstacksize(&attributes, 512 << 10)
        pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
        let context = Unmanaged.passRetained(self).toOpaque()
        var thread = pthread_t()
        var attempts = 0
        let body: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = {
            guard let context = $0 else { return nil }
            Unmanaged<PollLoop>.fromOpaque(context).takeRetainedValue().runThread()
            return nil
        }
        // A job can't be refused: when the system is short of threads, wait for one.
        while pthread_create(&thread, &attributes, body, context) != 0 {
            attempts += 1
            precondition(attempts < 1000, "the system gives this process no thread")
            usleep(10_000)
        }
    }

    private func runThread() {
        // Signals are for the main thread. A blocked SIGPIPE also makes a write to a process
        // that has ended return EPIPE instead of ending this one.
        var signals = sigset_t()
        sigfillset(&signals)
        pthread_sigmask(SIG_BLOCK, &signals, nil)
        while let (jobs, posts) = nextWork() {
            for post in posts { carryOut(post) }
            for job in jobs { job.runSynchronously(on: asUnownedSerialExecutor()) }
            if jobs.isEmpty && posts.isEmpty { pollOnce() }
        }
    }

    /// What has been handed in since the last call; nil when the thread can end.
    private func nextWork() -> ([UnownedJob], [Post])? {
        shared.withLock { shared in
            shared.isPolling = shared.jobs.isEmpty && shared.posts.isEmpty
            if shared.isPolling && waiters.isEmpty {
                shared.isPolling = false
                shared.hasThread = false
                return nil
            }
            defer {
                shared.jobs = []
                shared.posts = []
            }
            return (shared.jobs, shared.posts)
        }
    }

    private func carryOut(_ post: Post) {
        switch post {
        case .cancel(let id): resume(.cancelled) { $0.id == id }
        case .notify(let condition): notify(condition)
        }
    }

    private func pollOnce() {
        var entries = [pollfd(fd: wakee.number, events: Int16(POLLIN), revents: 0)]
        for interest in waiters.lazy.flatMap(\.interests) {
            entries.append(
                pollfd(fd: interest.descriptor, events: Int16(interest.events), revents: 0))
        }
        let timeout = waiters.compactMap(\.deadline).min()?.milliseconds ?? -1
        let count = poll(&entries, nfds_t(entries.count), timeout)
        shared.withLock { $0.isPolling = false }
        if count > 0, entries[0].revents != 0 { _ = wakee.read(limit: 64) }
        wakeWaiters(entries.dropFirst().map { count > 0 && $0.revents != 0 })
    }

    /// Resumes whoever waits for a descriptor that is ready, then whoever has waited too long.
    private func wakeWaiters(_ isReady: [Bool]) {
        var position = 0
        var ready: Set<Int> = []
        for waiter in waiters {
            let end = position + waiter.interests.count
            if isReady[position..<end].contains(true) { ready.insert(waiter.id) }
            position = end
        }
        resume(.ready) { ready.contains($0.id) }
        resume(.timedOut) { $0.deadline?.isPast ?? false }
    }
}
