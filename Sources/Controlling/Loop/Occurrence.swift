import Resources
import Storage

/// Something that happened in the controller that a person may want to be told.
package struct Occurrence: Sendable, Equatable, Codable {
    /// What sort of thing.
    package enum Sort: String, Sendable, Codable, CaseIterable {
        /// A commit was taken, or one that had stalled is so no longer.
        case accepted
        /// A commit was not taken.
        case refused
        /// Something failed, and will be tried again.
        case failed
        /// Something failed, and needs a person.
        case stalled
        /// The host moved, and was left so.
        case drifted
        /// Drift was taken back.
        case corrected
        /// Something waits for a person.
        case held
        /// What had a condition has none any more.
        case recovered
        /// A commit has come to the next servers of its rollout.
        case progressed
        /// A commit was reached everywhere.
        case applied
        /// A host showed a key that is not pinned.
        case hostKey
    }

    package var sort: Sort
    /// An address, a commit, or `source`.
    package var subject: String
    /// One line, redacted.
    package var message: String
    /// The commit in force.
    package var revision: String
    /// Seconds since 1970.
    package var at: Int

    package init(
        _ sort: Sort, _ subject: String, _ message: String, revision: String, at: Int
    ) {
        self.sort = sort
        self.subject = subject
        self.message = Redactor.redactedMessage(message)
        self.revision = revision
        self.at = at
    }
}

extension Occurrence {
    /// What people are told of it; nil for what is nobody's business but the log's.
    var notice: Notice? {
        guard Settings.NotifyEvent(rawValue: sort.rawValue) != nil else { return nil }
        return Notice(
            event: sort.rawValue, subject: subject, message: message, revision: revision, at: at)
    }
}
