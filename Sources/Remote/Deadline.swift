import Glibc

/// A moment after which nobody waits any longer.
struct Deadline: Sendable, Comparable {
    private let instant: ContinuousClock.Instant

    static func after(seconds: Int) -> Deadline {
        Deadline(instant: .now + .seconds(seconds))
    }

    static func after(milliseconds: Int) -> Deadline {
        Deadline(instant: .now + .milliseconds(milliseconds))
    }

    static func < (left: Deadline, right: Deadline) -> Bool {
        left.instant < right.instant
    }

    var isPast: Bool { instant <= .now }

    /// What is left, rounded up, in the form that poll(2) takes.
    var milliseconds: Int32 {
        let left = (instant - .now).components
        guard left.seconds >= 0, left.attoseconds >= 0 else { return 0 }
        let milliseconds = left.seconds * 1000 + left.attoseconds / 1_000_000_000_000_000 + 1
        return Int32(clamping: milliseconds)
    }
}
