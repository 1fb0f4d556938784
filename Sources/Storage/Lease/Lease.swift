package import Diagnostics
internal import Synchronization

/// The right to change hosts and the state: one process at a time has it.
///
/// It is a row of the state database with a token that grows. Its holder shows that it lives by
/// renewing it; a holder that is dead is followed at once where that can be seen, and otherwise
/// once it has shown nothing for as long as a lease lasts, by the follower's own monotonic clock.
/// A holder that only slept finds its token too small, in the state and on every host.
///
/// Source: Martin Kleppmann, "How to do distributed locking", on fencing tokens.
package final class Lease: Sendable {
    /// Who waits for a lease that somebody holds.
    package enum Patience: Sendable {
        /// Nobody: that it is held is an error.
        case none
        /// A standby, told once of whom it waits for.
        case endless(told: @Sendable (LeaseHolder) -> Void)
    }

    package let token: Int
    /// Names the state on its hosts.
    package let state: String
    private let store: StateStore
    private let renewal = Mutex<Task<Void, Never>?>(nil)

    /// Takes the lease of a state, now or when it becomes free.
    ///
    /// - Parameters:
    ///   - store: the state, which from then on writes only under this lease.
    ///   - title: what takes it, for people.
    ///   - duration: how long a lease lasts without a sign of life.
    ///   - patience: whether to wait for it.
    /// - Returns: the lease, which renews itself until it is released.
    /// - Throws: `waiting` when it is held and nobody waits, `transient` when the task is
    ///   cancelled, or what the state says.
    package static func take(
        _ store: StateStore, for title: String, lasting duration: Duration = .seconds(15),
        patience: Patience = .none
    ) async throws(Failure) -> Lease {
        let clock = ContinuousClock()
        var seen = try await store.lease()
        var unchangedSince = clock.now
        var isTold = false
        while true {
            let isFree = seen.holder.map { $0.isAlive == false } ?? true
            if isFree || clock.now - unchangedSince >= duration {
                let holder = LeaseHolder.current(title, since: await store.seconds)
                if let token = try await store.takeLease(seen, for: holder) {
                    return await Lease(store, token, seen.state, lasting: duration)
                }
            } else if let holder = seen.holder {
                switch patience {
                case .none: throw held(by: holder)
                case .endless(let told):
                    if !isTold { told(holder) }
                    isTold = true
                }
            }
            do { try await clock.sleep(for: duration / 10) } catch {
                throw .transient(.init("no longer waiting for the lease"))
            }
            let now = try await store.lease()
            if now != seen { (seen, unchangedSince) = (now, clock.now) }
        }
    }

    private init(
        _ store: StateStore, _ token: Int, _ state: String, lasting duration: Duration
    ) async {
        self.store = store
        self.token = token
        self.state = state
        await store.fence(token)
        let task = Task { await Self.renew(token, of: store, every: duration / 3) }
        renewal.withLock { $0 = task }
    }

    deinit {
        renewal.withLock { $0?.cancel() }
    }

    /// A state that can't be written for a moment is tried again: the fence holds meanwhile.
    private static func renew(_ token: Int, of store: StateStore, every interval: Duration) async {
        while (try? await Task.sleep(for: interval)) != nil {
            if let isOurs = try? await store.renewLease(token), !isOurs { return }
        }
    }

    /// Gives it back, so that the next need not wait.
    package func release() async {
        renewal.withLock { $0?.cancel() }
        try? await store.releaseLease(token)
        await store.fence(nil)
    }

    private static func held(by holder: LeaseHolder) -> Failure {
        .waiting(
            .init(
                "another run is in progress (\(holder.description))",
                fix: "wait until it has ended; a controller does not end by itself: push the "
                    + "change, ask it with `stead sync`, or stop it first"),
            retryAfterSeconds: nil)
    }
}
