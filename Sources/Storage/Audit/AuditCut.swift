package import Resources
internal import SQL

/// The record of a cut, as the log's entry `audit.cut` holds it: what was cut off the log's
/// beginning, which was written to a file before.
package struct AuditCut: Sendable, Equatable, Codable {
    /// The action of its entry.
    package static let action = "audit.cut"

    /// The first entry and the last that were cut.
    package var first: Int
    package var last: Int
    /// The hash of the last one, which the first that is kept holds as the one before it.
    package var hash: Digest

    package init(first: Int, last: Int, hash: Digest) {
        self.first = first
        self.last = last
        self.hash = hash
    }

    /// The cut after which the log begins; nil where it begins with its first entry, or where
    /// nothing says why it doesn't.
    static func last(in database: SQLiteDatabase) throws(SQLError) -> AuditCut? {
        let details = try database.all(
            "SELECT detail FROM audit WHERE action = ? ORDER BY sequence DESC", [.text(action)]
        ) { $0.bytes(0) ?? [] }
        return details.lazy.compactMap { try? CanonicalJSON.decode(Self.self, from: $0) }.first
    }
}
