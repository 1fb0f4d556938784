/// Something that people are to be told, as it waits to be delivered.
package struct Notice: Sendable, Equatable {
    /// Given when it is kept; the same for every attempt and every target.
    package var id: String
    /// The order in which notices came.
    package var sequence: Int
    /// What happened: `stalled`, `drifted`.
    package var event: String
    /// What it happened to: an address, a commit, `source`.
    package var subject: String
    /// One line, redacted.
    package var message: String
    /// The commit in force.
    package var revision: String
    /// Seconds since 1970.
    package var at: Int

    package init(event: String, subject: String, message: String, revision: String, at: Int) {
        id = ""
        sequence = 0
        self.event = event
        self.subject = subject
        self.message = message
        self.revision = revision
        self.at = at
    }
}

/// A notice on its way to one target.
package struct Delivery: Sendable, Equatable {
    package var notice: Notice
    /// Names the target in the state.
    package var target: String
    /// Attempts so far, all of which have failed.
    package var attempts: Int
    /// Not before this, in seconds since 1970.
    package var retryAt: Int
}
