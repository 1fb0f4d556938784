import Identity
import Resources
import Storage

/// A new key for an app's tokens. Its encoding is documented in `docs/json.md`.
struct KeyRotation: Encodable {
    /// A key that signs no more, and whose tokens are accepted yet.
    struct Former: Encodable {
        var kid: String
        var acceptedUntil: String
    }

    var app: String
    var algorithm: String
    var kid: String
    var former: [Former]
    var isDryRun: Bool

    init(app: String, _ keys: KeySet, now: Int, isDry: Bool) {
        self.app = app
        algorithm = keys.current.algorithm.rawValue
        kid = keys.current.kid
        former = keys.retired.filter { now < $0.acceptedUntil }.map {
            Former(kid: $0.key.kid, acceptedUntil: Clock.text($0.acceptedUntil))
        }
        isDryRun = isDry
    }

    var text: String {
        var lines = [
            isDryRun
                ? "\(app): a new key (\(algorithm)) would sign tokens; nothing was done"
                : "\(app): tokens are signed by the key \(kid) (\(algorithm)) from now on"
        ]
        for key in former { lines.append("  tokens of \(key.kid) until \(key.acceptedUntil)") }
        if former.isEmpty { lines.append("  tokens of no other key are accepted") }
        return lines.joined(separator: "\n") + "\n"
    }

    /// What the audit log says of it.
    func event(actor: String) -> AuditEvent {
        let detail = (try? CanonicalJSON.encode(self)) ?? Array("{}".utf8)
        return AuditEvent(
            actor: actor, action: "key.rotated", subject: "app/\(app)", detail: detail)
    }
}
