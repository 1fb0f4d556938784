/// How connecting has been going: after a failure, nobody tries again at once.
struct ConnectHealth {
    /// How many workers hold a connection.
    private(set) var connected = 0
    private var failures = 0
    private var last: SQLError?
    /// When the next try is due, in milliseconds of the monotonic clock.
    private(set) var nextTry = 0
    private var isTrying = false

    /// The longest pause between two tries.
    static let longestPauseMilliseconds = 1000

    /// What to report without a try; nil when a try is due, which then counts as under way.
    mutating func refusal(at moment: Int) -> SQLError? {
        guard let last else { return nil }
        // One worker asks a server that has failed; the others need not wait for its answer.
        guard moment >= nextTry, !isTrying else { return last }
        isTrying = true
        return nil
    }

    mutating func succeeded() {
        connected += 1
        self = Self(connected: connected)
    }

    mutating func failed(_ error: SQLError, at moment: Int) {
        last = error
        isTrying = false
        nextTry = moment + min(Self.longestPauseMilliseconds, 50 << min(failures, 5))
        failures += 1
    }

    mutating func disconnected() { connected -= 1 }

    init() {}

    private init(connected: Int) { self.connected = connected }
}
