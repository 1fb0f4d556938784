internal import Glibc

/// A thread of its own, for calls that block: Swift's and NIO's own threads must not.
package enum BlockingThread {
    /// Runs `body` on a new thread that ends with it.
    ///
    /// - Throws: `busy` when the system has no thread to give.
    package static func start(
        _ name: String, _ body: @escaping @Sendable () -> Void
    ) throws(SQLError) {
        let work = Unmanaged.passRetained(Work(name, body))
        var thread = pthread_t()
        let status = pthread_create(
            &thread, nil,
            { pointer in
                guard let pointer else { return nil }
                let work = Unmanaged<Work>.fromOpaque(pointer).takeRetainedValue()
                BlockingThread.setName(work.name)
                work.body()
                return nil
            }, work.toOpaque())
        guard status == 0 else {
            work.release()
            throw SQLError(.busy, "the system has no thread to give")
        }
        pthread_detach(thread)
    }

    private final class Work: Sendable {
        let name: String
        let body: @Sendable () -> Void

        init(_ name: String, _ body: @escaping @Sendable () -> Void) {
            self.name = name
            self.body = body
        }
    }

    /// Names the calling thread, for people with a debugger; Linux keeps 15 characters.
    private static func setName(_ name: String) {
        guard let file = fopen("/proc/thread-self/comm", "w") else { return }
        fputs(String(name.prefix(15)), file)
        fclose(file)
    }
}

/// A point on the clock that no one sets, in milliseconds.
enum MonotonicClock {
    static var milliseconds: Int {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return time.tv_sec * 1000 + time.tv_nsec / 1_000_000
    }
}

/// A counting semaphore: where one thread waits for another.
///
/// Unchecked, because the count is only touched under the POSIX mutex, the pointers never change,
/// and their memory is freed with the last owner, when nobody can wait there any more. POSIX's own
/// semaphores can only wait by the clock that people set.
final class Semaphore: @unchecked Sendable {
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private let condition: UnsafeMutablePointer<pthread_cond_t>
    private var count = 0

    init() {
        mutex = .allocate(capacity: 1)
        pthread_mutex_init(mutex, nil)
        condition = .allocate(capacity: 1)
        var attributes = pthread_condattr_t()
        pthread_condattr_init(&attributes)
        pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        pthread_cond_init(condition, &attributes)
        pthread_condattr_destroy(&attributes)
    }

    deinit {
        pthread_cond_destroy(condition)
        condition.deallocate()
        pthread_mutex_destroy(mutex)
        mutex.deallocate()
    }

    func signal() {
        pthread_mutex_lock(mutex)
        count += 1
        pthread_cond_signal(condition)
        pthread_mutex_unlock(mutex)
    }

    func wait() {
        pthread_mutex_lock(mutex)
        while count == 0 { pthread_cond_wait(condition, mutex) }
        count -= 1
        pthread_mutex_unlock(mutex)
    }

    /// Waits until signalled, or until the moment has come on the monotonic clock.
    func wait(untilMilliseconds moment: Int) {
        var time = timespec(tv_sec: moment / 1000, tv_nsec: moment % 1000 * 1_000_000)
        pthread_mutex_lock(mutex)
        while count == 0, pthread_cond_timedwait(condition, mutex, &time) == 0 {}
        if count > 0 { count -= 1 }
        pthread_mutex_unlock(mutex)
    }
}
