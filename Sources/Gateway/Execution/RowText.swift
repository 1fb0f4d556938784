import SQL

/// Writes a row as a JSON object, and gives it its version.
struct RowText {
    private let shown: [Bool]
    private let table: ServedTable

    /// - Parameters:
    ///   - table: what the row is of; all of its columns are in the row, in order.
    ///   - fields: those asked for; nil for all.
    ///   - role: whose eyes they are for.
    init(_ table: ServedTable, fields: [ServedColumn]?, role: String) {
        self.table = table
        let wanted = fields.map { Set($0.map(\.index)) }
        shown = table.columns.map { column in
            column.isReadable(by: role) && (wanted?.contains(column.index) ?? true)
        }
    }

    /// Writes the row's members without the closing brace, so that others may follow.
    func write(_ row: some Row, to text: inout JSONText) {
        text.byte(UInt8(ascii: "{"))
        var isFirst = true
        for column in table.columns where shown[column.index] {
            if !isFirst { text.byte(UInt8(ascii: ",")) }
            isFirst = false
            text.raw(column.label)
            ValueWriting.write(row, column.index, column.type, to: &text)
        }
    }

    /// The same for a row that was read before.
    func write(_ row: RowWriting.Written, to text: inout JSONText) {
        write(KeptRow(values: row.values), to: &text)
    }

    /// The row's version: a digest of all its columns, those not shown among them.
    static func etag(_ row: some Row, of table: ServedTable) -> String {
        var scratch = JSONText(capacity: 512)
        for column in table.columns {
            ValueWriting.write(row, column.index, column.type, to: &scratch)
            scratch.byte(UInt8(ascii: ","))
        }
        return ETag.text(of: scratch.bytes)
    }
}

/// Versions of rows.
enum ETag {
    /// A strong entity tag: FNV-1a of 64 bits, in quotes.
    ///
    /// Source: RFC 9110, section 8.8.3; draft-eastlake-fnv.
    static func text(of bytes: [UInt8]) -> String {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        let digits = String(hash, radix: 16)
        return "\"" + String(repeating: "0", count: 16 - digits.count) + digits + "\""
    }

    /// Whether a header names a version: a list of tags, or `*` for any.
    ///
    /// Source: RFC 9110, section 13.1.
    static func matches(_ header: String, _ etag: String) -> Bool {
        header.split(separator: ",").contains { part in
            let tag = part.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed()
            let text = String(tag)
            return text == "*" || text == etag || text == "W/" + etag
        }
    }
}

/// A row's values, read before, as if it still stood there.
struct KeptRow: Row {
    let values: [SQLValue]

    var columnCount: Int { values.count }

    func isNull(_ column: Int) -> Bool { values[column] == .null }

    func integer(_ column: Int) -> Int? {
        switch values[column] {
        case .integer(let value): value
        case .real(let value): Int(exactly: value)
        case .text(let text): Int(text)
        default: nil
        }
    }

    func real(_ column: Int) -> Double? {
        switch values[column] {
        case .integer(let value): Double(value)
        case .real(let value): value
        case .text(let text): Double(text)
        default: nil
        }
    }

    func text(_ column: Int) -> String? {
        if case .null = values[column] { nil } else { values[column].pathText }
    }

    func withBytes<Result>(_ column: Int, _ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        if case .blob(let bytes) = values[column] { return bytes.withUnsafeBytes(body) }
        return Array((text(column) ?? "").utf8).withUnsafeBytes(body)
    }

    func value(_ column: Int) -> SQLValue { values[column] }
}
