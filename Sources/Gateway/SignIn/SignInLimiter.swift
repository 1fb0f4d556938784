import Identity

/// How often one may try to sign in, by account and by address.
///
/// An account is counted by the text of its login and by the row that it finds: a database may take
/// many texts for the same.
final class SignInLimiter: Sendable {
    private let accounts: RateLimiter
    private let people: RateLimiter
    private let addresses: RateLimiter

    /// Ten tries at an account at once, then one in half a minute; thirty from an address, then
    /// one in two seconds.
    init() {
        accounts = RateLimiter(capacity: 10, refillSeconds: 300)
        people = RateLimiter(capacity: 10, refillSeconds: 300)
        addresses = RateLimiter(capacity: 30, refillSeconds: 60)
    }

    private var now: Duration { .nanoseconds(Clock.ticks) }

    /// - Throws: 429 when it was too often.
    func take(address: String) throws(APIError) {
        try check(addresses.take(address, now: now))
    }

    /// A try at an account of an app.
    ///
    /// - Throws: 429 when it was too often.
    func take(account: String, of app: String) throws(APIError) {
        try check(accounts.take("\(app)\n\(account.lowercased())", now: now))
    }

    /// A try at the row that a login has found.
    ///
    /// - Throws: 429 when it was too often.
    func take(person: String, of app: String) throws(APIError) {
        try check(people.take("\(app)\n\(person)", now: now))
    }

    private func check(_ decision: RateDecision) throws(APIError) {
        guard case .refused(let seconds) = decision else { return }
        throw APIError(
            429, "too_many_requests", "too many tries: wait a while", retryAfterSeconds: seconds)
    }
}
