import NIOCore

/// Runs tasks on the threads that connections belong to: a request is never handed to a thread that
/// would have to wake up for it.
///
/// Source: swift.org/swift-evolution, SE-0417.
final class EventLoopExecutor: TaskExecutor {
    private let group: any EventLoopGroup

    /// - Parameter group: the threads; of a single loop, that one.
    init(_ group: any EventLoopGroup) {
        self.group = group
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        let executor = asUnownedTaskExecutor()
        // Any is this one, on a thread that is one.
        group.any().execute { job.runSynchronously(on: executor) }
    }
}
