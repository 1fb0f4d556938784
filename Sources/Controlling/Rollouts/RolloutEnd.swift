/// A rollout of `stead apply` that did not come to its end.
package struct RolloutEnd: Sendable, Equatable {
    /// Where: `group 1 of 3 (tier=canary)`.
    package var group: String
    /// One line, redacted.
    package var reason: String
    /// Places that were not changed, as their turn never came.
    package var left: [String]
    /// What was brought back to what it was, as addresses.
    package var undone: [String] = []
    /// What could not be, as addresses.
    package var kept: [String] = []
}
