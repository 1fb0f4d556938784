import Controlling
import FoundationEssentials
import Glibc

/// A power cut on demand, for the test that kills a run at every one of its boundaries. Only debug
/// builds have it.
enum Interruption {
    #if DEBUG
        /// The boundary at which to die, counted from 1; 0 for never.
        private static let boundary =
            Int(ProcessInfo.processInfo.environment["STEAD_DIE_AT"] ?? "") ?? 0
        private static let passed = Counter()
    #endif

    /// Counts the boundaries of a run, and ends the process by SIGKILL at the chosen one.
    static func strike(_ event: RunEvent) {
        #if DEBUG
            guard boundary > 0, isBoundary(event), passed.next() == boundary else { return }
            kill(getpid(), SIGKILL)
        #endif
    }

    private static func isBoundary(_ event: RunEvent) -> Bool {
        switch event {
        case .stepStarted, .stepRan, .stepFinished, .transactionTested, .transactionUndone,
            .guardArmed, .guardConfirmed, .guardUndone, .rolloutTurn, .outcome, .recorded:
            true
        case .hostObserved, .hostStarted, .hostFinished, .settled: false
        }
    }
}

#if DEBUG
    import Synchronization

    /// Counts from 1, from any task.
    private final class Counter: Sendable {
        private let value = Atomic(0)

        func next() -> Int { value.add(1, ordering: .relaxed).newValue }
    }
#endif
