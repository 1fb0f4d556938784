/// What a database refused, with its own words.
package struct SQLError: Error, Sendable, Equatable {
    /// What a caller may want to act on; the same for every engine.
    package enum Reason: Sendable, Equatable {
        /// A constraint that a row broke.
        case unique, foreignKey, notNull, check
        /// A trigger or a function of the database that refused, in the words of its author.
        case raised
        /// A value that is too long or too large for its column.
        case tooLong
        /// Text with characters that its column's character set doesn't have.
        case characters
        /// A value that its column's type doesn't have, or what no value of that type can be asked.
        case value
        /// Another connection holds a lock, and the busy timeout ran out.
        case busy
        /// Two transactions waited for each other; this one was rolled back and may be tried again.
        case deadlock
        /// The statement took longer than it may, and was ended.
        case timeout
        /// The server went away or ended the connection; what was under way may have been done.
        case connectionLost
        /// The database, its file or its folder can't be written.
        case readOnly
        /// The file can't be opened at all, or the server not be reached or signed in to.
        case cannotOpen
        case corrupt
        /// No space is left; the transaction has been rolled back.
        case full
        case notADatabase
        /// A table has changed under a statement that was compiled before; nothing was done, and
        /// it may be tried again.
        case outdated
        /// There is no table or column of this name, as where a schema has just been changed.
        case undefined
        case other
    }

    package var reason: Reason
    /// The engine's message, such as `UNIQUE constraint failed: users.email`.
    package var message: String

    package init(_ reason: Reason, _ message: String) {
        self.reason = reason
        self.message = message
    }
}

extension SQLError: CustomStringConvertible {
    package var description: String { message }
}
