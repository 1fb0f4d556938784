internal import Resources
internal import SQL

/// The bytes that an entry's hash covers: a tag, then each field.
///
/// All are netstrings (cr.yp.to/proto/netstrings.txt: the length in decimal, `:`, the bytes, `,`),
/// so that no two entries have the same serialisation.
struct AuditSerialisation {
    private var bytes: [UInt8] = []

    /// Serialises the fields of an entry, from `sequence` to `previous_hash`.
    init(of fields: [SQLValue]) {
        start()
        for field in fields {
            switch field {
            case .integer(let integer): append(String(integer))
            case .text(let text): append(text)
            case .null, .real, .blob: append("")
            }
        }
    }

    /// Serialises the row a query of `AuditChain.columns` stands on, byte for byte as it is stored,
    /// under another number when one is given.
    init(of row: SQLiteRow, as sequence: Int? = nil) {
        start()
        for column in 0..<8 {
            if column == 0, let sequence {
                append(String(sequence))
            } else {
                row.withBytes(column) { append($0) }
            }
        }
    }

    var digest: Digest { Digest(of: bytes) }

    private mutating func start() {
        bytes.reserveCapacity(512)
        append("stead-audit-1")
    }

    private mutating func append(_ text: String) {
        var text = text
        text.withUTF8 { append(UnsafeRawBufferPointer($0)) }
    }

    private mutating func append(_ field: UnsafeRawBufferPointer) {
        bytes.append(contentsOf: String(field.count).utf8)
        bytes.append(UInt8(ascii: ":"))
        bytes.append(contentsOf: field)
        bytes.append(UInt8(ascii: ","))
    }
}
