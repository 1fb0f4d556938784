import NIOCore
import NIOPosix

/// Runs tasks on the threads that connections belong to: a task that is resumed by its connection
/// goes on where it is, and no request waits for another thread to wake up.
///
/// Source: swift.org/swift-evolution, SE-0417. NIO's own way, a hook in Swift's runtime, finds
/// nothing to hook in a program that the runtime is linked into.
final class EventLoopExecutor: TaskExecutor {
    private let group: MultiThreadedEventLoopGroup = .singleton

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        let executor = asUnownedTaskExecutor()
        // Any is this one, on a thread that is one.
        group.any().execute { job.runSynchronously(on: executor) }
    }
}
