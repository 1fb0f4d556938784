package import Controlling
package import Resources
package import Storage

/// What `GET /v1/status` answers.
package struct ControllerStatus: Codable, Sendable {
    package var controller: Controller.Snapshot
    /// Everything that is not as it should be.
    package var conditions: [Condition]
    package var suspensions: [Suspension]
}

/// What `POST /v1/suspend` is told.
package struct SuspendRequest: Codable, Sendable {
    package var subject: String
    package var reason: String
    /// Seconds since 1970; nil for no end.
    package var until: Int?

    package init(subject: String, reason: String, until: Int?) {
        self.subject = subject
        self.reason = reason
        self.until = until
    }
}

/// What `POST /v1/sync` is told.
package struct SyncRequest: Codable, Sendable {
    /// What is to be brought about now; empty for a look at everything.
    package var subjects: [String]

    package init(subjects: [String]) {
        self.subjects = subjects
    }
}

/// What `POST /v1/sync` answers.
package struct SyncAnswer: Codable, Sendable {
    package var subjects: [String]
    /// The commit whose rollout had stopped, and is tried again.
    package var retried: String?
}

/// What `POST /v1/forget` is told.
package struct ForgetRequest: Codable, Sendable {
    /// A server's name.
    package var server: String
    package var reason: String

    package init(server: String, reason: String) {
        self.server = server
        self.reason = reason
    }
}

/// What `POST /v1/forget` answers.
package struct ForgetAnswer: Codable, Sendable {
    package var server: String
    /// What was owned there, the server itself with it.
    package var forgotten: [Address]

    package init(server: String, forgotten: [Address]) {
        self.server = server
        self.forgotten = forgotten
    }
}

/// What is named in a request about one thing.
package struct SubjectRequest: Codable, Sendable {
    package var subject: String

    package init(subject: String) {
        self.subject = subject
    }
}

/// Why a request was not done.
package struct ControlRefusal: Codable, Sendable {
    package var message: String
    package var fix: String?
}
