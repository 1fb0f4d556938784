extension Settings {
    /// What people may be told of.
    package enum NotifyEvent: String, Sendable, Equatable, Codable, CaseIterable {
        case failed, stalled, drifted, recovered, held, refused, hostKey
    }

    /// An address on the web, in the settings or in a file beside the controller.
    package enum WebAddress: Sendable, Equatable {
        case url(String)
        /// The path of a file that holds it, for one with a token in it.
        case file(String)
    }

    /// Where mail goes, and by which server.
    package struct Mail: Sendable, Equatable {
        package var to: [String] = []
        package var from = ""
        /// `smtp://HOST:PORT`, or `smtps://` for TLS from the first byte.
        package var smtp = ""
        /// Nil for `from`, where there is a password.
        package var user: String?
        package var passwordFile: String?

        package init() {}
    }

    /// One who is told; exactly one of `webhook`, `slack` and `email` is there.
    package struct NotifyTarget: Sendable, Equatable {
        package var webhook: WebAddress?
        package var slack: WebAddress?
        package var email: Mail?
        /// What a webhook's messages are signed with.
        package var secretFile: String?
        /// Certificates to trust in place of the system's.
        package var caFile: String?
        /// Patterns of subjects to tell of; none stands for all.
        package var include: [String] = []
        package var exclude: [String] = []
        /// None stands for all.
        package var events: [NotifyEvent] = []

        package init() {}
    }

    /// What becomes of the audit log.
    package struct Audit: Sendable, Equatable {
        package var forward: Forward?

        package init() {}
    }

    /// Where the audit log is taken; exactly one of `syslog` and `webhook` is there.
    package struct Forward: Sendable, Equatable {
        /// `tcp://HOST:PORT` or `tls://HOST:PORT`.
        package var syslog: String?
        package var webhook: WebAddress?
        package var secretFile: String?
        package var caFile: String?

        package init() {}
    }
}
