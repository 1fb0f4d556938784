/// Which entries of the audit log to show; nil takes any.
package struct AuditFilter: Sendable, Equatable {
    package var subject: String?
    package var action: String?
    /// Seconds since 1970.
    package var since: Int?
    package var run: Int?

    package init(
        subject: String? = nil, action: String? = nil, since: Int? = nil, run: Int? = nil
    ) {
        self.subject = subject
        self.action = action
        self.since = since
        self.run = run
    }
}
