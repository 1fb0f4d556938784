package import Diagnostics

/// A server that has left git before what is on it.
package enum UndeclaredServer {
    /// What is said of it.
    ///
    /// - Parameters:
    ///   - name: the server's.
    ///   - count: how many resources Stead still keeps on it.
    /// - Returns: the words, and what to do.
    package static func report(_ name: String, keeping count: Int) -> Failure.Report {
        .init(
            "it is no longer declared, and Stead still keeps \(count.counted("resource")) on it",
            fix: "put its document back until they have been removed or moved; or, if it is gone "
                + "for good, `stead forget \(name)`")
    }
}
