import Storage

/// When what failed is tried again: soon at first, then ever later, never all at once.
///
/// Source: "Exponential backoff and jitter", AWS Architecture Blog, 2015: equal jitter.
struct Backoff {
    let firstSeconds: Int
    let longestSeconds: Int

    /// Seconds to wait after so many failures in a row, from 1.
    func delay(
        after attempts: Int, using generator: inout some RandomNumberGenerator
    ) -> Int {
        let doublings = min(max(0, attempts - 1), 20)
        let whole = min(longestSeconds, firstSeconds << doublings)
        let half = max(1, whole / 2)
        return half + Int.random(in: 0...half, using: &generator)
    }
}

extension Condition {
    /// What failed is never put off for longer.
    static let longestDelaySeconds = 600

    /// Whether its time to be tried again is yet to come. One that lies further ahead than anything
    /// that failed is put off was set by a clock that has been put back since.
    func isPutOff(at seconds: Int) -> Bool {
        guard let retryAt, retryAt > seconds else { return false }
        return state != .retrying || retryAt - seconds <= Self.longestDelaySeconds
    }
}
