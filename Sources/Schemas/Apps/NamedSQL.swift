/// SQL of the app's own with `:name` marks: its values are always bound, never written into it.
package struct NamedSQL: Sendable, Equatable {
    /// With a `?` for each mark.
    package let sql: String
    /// The names of the marks, in order.
    package let names: [String]
    /// What stands before each mark and its operator: the column that it is compared with, if any.
    package let comparands: [String]

    /// Reads the marks of a text; those in strings, quoted names and comments are none.
    package init(_ text: String) {
        var sql: [UInt8] = []
        var names: [String] = []
        var comparands: [String] = []
        let bytes = Array(text.utf8)
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            if byte == 0x27 || byte == 0x22 || byte == 0x60 {
                let end = Self.end(ofQuoted: bytes, from: index)
                sql += bytes[index..<end]
                index = end
            } else if byte == 0x3A, index + 1 < bytes.count, bytes[index + 1] == 0x3A {
                // PostgreSQL's cast.
                sql += [0x3A, 0x3A]
                index += 2
            } else if byte == 0x3A, index + 1 < bytes.count, Self.isName(bytes[index + 1]) {
                let end = bytes[(index + 1)...].firstIndex { !Self.isName($0) } ?? bytes.count
                names.append(String(decoding: bytes[(index + 1)..<end], as: UTF8.self))
                comparands.append(Self.comparand(before: sql))
                sql.append(0x3F)
                index = end
            } else {
                sql.append(byte)
                index += 1
            }
        }
        self.sql = String(decoding: sql, as: UTF8.self)
        self.names = names
        self.comparands = comparands
    }

    /// The name at the end of SQL, once blanks and one operator are taken off.
    private static func comparand(before sql: [UInt8]) -> String {
        let operators = Array("<>=!".utf8)
        var rest = sql[...]
        while let last = rest.last, last <= 0x20 || operators.contains(last) { rest.removeLast() }
        if let last = rest.last, last == 0x22 || last == 0x60 { rest.removeLast() }
        let start = rest.lastIndex { !isName($0) }.map { $0 + 1 } ?? rest.startIndex
        return String(decoding: rest[start...], as: UTF8.self)
    }

    private static func end(ofQuoted bytes: [UInt8], from start: Int) -> Int {
        let mark = bytes[start]
        var index = start + 1
        while index < bytes.count, bytes[index] != mark { index += 1 }
        return min(index + 1, bytes.count)
    }

    private static func isName(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x5F: true
        default: false
        }
    }
}
