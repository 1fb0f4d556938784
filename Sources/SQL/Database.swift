/// One connection to a database, of any engine.
///
/// Not `Sendable`: a connection belongs to one actor or one thread, and the compiler proves it.
/// Statements are compiled once for each connection and kept under their text, so text is constant
/// and values are bound, never written into it. Placeholders are `?`, in order.
package protocol Database: AnyObject, SendableMetatype {
    associatedtype RowView: Row

    /// Runs one statement and returns how many rows it inserted, updated or deleted.
    @discardableResult
    func execute(_ sql: String, _ values: [SQLValue]) throws(SQLError) -> Int

    /// Runs one statement and hands `body` each row as it comes.
    func query(
        _ sql: String, _ values: [SQLValue], _ body: (RowView) throws(SQLError) -> Void
    ) throws(SQLError)

    /// Runs one statement and returns how many rows it inserted, updated or deleted.
    @discardableResult
    func execute(_ text: PreparedText, _ values: [SQLValue]) throws(SQLError) -> Int

    /// Runs one statement and hands `body` each row as it comes.
    func query(
        _ text: PreparedText, _ values: [SQLValue], _ body: (RowView) throws(SQLError) -> Void
    ) throws(SQLError)

    /// Like `query`, but a server's answer is never held as a whole: for many rows. Until the last
    /// one, the connection is good for nothing else.
    func stream(
        _ text: PreparedText, _ values: [SQLValue], _ body: (RowView) throws(SQLError) -> Void
    ) throws(SQLError)

    /// Compiles one statement without running it, and returns its columns' names.
    @discardableResult func check(_ sql: String) throws(SQLError) -> [String]

    /// A transaction is open, or a failed one has not been undone.
    var isInTransaction: Bool { get }

    /// How many statements have been sent, transactions' own left out.
    var sentStatements: Int { get }

    /// Runs constant text, without values, rows or placeholders: pragmas and definitions.
    func script(_ sql: String) throws(SQLError)

    /// Runs `body` in a transaction, or a savepoint of an open one: all is kept, or nothing.
    func transaction<Result>(
        _ mode: TransactionMode, _ body: () throws(SQLError) -> Result
    ) throws(SQLError) -> Result
}

/// What a transaction is for.
///
/// A savepoint inherits that of the transaction it lies in.
package enum TransactionMode: Sendable {
    /// Reads that must see one state of the database.
    case reading
    /// Writes that survive the death of the process; a power cut may take the latest of them.
    case writing
    /// Writes that survive a power cut once `transaction` has returned.
    case durable
}

extension Database {
    /// Runs one statement without values.
    @discardableResult
    @inlinable
    package func execute(_ sql: String) throws(SQLError) -> Int {
        try execute(sql, [])
    }

    /// All rows, each made into a value.
    @inlinable
    package func all<Element>(
        _ sql: String, _ values: [SQLValue] = [], _ make: (RowView) throws(SQLError) -> Element
    ) throws(SQLError) -> [Element] {
        var elements: [Element] = []
        try query(sql, values) { row throws(SQLError) in
            elements.append(try make(row))
        }
        return elements
    }

    /// The first row, made into a value; nil when there is none.
    ///
    /// Write `LIMIT 1` where there may be more: the rest are stepped over.
    @inlinable
    package func first<Element>(
        _ sql: String, _ values: [SQLValue] = [], _ make: (RowView) throws(SQLError) -> Element
    ) throws(SQLError) -> Element? {
        var element: Element?
        try query(sql, values) { row throws(SQLError) in
            if element == nil { element = try make(row) }
        }
        return element
    }

    /// All rows, each made into a value.
    @inlinable
    package func all<Element>(
        _ text: PreparedText, _ values: [SQLValue] = [],
        _ make: (RowView) throws(SQLError) -> Element
    ) throws(SQLError) -> [Element] {
        var elements: [Element] = []
        try query(text, values) { row throws(SQLError) in
            elements.append(try make(row))
        }
        return elements
    }

    /// The first row, made into a value; nil when there is none.
    @inlinable
    package func first<Element>(
        _ text: PreparedText, _ values: [SQLValue] = [],
        _ make: (RowView) throws(SQLError) -> Element
    ) throws(SQLError) -> Element? {
        var element: Element?
        try query(text, values) { row throws(SQLError) in
            if element == nil { element = try make(row) }
        }
        return element
    }
}
