/// The last attempt to reach a server.
package struct HostSighting: Sendable, Equatable {
    package var server: String
    /// Why it could not be reached; nil when it could.
    package var failure: String?
    /// When that was, in seconds since 1970.
    package var at: Int
    /// When it was last reached, in seconds since 1970; nil for never.
    package internal(set) var reachedAt: Int?

    package init(server: String, failure: String?, at: Int) {
        self.server = server
        self.failure = failure
        self.at = at
        self.reachedAt = failure == nil ? at : nil
    }
}
