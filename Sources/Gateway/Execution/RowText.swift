import SQL

/// Writes a row as a JSON object, and gives it its version.
struct RowText {
    private let shown: [ServedColumn]
    private let readable: [ServedColumn]

    /// - Parameters:
    ///   - table: what the row is of; all of its columns are in the row, in order.
    ///   - fields: those asked for; nil for all.
    ///   - role: whose eyes they are for.
    init(_ table: ServedTable, fields: [ServedColumn]?, role: String) {
        readable =
            table.isForAllEyes ? table.columns : table.columns.filter { $0.isReadable(by: role) }
        guard let fields else {
            shown = readable
            return
        }
        let wanted = Set(fields.map(\.index))
        shown = readable.filter { wanted.contains($0.index) }
    }

    /// Writes the row's members without the closing brace, so that others may follow.
    func write(_ row: some Row, to text: inout WireText) {
        Self.write(shown, of: row, to: &text)
    }

    /// The same for a row that was read before.
    func write(_ row: RowWriting.Written, to text: inout WireText) {
        write(KeptRow(values: row.values), to: &text)
    }

    /// Writes the row like `write`, and returns its version.
    func writeVersioned(_ row: some Row, to text: inout WireText) -> UInt64 {
        let start = text.count
        write(row, to: &text)
        // What was written is what the version is a digest of, where nothing was left out.
        return shown.count == readable.count
            ? ETag.digest(of: text.bytes[start...]) : version(of: row)
    }

    /// The row's version: a digest of all columns that the caller may read, shown or not.
    ///
    /// Of no others: it would tell something of what they hold.
    func version(of row: some Row) -> UInt64 {
        var scratch = WireText(capacity: 512)
        Self.write(readable, of: row, to: &scratch)
        return ETag.digest(of: scratch.bytes)
    }

    private static func write(
        _ columns: [ServedColumn], of row: some Row, to text: inout WireText
    ) {
        text.byte(UInt8(ascii: "{"))
        var isFirst = true
        for column in columns {
            if !isFirst { text.byte(UInt8(ascii: ",")) }
            isFirst = false
            text.raw(column.label)
            ValueWriting.write(row, column.index, column.type, to: &text)
        }
    }
}

/// Versions of rows.
enum ETag {
    /// A strong entity tag: a digest in quotes.
    ///
    /// Source: RFC 9110, section 8.8.3.
    static func text(_ digest: UInt64) -> String {
        var text = WireText(capacity: 24)
        text.byte(UInt8(ascii: "\""))
        text.hexadecimal(digest)
        text.byte(UInt8(ascii: "\""))
        return text.written
    }

    /// A digest of 64 bits.
    ///
    /// Source: the folded multiplication is wyhash's (Wang Yi, 2019).
    static func digest(of bytes: ArraySlice<UInt8>) -> UInt64 {
        var hash = UInt64(bytes.count) ^ 0xA076_1D64_78BD_642F
        bytes.withUnsafeBytes { bytes in
            let words = bytes.count & ~7
            for offset in stride(from: 0, to: words, by: 8) {
                fold(&hash, bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
            }
            var rest: UInt64 = 0
            for byte in bytes[words...] { rest = rest << 8 | UInt64(byte) }
            fold(&hash, rest)
        }
        return hash
    }

    private static func fold(_ hash: inout UInt64, _ word: UInt64) {
        let product = (hash ^ word.littleEndian).multipliedFullWidth(by: 0xE703_7ED1_A0B4_28DB)
        hash = (product.high ^ product.low) &+ word
    }

    /// Whether a header is a list of tags, or `*`.
    ///
    /// Source: RFC 9110, section 8.8.3.
    static func isList(_ header: String) -> Bool {
        header == "*"
            || header.utf8.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
                .allSatisfy { part in
                    var tag = part.drop { $0 == 0x20 }
                    while tag.last == 0x20 { tag.removeLast() }
                    if tag.starts(with: "W/".utf8) { tag = tag.dropFirst(2) }
                    return tag.count >= 2 && tag.first == 0x22 && tag.last == 0x22
                        && tag.dropFirst().dropLast().allSatisfy {
                            $0 == 0x21 || (0x23...0x7E).contains($0)
                        }
                }
    }

    /// Whether a header names a version: a list of tags, or `*` for any.
    ///
    /// Source: RFC 9110, section 13.1.
    static func matches(_ header: String, _ version: UInt64) -> Bool {
        let etag = text(version)
        return header.split(separator: ",").contains { part in
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
