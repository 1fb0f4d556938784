/// Whether something may be done now.
package enum RateDecision: Sendable, Hashable {
    case allowed
    /// Not before so many whole seconds have gone by, at least one: what `Retry-After` says.
    case refused(retryAfterSeconds: Int)
}
