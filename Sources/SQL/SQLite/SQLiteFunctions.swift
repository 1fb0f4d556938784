internal import CSQLite

/// The SQL functions that SQLite lacks.
enum SQLiteFunctions {
    /// Adds `stead_lower(text)`, and returns SQLite's status.
    static func register(on handle: OpaquePointer) -> Int32 {
        sqlite3_create_function_v2(
            handle, "stead_lower", 1,
            SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS, nil,
            { context, _, values in
                if let value = values?[0] { SQLiteFunctions.lower(value, context) }
            }, nil, nil, nil)
    }

    /// As SQLite's own `lower`, but not for ASCII alone: null stays null, numbers become text.
    private static func lower(_ value: OpaquePointer, _ context: OpaquePointer?) {
        guard let start = sqlite3_value_text(value) else { return sqlite3_result_null(context) }
        let bytes = UnsafeBufferPointer(start: start, count: Int(sqlite3_value_bytes(value)))
        if bytes.allSatisfy({ $0 < 0x80 && !(0x41...0x5A).contains($0) }) {
            return sqlite3_result_value(context, value)
        }
        var lower = String(decoding: bytes, as: UTF8.self).lowercased()
        lower.withUTF8 { bytes in
            bytes.withMemoryRebound(to: CChar.self) { characters in
                // SQLITE_TRANSIENT: SQLite copies the bytes before it returns.
                sqlite3_result_text64(
                    context, characters.baseAddress, UInt64(characters.count),
                    unsafeBitCast(-1, to: sqlite3_destructor_type.self), UInt8(SQLITE_UTF8))
            }
        }
    }
}
