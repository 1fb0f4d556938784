import Resources
import Storage

/// Something in quarantine, as `stead restore --list` shows it. Stable; documented in
/// `docs/json.md`.
struct QuarantineLine: Encodable {
    var id: String
    var address: Address
    var server: String
    var items: [Loss]
    /// The revision that it was last applied from.
    var revision: String
    /// ISO 8601, as `keptUntil` is.
    var deletedAt: String
    var keptUntil: String

    init(_ entry: QuarantineEntry) {
        id = entry.id
        address = entry.address
        server = entry.server
        items = entry.losses
        revision = entry.revision
        deletedAt = Clock.text(entry.deletedAt ?? entry.notedAt)
        keptUntil = Clock.text(entry.keptUntil)
    }
}
