/// The row a query stands on: a view, good only inside the closure it is handed to.
///
/// Outside it, every column is null. Columns count from 0.
package protocol Row {
    var columnCount: Int { get }
    func isNull(_ column: Int) -> Bool
    /// The column as an integer; nil for null.
    func integer(_ column: Int) -> Int?
    /// The column as a floating-point number; nil for null.
    func real(_ column: Int) -> Double?
    /// The column as text; nil for null.
    ///
    /// Bytes that are not UTF-8 become U+FFFD.
    func text(_ column: Int) -> String?
    /// Lends the column's bytes without a copy, text in UTF-8; empty for null.
    func withBytes<Result>(_ column: Int, _ body: (UnsafeRawBufferPointer) -> Result) -> Result
    /// The column as what it is.
    func value(_ column: Int) -> SQLValue
}

extension Row {
    /// A copy of the column's bytes; nil for null.
    package func bytes(_ column: Int) -> [UInt8]? {
        isNull(column) ? nil : withBytes(column) { Array($0) }
    }

    /// The text of a column that can't be null.
    ///
    /// - Throws: `corrupt` when it is.
    package func requiredText(_ column: Int) throws(SQLError) -> String {
        guard let text = text(column) else { throw missing(column) }
        return text
    }

    /// The integer of a column that can't be null.
    ///
    /// - Throws: `corrupt` when it is.
    package func requiredInteger(_ column: Int) throws(SQLError) -> Int {
        guard let integer = integer(column) else { throw missing(column) }
        return integer
    }

    private func missing(_ column: Int) -> SQLError {
        SQLError(.corrupt, "column \(column) is null where it can't be")
    }
}
