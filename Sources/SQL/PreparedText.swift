internal import Synchronization

/// The text of a statement that is run often: each connection finds its compiled form by number,
/// without a look at the text.
package final class PreparedText: Sendable {
    package let sql: String
    /// No other text of this process has it, ever.
    package let id: Int

    /// Numbers can only be unique when they are given out in one place.
    private static let lastID = Atomic(0)

    package init(_ sql: String) {
        self.sql = sql
        id = Self.lastID.add(1, ordering: .relaxed).newValue
    }
}
