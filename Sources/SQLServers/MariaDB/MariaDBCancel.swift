package import SQL

/// Ends what a connection is doing, from any thread, whether or not the connection still is.
package struct MariaDBCancel: Sendable {
    private let settings: ServerSettings
    private let thread: UInt

    init(_ settings: ServerSettings, thread: UInt) {
        self.settings = settings
        self.thread = thread
    }

    /// Ends the statement that runs now, if one does; it throws `timeout`.
    ///
    /// Blocks: it connects to the server a second time.
    /// - Throws: `cannotOpen` when the server can't be reached; `other` when the connection has
    ///   ended.
    package func callAsFunction() throws(SQLError) {
        try MariaDBDatabase(settings).script("KILL QUERY \(thread)")
    }
}
