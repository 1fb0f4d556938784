import FoundationEssentials
import SQL
import Schemas

/// Writes values of the database as JSON: the same bytes on every engine.
enum ValueWriting {
    /// Writes one column of a row.
    ///
    /// - Parameters:
    ///   - row: where it stands.
    ///   - index: the column's place in the row.
    ///   - type: what it holds.
    ///   - text: where it goes.
    static func write(_ row: some Row, _ index: Int, _ type: ColumnType, to text: inout WireText) {
        guard !row.isNull(index) else {
            text.raw("null")
            return
        }
        switch type.base {
        case .string, .text, .enumeration: row.withBytes(index) { text.string($0) }
        case .int:
            // MariaDB has integers beyond those of 64 bits with a sign.
            guard let value = row.integer(index) else {
                return row.withBytes(index) { text.raw($0) }
            }
            text.integer(value)
        case .float: text.real(row.real(index) ?? 0)
        case .bool: text.bool(row.integer(index) != 0)
        case .decimal: decimal(row, index, type.scale, &text)
        case .date: row.withBytes(index) { date($0, &text) }
        case .datetime: datetime(row, index, &text)
        case .json: row.withBytes(index) { json($0, &text) }
        case .uuid: text.string((row.text(index) ?? "").lowercased())
        case .blob: text.string(Data(row.bytes(index) ?? []).base64EncodedString())
        }
    }

    /// As text, with as many digits after the point as the type has.
    private static func decimal(
        _ row: some Row, _ index: Int, _ scale: Int?, _ text: inout WireText
    ) {
        let written = row.text(index) ?? ""
        guard let scale else { return text.string(written) }
        let isExponential = written.utf8.contains { $0 == 0x65 || $0 == 0x45 }
        let plain = isExponential ? rounded(row.real(index) ?? 0, scale) : written
        let parts = plain.split(separator: ".", omittingEmptySubsequences: false)
        let fraction = parts.count > 1 ? parts[1] : ""
        // SQLite holds a floating-point number: its noise is beyond the digits of the type.
        guard fraction.count <= scale else {
            return text.string(rounded(row.real(index) ?? 0, scale))
        }
        let padding = String(repeating: "0", count: scale - fraction.count)
        text.string(scale == 0 ? String(parts[0]) : "\(parts[0]).\(fraction)\(padding)")
    }

    /// A number with so many digits after the point.
    static func rounded(_ value: Double, _ scale: Int) -> String {
        var factor = 1.0
        for _ in 0..<scale { factor *= 10 }
        let scaled = (abs(value) * factor).rounded()
        guard scaled < 9e18 else { return "\(value)" }
        let digits = String(Int(scaled))
        let padded = String(repeating: "0", count: max(0, scale + 1 - digits.count)) + digits
        let whole = padded.dropLast(scale)
        let sign = value < 0 && scaled > 0 ? "-" : ""
        return scale == 0 ? "\(sign)\(whole)" : "\(sign)\(whole).\(padded.suffix(scale))"
    }

    /// `2026-11-21`, and of a time its day; PostgreSQL's `infinity` and `0044-03-15 BC` as they
    /// are.
    private static func date(_ bytes: UnsafeRawBufferPointer, _ text: inout WireText) {
        let isTime =
            bytes.count >= 16 && bytes[4] == UInt8(ascii: "-") && bytes[13] == UInt8(ascii: ":")
        text.string(isTime ? UnsafeRawBufferPointer(rebasing: bytes.prefix(10)) : bytes)
    }

    /// `2026-11-21T09:30:00.000Z`, whatever form the engine or another program gave it.
    private static func datetime(_ row: some Row, _ index: Int, _ text: inout WireText) {
        let isWritten = row.withBytes(index) { bytes in
            guard bytes.count >= 19, bytes[4] == UInt8(ascii: "-") else { return false }
            var end = 19
            var fraction = 19..<19
            if end < bytes.count, bytes[end] == UInt8(ascii: ".") {
                end += 1
                while end < bytes.count, (0x30...0x39).contains(bytes[end]) { end += 1 }
                fraction = 20..<min(end, 23)
            }
            guard isUTC(UnsafeRawBufferPointer(rebasing: bytes[end...])) else { return false }
            text.byte(UInt8(ascii: "\""))
            text.raw(bytes[0..<10])
            text.byte(UInt8(ascii: "T"))
            text.raw(bytes[11..<19])
            text.byte(UInt8(ascii: "."))
            text.raw(bytes[fraction])
            for _ in fraction.count..<3 { text.byte(UInt8(ascii: "0")) }
            text.raw("Z\"")
            return true
        }
        guard !isWritten else { return }
        let written = row.text(index) ?? ""
        if let moment = DateText.moment(written), DateText.kept.contains(moment) {
            text.string(DateText.text(moment) + "Z")
        } else if let seconds = Int(written), DateText.keptSeconds.contains(seconds) {
            // SQLite also keeps times as seconds since 1970.
            text.string(DateText.text(seconds * 1000) + "Z")
        } else if DateText.isDate(written) {
            text.string(written + "T00:00:00.000Z")
        } else {
            text.string(written)
        }
    }

    /// Whether a time's zone is none, `Z`, `+00` or `+00:00`.
    private static func isUTC(_ zone: UnsafeRawBufferPointer) -> Bool {
        switch zone.count {
        case 0: true
        case 1: zone[0] == UInt8(ascii: "Z")
        case 3, 6:
            zone[0] == UInt8(ascii: "+") && zone[1] == UInt8(ascii: "0")
                && zone[2...].allSatisfy { $0 == UInt8(ascii: "0") || $0 == UInt8(ascii: ":") }
        default: false
        }
    }

    /// Without the blanks that PostgreSQL puts between; text that is no JSON is a string.
    private static func json(_ bytes: UnsafeRawBufferPointer, _ text: inout WireText) {
        if let compact = JSONCompaction.compact(bytes) {
            text.raw(compact)
        } else {
            text.string(bytes)
        }
    }
}
