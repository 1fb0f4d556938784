internal import CPostgreSQL
internal import SQL

/// Values on their way to a prepared statement.
///
/// All but bytes go as text, and the server makes of them what the statement needs: the same `5`
/// can be an integer, a decimal or a text.
struct PostgreSQLParameters {
    private let values: [SQLValue]

    /// - Throws: for a text with a NUL character, which PostgreSQL can't hold.
    init(_ values: [SQLValue]) throws(SQLError) {
        for case .text(let text) in values where text.utf8.contains(0) {
            throw SQLError(.other, "PostgreSQL has no text with a NUL character")
        }
        self.values = values
    }

    /// Sends them to a prepared statement; 1 when that has begun.
    func send(_ name: String, on connection: OpaquePointer) -> Int32 {
        // One buffer for all: texts with their NUL, bytes as they are.
        var buffer: [UInt8] = []
        var offsets: [Int?] = []
        for value in values {
            switch value {
            case .null:
                offsets.append(nil)
                continue
            case .integer(let integer): offsets.append(Self.add("\(integer)", to: &buffer))
            case .real(let real): offsets.append(Self.add("\(real)", to: &buffer))
            case .text(let text): offsets.append(Self.add(text, to: &buffer))
            case .blob(let bytes):
                offsets.append(buffer.count)
                buffer += bytes
                buffer.append(0)
            }
        }
        let lengths = values.map { value in
            guard case .blob(let bytes) = value else { return Int32(0) }
            return Int32(bytes.count)
        }
        let formats = values.map { value in
            guard case .blob = value else { return Int32(0) }
            return Int32(1)
        }
        return buffer.withUnsafeBytes { bytes in
            let pointers = offsets.map { offset in
                offset.flatMap {
                    bytes.baseAddress?.advanced(by: $0).assumingMemoryBound(to: CChar.self)
                }
            }
            return PQsendQueryPrepared(
                connection, name, Int32(values.count), pointers, lengths, formats, 0)
        }
    }

    private static func add(_ text: String, to buffer: inout [UInt8]) -> Int {
        let offset = buffer.count
        buffer += text.utf8
        buffer.append(0)
        return offset
    }
}
