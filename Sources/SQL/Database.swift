/// One connection to a database, of any engine.
///
/// Not `Sendable`: a connection belongs to one actor or one thread, and the compiler proves it.
/// Statements are compiled once for each connection and kept under their text, so text is constant
/// and values are bound, never written into it. Placeholders are `?`, in order.
package protocol Database: AnyObject {
    associatedtype RowView: Row

    /// Runs one statement and returns how many rows it inserted, updated or deleted.
    @discardableResult
    func execute(_ sql: String, _ values: [SQLValue]) throws(SQLError) -> Int

    /// Runs one statement and hands `body` each row as it comes.
    func query(
        _ sql: String, _ values: [SQLValue], _ body: (RowView) throws(SQLError) -> Void
    ) throws(SQLError)

    /// Runs constant text, without values, rows or placeholders: pragmas and definitions.
    func script(_ sql: String) throws(SQLError)

    /// Runs `body` in a transaction, or in a savepoint when one is open already: all of it is
    /// kept, or, when it throws, nothing.
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
    package func execute(_ sql: String) throws(SQLError) -> Int {
        try execute(sql, [])
    }

    /// All rows, each made into a value.
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
    package func first<Element>(
        _ sql: String, _ values: [SQLValue] = [], _ make: (RowView) throws(SQLError) -> Element
    ) throws(SQLError) -> Element? {
        var element: Element?
        try query(sql, values) { row throws(SQLError) in
            if element == nil { element = try make(row) }
        }
        return element
    }
}
