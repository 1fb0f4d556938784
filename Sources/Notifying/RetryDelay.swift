/// When what was not delivered is tried again.
enum RetryDelay {
    private static let longestSeconds = 600

    /// Twice as long each time, give or take, so that not all come back at once.
    static func seconds(after attempts: Int) -> Int {
        let whole = min(longestSeconds, 2 << min(attempts, 10))
        return Int.random(in: whole / 2...whole)
    }
}
