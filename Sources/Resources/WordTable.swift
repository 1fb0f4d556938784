/// Words by their first byte, so that a scanner only tries those that can match.
struct WordTable: Sendable {
    private let rows: [[StaticString]]

    /// - Parameter words: not empty, in ASCII.
    init(_ words: [StaticString]) {
        var rows = [[StaticString]](repeating: [], count: 256)
        for word in words where word.utf8CodeUnitCount > 0 {
            rows[Int(word.withUTF8Buffer { $0[0] })].append(word)
        }
        self.rows = rows
    }

    /// The words that start with `byte`.
    subscript(byte: UInt8) -> [StaticString] { rows[Int(byte)] }
}
