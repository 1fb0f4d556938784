internal import CMariaDB
internal import SQL

/// Values on their way to a prepared statement.
struct MariaDBParameters {
    private let values: [SQLValue]

    init(_ values: [SQLValue]) {
        self.values = values
    }

    /// The values as the client library wants them, for the length of the call.
    func withBinds<Result>(
        _ body: (UnsafeMutableBufferPointer<MYSQL_BIND>) -> Result
    ) -> Result {
        var buffer: [UInt8] = []
        var places: [(type: enum_field_types, offset: Int, count: Int)] = []
        for value in values {
            let offset = buffer.count
            let type: enum_field_types
            switch value {
            case .null: type = MYSQL_TYPE_NULL
            case .integer(let integer):
                type = MYSQL_TYPE_LONGLONG
                withUnsafeBytes(of: Int64(integer)) { buffer += $0 }
            case .real(let real):
                type = MYSQL_TYPE_DOUBLE
                withUnsafeBytes(of: real) { buffer += $0 }
            case .text(let text):
                type = MYSQL_TYPE_STRING
                buffer += text.utf8
            case .blob(let bytes):
                type = MYSQL_TYPE_BLOB
                buffer += bytes
            }
            places.append((type, offset, buffer.count - offset))
            // Numbers are read where they lie: keep them aligned.
            while buffer.count % 8 != 0 { buffer.append(0) }
        }
        // Never empty, so that there is an address even for empty texts.
        buffer.append(0)
        return buffer.withUnsafeMutableBytes { bytes in
            var binds = places.map { place in
                var bind = MYSQL_BIND()
                bind.buffer_type = place.type
                bind.buffer = bytes.baseAddress?.advanced(by: place.offset)
                bind.buffer_length = UInt(place.count)
                bind.length_value = UInt(place.count)
                return bind
            }
            return binds.withUnsafeMutableBufferPointer { body($0) }
        }
    }
}
