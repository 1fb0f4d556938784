internal import Synchronization

/// A token bucket for each key, such as an account or an address.
///
/// A bucket holds `capacity` tokens and fills again, evenly, within `refillSeconds`. It is kept as
/// one number, the moment at which it will be full (the generic cell rate algorithm, ITU-T I.371),
/// under a hash of its key, so memory depends neither on the length of keys nor on how many there
/// were: about `maximumKeys` are remembered, and those asked for least lately are forgotten first.
package final class RateLimiter: Sendable {
    package let capacity: Int
    package let refillSeconds: Int
    package let maximumKeys: Int
    private let buckets: Mutex<Buckets>

    /// A limiter whose buckets are all full; each number must be at least 1, `maximumKeys` 2.
    package init(capacity: Int, refillSeconds: Int, maximumKeys: Int = 100_000) {
        precondition(capacity > 0 && refillSeconds > 0 && maximumKeys > 1, "a limit is too small")
        self.capacity = capacity
        self.refillSeconds = refillSeconds
        self.maximumKeys = maximumKeys
        buckets = Mutex(Buckets(generationSize: maximumKeys / 2))
    }

    /// Takes a token of the key's bucket, if it holds one; what is refused costs nothing.
    ///
    /// `now` is the time since any fixed moment, by a clock that never goes back.
    package func take(_ key: String, now: Duration) -> RateDecision {
        let now = Self.microseconds(now)
        let refill = max(1, refillSeconds * 1_000_000 / capacity)
        // Seeded by the process, so nobody outside can find two keys that share a bucket.
        let hash = key.hashValue
        return buckets.withLock { buckets in
            let fullAt = max(buckets[hash] ?? now, now)
            let wait = fullAt + refill - now - refill * capacity
            // Refused keys are kept as long as others, or a flood would have them forgotten.
            buckets[hash] = wait <= 0 ? fullAt + refill : fullAt
            guard wait <= 0 else {
                return .refused(retryAfterSeconds: (wait + 999_999) / 1_000_000)
            }
            return .allowed
        }
    }

    /// How many keys are remembered now.
    package var keyCount: Int { buckets.withLock(\.count) }

    private static func microseconds(_ time: Duration) -> Int {
        let (seconds, attoseconds) = time.components
        return Int(seconds) * 1_000_000 + Int(attoseconds / 1_000_000_000_000)
    }
}
