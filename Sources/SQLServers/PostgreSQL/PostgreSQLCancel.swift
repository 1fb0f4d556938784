internal import CPostgreSQL
package import SQL

/// Ends what a connection is doing, from any thread, whether or not the connection still is.
///
/// Unchecked, because libpq lets any number of threads use a PGcancel, which never changes
/// (manual, 34.7), and it is freed with the last owner.
package final class PostgreSQLCancel: @unchecked Sendable {
    private let handle: OpaquePointer?

    init(_ connection: OpaquePointer) {
        handle = PQgetCancel(connection)
    }

    deinit { PQfreeCancel(handle) }

    /// Ends the statement that runs now, if one does; it throws `timeout`.
    ///
    /// Blocks until the server has taken note; the request itself is never encrypted.
    /// - Throws: `cannotOpen` when the server can't be reached.
    package func callAsFunction() throws(SQLError) {
        var message = [CChar](repeating: 0, count: 256)
        guard PQcancel(handle, &message, Int32(message.count)) == 0 else { return }
        let bytes = message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
        throw SQLError(.cannotOpen, String(decoding: bytes, as: UTF8.self).trimmingLineBreaks)
    }
}
