internal import SQL

/// A statement as PostgreSQL wants it: `$1`, `$2`, … in place of `?`.
final class PostgreSQLStatement: KeptStatement {
    let sql: String
    var use = StatementUse()
    /// Never: an answer is taken in before its rows are handed on.
    var isRunning: Bool { false }
    let name: String
    let text: String
    let parameterCount: Int

    /// A `?` in quotes or in a comment is left alone; operators with a `?` can't be written.
    init(_ sql: String, name: String) {
        var text: [UInt8] = []
        text.reserveCapacity(sql.utf8.count + 16)
        var count = 0
        var closing: [UInt8]?
        var rest = Array(sql.utf8)[...]
        while let byte = rest.first {
            if let end = closing {
                if rest.starts(with: end) {
                    text += end
                    rest = rest.dropFirst(end.count)
                    closing = nil
                    continue
                }
            } else if byte == UInt8(ascii: "?") {
                count += 1
                text += "$\(count)".utf8
                rest = rest.dropFirst()
                continue
            } else {
                closing = Self.closing(of: rest)
            }
            text.append(byte)
            rest = rest.dropFirst()
        }
        self.sql = sql
        self.name = name
        self.text = String(decoding: text, as: UTF8.self)
        parameterCount = count
    }

    /// What ends the quotes or the comment that begins here; nil when none does.
    private static func closing(of text: ArraySlice<UInt8>) -> [UInt8]? {
        switch text.first {
        case UInt8(ascii: "'"), UInt8(ascii: "\""): text.first.map { [$0] }
        case UInt8(ascii: "-") where text.starts(with: "--".utf8): Array("\n".utf8)
        case UInt8(ascii: "/") where text.starts(with: "/*".utf8): Array("*/".utf8)
        default: nil
        }
    }
}
