/// Something that was done, to be written down for good.
package struct AuditEvent: Sendable, Equatable {
    /// Who did it: a Unix user, or the signed-in person.
    package var actor: String
    /// What was done, as `thing.verb`: `resource.created`.
    package var action: String
    /// What it was done to, such as an address.
    package var subject: String
    /// Canonical JSON; digests and redacted text only.
    package var detail: [UInt8]

    package init(
        actor: String, action: String, subject: String, detail: [UInt8] = Array("{}".utf8)
    ) {
        self.actor = actor
        self.action = action
        self.subject = subject
        self.detail = detail
    }
}
