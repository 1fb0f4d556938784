import SQL
import Synchronization

/// The sign-ins that have ended while their tokens could still be good, as far as this gateway
/// knows.
///
/// The database knows them all. A request that brings a sign-in has them read when what is known
/// is too old, so that nothing is asked while nobody comes, and none is served on what was known
/// long ago.
final class SessionEnds: Sendable {
    private struct State {
        /// When each ended, in seconds since 1970.
        var ends: [String: Int] = [:]
        /// When the last reading began; nil before the first.
        var readAt: Int?
        /// Whether somebody reads: meanwhile the others take what is known.
        var isReading = false
    }

    private let state = Mutex(State())

    /// After so many seconds one request reads what is new.
    private static let pauseSeconds = 2
    /// After so many seconds no request is served before it was read.
    private static let limitSeconds = 5
    /// How much earlier than the last reading the next one begins: other gateways' clocks may go
    /// wrong, and what they write takes its time.
    private static let overlapSeconds = 300

    /// What is to be read before a request is served.
    struct Reading: Sendable {
        /// Since when, in seconds since 1970.
        var since: Int
        /// When the reading begins.
        var now: Int
        /// Whether the request must be refused when it can't be read.
        var isNeeded: Bool
    }

    /// What a request has to read; nil when what is known will do.
    ///
    /// - Parameters:
    ///   - now: seconds since 1970.
    ///   - keep: for how many seconds an end matters.
    /// - Returns: what to read; `take` or `giveUp` must follow.
    func reading(now: Int, keep: Int) -> Reading? {
        state.withLock { state in
            guard let readAt = state.readAt else {
                return Reading(since: now - keep, now: now, isNeeded: true)
            }
            // A clock that was set back makes it unknown how old this is.
            let age = now >= readAt ? now - readAt : Self.limitSeconds
            let since = min(readAt, now) - Self.overlapSeconds
            if age >= Self.limitSeconds {
                return Reading(since: since, now: now, isNeeded: true)
            }
            guard age >= Self.pauseSeconds, !state.isReading else { return nil }
            state.isReading = true
            return Reading(since: since, now: now, isNeeded: false)
        }
    }

    /// What a reading found.
    func take(_ found: [(session: String, endedAt: Int)], of reading: Reading, keep: Int) {
        state.withLock { state in
            for (session, endedAt) in found { state.ends[session] = endedAt }
            state.ends = state.ends.filter { $0.value > reading.now - keep }
            state.readAt = max(state.readAt ?? 0, reading.now)
            if !reading.isNeeded { state.isReading = false }
        }
    }

    /// A reading found nothing out.
    func giveUp(_ reading: Reading) {
        guard !reading.isNeeded else { return }
        state.withLock { $0.isReading = false }
    }

    /// This gateway itself has ended a sign-in.
    func add(_ session: String, now: Int) {
        state.withLock { $0.ends[session] = now }
    }

    func contains(_ session: String) -> Bool {
        state.withLock { $0.ends[session] != nil }
    }
}

/// Reads which sign-ins have ended since a second.
struct FindEnds: DatabaseTask {
    let app: ServedApp
    let since: Int

    func run<D: Database>(on database: D) throws(APIError) -> [(session: String, endedAt: Int)] {
        try SessionStorage(app.engine).ends(since: since, on: database)
    }
}
