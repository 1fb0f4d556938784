import CPosix
import Glibc
import Synchronization

/// Ends a talk with a git server that says nothing any more: libgit2 itself waits without end.
///
/// The talk has a thread of its own, with descriptors of its own, so that whatever socket is there
/// is the talk's. When nothing has been heard for too long, the thread gets a signal whose handler
/// shuts its sockets down, and the library's call ends with an error.
///
/// Source: close_range(2) on `CLOSE_RANGE_UNSHARE`; signal-safety(7), which allows shutdown(2).
final class GitWatch: Sendable {
    private let silence: Duration
    private let lastSign = Mutex(ContinuousClock.now)

    private init(silenceSeconds: Int) {
        silence = .seconds(silenceSeconds)
    }

    /// To be called whenever the server says something.
    func hear() { lastSign.withLock { $0 = .now } }

    private var isSilent: Bool { lastSign.withLock { ContinuousClock.now - $0 >= silence } }

    /// Runs a talk to its end. What it opens is open in its thread alone.
    ///
    /// - Returns: whether it had to be cut off, as nothing was heard for so long.
    static func run(
        silenceSeconds: Int, _ talk: @escaping @Sendable (GitWatch) -> Void
    ) -> Bool {
        installHandler
        let watch = GitWatch(silenceSeconds: silenceSeconds)
        let work = Unmanaged.passRetained(Talk { talk(watch) })
        var thread = pthread_t()
        let body: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = {
            guard let pointer = $0 else { return nil }
            let work = Unmanaged<Talk>.fromOpaque(pointer).takeRetainedValue()
            var signals = sigset_t()
            sigemptyset(&signals)
            sigaddset(&signals, SIGURG)
            pthread_sigmask(SIG_UNBLOCK, &signals, nil)
            if close_range(3, .max, 2) == 0 { work.body() }
            return nil
        }
        guard pthread_create(&thread, nil, body, work.toOpaque()) == 0 else {
            work.release()
            return false
        }
        var wasCut = false
        while true {
            var moment = timespec()
            clock_gettime(CLOCK_MONOTONIC, &moment)
            moment.tv_sec += 1
            if pthread_clockjoin_np(thread, nil, CLOCK_MONOTONIC, &moment) == 0 { return wasCut }
            guard watch.isSilent else { continue }
            wasCut = true
            pthread_kill(thread, SIGURG)
        }
    }

    private final class Talk: Sendable {
        let body: @Sendable () -> Void

        init(_ body: @escaping @Sendable () -> Void) {
            self.body = body
        }
    }

    /// Without `SA_RESTART`, so that a call that waits ends with EINTR. Nobody else uses this
    /// signal, which does nothing by itself.
    private static let installHandler: Void = {
        var action = sigaction()
        action.__sigaction_handler.sa_handler = { _ in
            let code = errno
            for descriptor in Int32(3)..<256 { shutdown(descriptor, Int32(SHUT_RDWR)) }
            errno = code
        }
        sigaction(SIGURG, &action, nil)
    }()
}
