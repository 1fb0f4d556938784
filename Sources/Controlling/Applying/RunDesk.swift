import Remote
import Resources

/// What every host's part of a run works with.
struct RunDesk: Sendable {
    let observer: HostObserver
    let pool: ConnectionPool
    let journal: any StepJournal
    let fence: Fence
    let guarding: Guarding
    /// From when on what is not begun any more, in seconds since 1970.
    let closings: [Address: Int]
    let emit: @Sendable (RunEvent) -> Void
}
