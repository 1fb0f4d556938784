import Storage

/// A suspension, for `stead status` and `stead suspend`.
struct SuspensionLine: Encodable {
    var subject: String
    var reason: String
    var actor: String
    /// ISO 8601, as `until` is.
    var since: String
    var until: String?

    init(_ suspension: Suspension) {
        subject = suspension.subject
        reason = suspension.reason
        actor = suspension.actor
        since = Clock.text(suspension.since)
        until = suspension.until.map(Clock.text)
    }
}
