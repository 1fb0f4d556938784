package import Diagnostics

/// The audit log, read page by page: a log of any length costs the memory of
/// one page.
package struct AuditEntries: AsyncSequence, Sendable {
    /// One entry at a time.
    package typealias Element = AuditEntry
    /// What reading the state throws.
    package typealias Failure = Diagnostics.Failure

    let store: StateStore
    let filter: AuditFilter
    /// The number of the last entry that is not wanted.
    let start: Int
    let pageSize: Int

    /// Starts from the first entry that is wanted.
    package func makeAsyncIterator() -> Iterator {
        Iterator(entries: self)
    }

    /// Reads the next page when the last one is used up.
    package struct Iterator: AsyncIteratorProtocol {
        private let entries: AuditEntries
        private var page: ArraySlice<AuditEntry> = []
        private var last: Int

        init(entries: AuditEntries) {
            self.entries = entries
            last = entries.start
        }

        /// The next entry, from the page in memory or from the state.
        package mutating func next() async throws(Diagnostics.Failure) -> AuditEntry? {
            try await next(isolation: nil)
        }

        /// The same, on the caller's actor.
        package mutating func next(
            isolation: isolated (any Actor)?
        ) async throws(Diagnostics.Failure) -> AuditEntry? {
            if page.isEmpty {
                page = try await entries.store.auditPage(
                    after: last, limit: entries.pageSize, matching: entries.filter)[...]
            }
            guard let entry = page.popFirst() else { return nil }
            last = entry.sequence
            return entry
        }
    }
}
