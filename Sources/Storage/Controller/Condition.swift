package import Resources

/// What stands between something and its being as git says. What has no condition is as it should
/// be, as far as was last seen.
package struct Condition: Sendable, Equatable, Codable {
    /// How it stands.
    package enum State: String, Sendable, Codable, CaseIterable {
        /// The host moved, and is left so: `drift: report`.
        case drifted
        /// Kept from being done: suspended, outside of its hours, not approved, denied.
        case held
        /// Something that it depends on is not as it should be.
        case waiting
        /// Failed for a reason that may pass by itself; tried again at `retryAt`.
        case retrying
        /// Failed for a reason that only a change of git, of the host, or a person takes away.
        case stalled
        /// Could not be looked at.
        case unknown
        /// It is as git says, and does not do its work: its health checks fail.
        case unhealthy
    }

    /// An address; `source` for the repository itself.
    package var subject: String
    package var state: State
    /// One line, redacted.
    package var message: String
    package var fix: String?
    /// The commit that was to be reached.
    package var revision: String
    /// What was desired and seen when it came about: a stalled resource is left alone as long as
    /// both stay so.
    package var desired: Digest?
    package var observed: Digest?
    /// How often in a row it has failed.
    package var attempts: Int
    /// Seconds since 1970.
    package var since: Int
    /// Seconds since 1970; nil when time alone changes nothing.
    package var retryAt: Int?

    package init(
        subject: String, _ state: State, _ message: String, fix: String? = nil, revision: String,
        desired: Digest? = nil, observed: Digest? = nil, attempts: Int = 0, since: Int,
        retryAt: Int? = nil
    ) {
        self.subject = subject
        self.state = state
        self.message = message
        self.fix = fix
        self.revision = revision
        self.desired = desired
        self.observed = observed
        self.attempts = attempts
        self.since = since
        self.retryAt = retryAt
    }
}

/// A subject that is left alone for a while, because a person said so.
package struct Suspension: Sendable, Equatable, Codable {
    /// An address, a pattern, `server/NAME` for everything on it, or `*` for everything.
    package var subject: String
    package var reason: String
    package var actor: String
    /// Seconds since 1970.
    package var since: Int
    /// When it ends by itself, in seconds since 1970; nil for never.
    package var until: Int?

    package init(subject: String, reason: String, actor: String, since: Int, until: Int?) {
        self.subject = subject
        self.reason = reason
        self.actor = actor
        self.since = since
        self.until = until
    }
}

/// A commit that the controller has seen, and what became of it.
package struct CommitRecord: Sendable, Equatable, Codable {
    /// What became of a commit.
    package enum Verdict: String, Sendable, Codable {
        /// Not taken: not signed as it must be, or not a successor of what is in force.
        case refused
        /// Its tree has errors.
        case invalid
        /// In force, and not yet reached everywhere.
        case accepted
        /// In force, with something that failed and is not tried again by itself.
        case stalled
        /// Reached everywhere: the last good one, if it is the last such.
        case applied
    }

    package var revision: Revision
    package var verdict: Verdict
    package var message: String?
    /// Who has signed it, where `source.verify` asks for that.
    package var signer: String?
    /// Seconds since 1970.
    package var seenAt: Int
    package var settledAt: Int?

    package init(
        revision: Revision, verdict: Verdict, message: String? = nil, signer: String? = nil,
        seenAt: Int, settledAt: Int? = nil
    ) {
        self.revision = revision
        self.verdict = verdict
        self.message = message
        self.signer = signer
        self.seenAt = seenAt
        self.settledAt = settledAt
    }
}

/// A plan that waits for a person, or was decided upon.
package struct HeldPlan: Sendable, Equatable {
    /// How far it is.
    package enum State: String, Sendable, Codable {
        case waiting, approved, rejected, applied
        /// What it was made of has changed since.
        case superseded
    }

    /// The plan's own id, 64 digits.
    package var id: String
    /// The plan, as canonical JSON.
    package var body: [UInt8]
    package var revision: String
    /// Why it waits.
    package var reason: String
    package var state: State
    /// Seconds since 1970.
    package var createdAt: Int
    package var decidedAt: Int?
    package var decidedBy: String?

    package init(
        id: String, body: [UInt8], revision: String, reason: String, state: State = .waiting,
        createdAt: Int
    ) {
        self.id = id
        self.body = body
        self.revision = revision
        self.reason = reason
        self.state = state
        self.createdAt = createdAt
    }
}
