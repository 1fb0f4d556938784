package import SQL

/// One row of a PostgreSQL result.
package struct PostgreSQLRow: Row {
    let result: PostgreSQLResult
    let row: Int

    // Source: pg_type.dat.
    private static let bool: UInt32 = 16
    private static let bytea: UInt32 = 17
    private static let integers: [UInt32] = [20, 21, 23, 26]
    private static let reals: [UInt32] = [700, 701]

    package var columnCount: Int { result.columnCount }

    /// See `Row.isNull`.
    package func isNull(_ column: Int) -> Bool { result.isNull(row, column) }

    /// See `Row.integer`. True is 1.
    package func integer(_ column: Int) -> Int? {
        guard !isNull(column) else { return nil }
        let bytes = result.bytes(row, column)
        if result.type(column) == Self.bool { return bytes.first == UInt8(ascii: "t") ? 1 : 0 }
        return Self.integer(bytes)
    }

    /// A number as the server writes it; a String in between would cost more than the rest.
    private static func integer(_ text: UnsafeRawBufferPointer) -> Int? {
        let isNegative = text.first == UInt8(ascii: "-")
        let digits = isNegative ? text.dropFirst() : text[...]
        guard !digits.isEmpty else { return nil }
        var value = 0
        for byte in digits {
            guard (0x30...0x39).contains(byte) else { return nil }
            let (tens, isTooLarge) = value.multipliedReportingOverflow(by: 10)
            // Below zero all the way: there is one more number than above.
            let (next, isTooLow) = tens.subtractingReportingOverflow(Int(byte - 0x30))
            guard !isTooLarge, !isTooLow else { return nil }
            value = next
        }
        return isNegative ? value : value == .min ? nil : -value
    }

    /// See `Row.real`.
    package func real(_ column: Int) -> Double? { text(column).flatMap(Double.init) }

    /// See `Row.text`.
    package func text(_ column: Int) -> String? {
        isNull(column) ? nil : withBytes(column) { String(decoding: $0, as: UTF8.self) }
    }

    /// See `Row.withBytes`.
    package func withBytes<Result>(
        _ column: Int, _ body: (UnsafeRawBufferPointer) -> Result
    ) -> Result {
        let bytes = result.bytes(row, column)
        guard bytes.count >= 2, result.type(column) == Self.bytea else { return body(bytes) }
        return Self.decoded(bytes).withUnsafeBytes(body)
    }

    /// See `Row.value`. Decimals, times and the rest are text.
    package func value(_ column: Int) -> SQLValue {
        guard !isNull(column) else { return .null }
        let type = result.type(column)
        if type == Self.bool || Self.integers.contains(type) { return SQLValue(integer(column)) }
        if Self.reals.contains(type) { return real(column).map(SQLValue.real) ?? .null }
        if type == Self.bytea { return .blob(bytes(column) ?? []) }
        return SQLValue(text(column))
    }

    /// `\x` and two hexadecimal digits a byte.
    private static func decoded(_ text: UnsafeRawBufferPointer) -> [UInt8] {
        func digit(_ byte: UInt8) -> UInt8 { byte < 0x3A ? byte - 0x30 : byte - 0x57 }
        return stride(from: 2, to: text.count - 1, by: 2).map {
            digit(text[$0]) << 4 | digit(text[$0 + 1])
        }
    }
}
