import Identity
import Testing

@Suite("rate limits")
struct RateLimiterTests {
    @Test("a bucket gives its tokens at once, then one by one")
    func bucket() {
        let limiter = RateLimiter(capacity: 3, refillSeconds: 30)
        for _ in 0..<3 { #expect(limiter.take("a", now: .seconds(100)) == .allowed) }
        #expect(limiter.take("a", now: .seconds(100)) == .refused(retryAfterSeconds: 10))
        #expect(limiter.take("a", now: .milliseconds(109_999)) == .refused(retryAfterSeconds: 1))
        #expect(limiter.take("a", now: .seconds(110)) == .allowed)
        #expect(limiter.take("a", now: .seconds(110)) == .refused(retryAfterSeconds: 10))
        // Full again, and no fuller.
        for _ in 0..<3 { #expect(limiter.take("a", now: .seconds(1000)) == .allowed) }
        #expect(limiter.take("a", now: .seconds(1000)) == .refused(retryAfterSeconds: 10))
    }

    @Test("waiting as long as it says is enough, whatever the limit", arguments: [1, 3, 7, 1000])
    func retryAfter(_ capacity: Int) {
        let limiter = RateLimiter(capacity: capacity, refillSeconds: 60)
        for _ in 0..<capacity { #expect(limiter.take("a", now: .zero) == .allowed) }
        guard case .refused(let seconds) = limiter.take("a", now: .zero) else {
            Issue.record("a bucket gave more than it holds")
            return
        }
        #expect(limiter.take("a", now: .seconds(seconds)) == .allowed)
    }

    @Test("what is refused costs nothing, and a key nothing to another")
    func independent() {
        let limiter = RateLimiter(capacity: 1, refillSeconds: 10)
        #expect(limiter.take("a", now: .zero) == .allowed)
        for second in 1..<10 {
            #expect(
                limiter.take("a", now: .seconds(second))
                    == .refused(retryAfterSeconds: 10 - second))
        }
        #expect(limiter.take("b", now: .seconds(5)) == .allowed)
        #expect(limiter.take("a", now: .seconds(10)) == .allowed)
    }

    @Test("a clock that goes back gives nothing away")
    func backwards() {
        let limiter = RateLimiter(capacity: 1, refillSeconds: 10)
        #expect(limiter.take("a", now: .seconds(100)) == .allowed)
        #expect(limiter.take("a", now: .seconds(50)) == .refused(retryAfterSeconds: 60))
    }

    @Test("memory has a bound, and a key that is asked for often stays through a flood")
    func flood() {
        let limiter = RateLimiter(capacity: 2, refillSeconds: 1_000_000, maximumKeys: 100)
        for _ in 0..<2 { #expect(limiter.take("victim", now: .zero) == .allowed) }
        for index in 0..<5000 {
            _ = limiter.take("flood \(index)", now: .zero)
            if index % 40 == 0 { #expect(limiter.take("victim", now: .zero) != .allowed) }
            #expect(limiter.keyCount <= 100)
        }
    }

    @Test("threads never take more than there is")
    func threads() async {
        let limiter = RateLimiter(capacity: 100, refillSeconds: 1_000_000)
        let allowed = await withTaskGroup(of: Int.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    (0..<50).count { _ in limiter.take("a", now: .zero) == .allowed }
                }
            }
            return await group.reduce(0, +)
        }
        #expect(allowed == 100)
    }
}
