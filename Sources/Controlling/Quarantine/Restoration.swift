package import Resources
import Storage

/// What is to be brought back.
package struct RestoreRequest: Sendable, Codable {
    package var address: Address
    /// The beginning of a quarantined thing's id, where there are several of the address.
    package var id: String?

    package init(_ address: Address, id: String? = nil) {
        self.address = address
        self.id = id
    }
}

/// What was brought back.
package struct Restoration: Sendable, Codable {
    package var address: Address
    package var server: String
    /// Paths on the host, or what it is in words.
    package var restored: [String]
    /// The revision that it was last applied from: it has the document.
    package var revision: String
    /// Whether it is declared by now, and Stead keeps it as its document says.
    package var isOwned: Bool

    init(_ entry: QuarantineEntry, _ restored: [String], isOwned: Bool) {
        self.isOwned = isOwned
        address = entry.address
        server = entry.server
        self.restored = restored
        revision = entry.revision
    }
}
