import Remote
import Resources

/// What every host's part of a run works with.
struct RunDesk: Sendable {
    let observer: HostObserver
    let pool: ConnectionPool
    let journal: any StepJournal
    let fence: Fence
    let guarding: Guarding
    let emit: @Sendable (RunEvent) -> Void
}
