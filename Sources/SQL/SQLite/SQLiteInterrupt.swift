internal import CSQLite
internal import Synchronization

/// Ends what a connection is doing, from any thread, as long as there is the connection.
package final class SQLiteInterrupt: Sendable {
    /// The connection's address; nil once it is closed. The lock is held while SQLite is called,
    /// so that it can't be closed meanwhile.
    private let address: Mutex<UInt?>

    init(_ handle: OpaquePointer) {
        address = Mutex(UInt(bitPattern: handle))
    }

    /// Ends the statement that runs now, if one does; it throws `timeout`.
    package func callAsFunction() {
        address.withLock { address in
            guard let handle = address.flatMap(OpaquePointer.init(bitPattern:)) else { return }
            sqlite3_interrupt(handle)
        }
    }

    func forget() { address.withLock { $0 = nil } }
}

/// How long the statements of one connection may take.
///
/// The clock is first read after a thousand steps of SQLite's machine, so that a short statement
/// costs nothing.
final class SQLiteDeadline {
    private struct State {
        var limit = 0
        /// When the statement that runs must have ended; nil before its first thousand steps.
        var moment: Int?
    }

    /// A statement further up the stack, that goes on when an inner one has ended.
    struct Outer {
        fileprivate let moment: Int?
    }

    private let handle: OpaquePointer
    private let state: UnsafeMutablePointer<State>
    private static let stepsBetweenLooks: Int32 = 1000

    init(_ handle: OpaquePointer) {
        self.handle = handle
        state = .allocate(capacity: 1)
        state.initialize(to: State())
    }

    deinit { state.deallocate() }

    /// 0 for no limit.
    var limitMilliseconds: Int {
        get { state.pointee.limit }
        set {
            state.pointee.limit = max(newValue, 0)
            guard newValue > 0 else { return forget() }
            sqlite3_progress_handler(
                handle, Self.stepsBetweenLooks,
                { pointer in
                    guard let state = pointer?.assumingMemoryBound(to: State.self) else { return 0 }
                    let now = MonotonicClock.milliseconds
                    guard let moment = state.pointee.moment else {
                        state.pointee.moment = now + state.pointee.limit
                        return 0
                    }
                    return now >= moment ? 1 : 0
                }, state)
        }
    }

    /// Takes the look at the clock away.
    func forget() { sqlite3_progress_handler(handle, 0, nil, nil) }

    /// A statement begins.
    func begin() -> Outer {
        defer { state.pointee.moment = nil }
        return Outer(moment: state.pointee.moment)
    }

    func end(_ outer: Outer) { state.pointee.moment = outer.moment }
}
