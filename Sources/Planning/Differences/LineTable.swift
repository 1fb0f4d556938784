/// The lines of two texts as small numbers, so that comparing them costs nothing.
struct LineTable {
    private(set) var old: [ArraySlice<UInt8>]
    private(set) var new: [ArraySlice<UInt8>]
    /// Equal numbers for equal lines, line feeds included.
    private(set) var oldIDs: [Int32] = []
    private(set) var newIDs: [Int32] = []

    init(_ old: [UInt8], _ new: [UInt8]) {
        self.old = Self.lines(of: old)
        self.new = Self.lines(of: new)
        var known: [Line: Int32] = [:]
        oldIDs = self.old.map { Self.id(of: $0, &known) }
        newIDs = self.new.map { Self.id(of: $0, &known) }
    }

    /// How many lines a text has; an unfinished last line counts.
    static func count(of text: [UInt8]) -> Int {
        let ended = text.count { $0 == 0x0A }
        return text.isEmpty || text.last == 0x0A ? ended : ended + 1
    }

    /// The lines with their line feeds; the last may have none.
    private static func lines(of text: [UInt8]) -> [ArraySlice<UInt8>] {
        var lines: [ArraySlice<UInt8>] = []
        var start = 0
        for (index, byte) in text.enumerated() where byte == 0x0A {
            lines.append(text[start...index])
            start = index + 1
        }
        if start < text.count { lines.append(text[start...]) }
        return lines
    }

    private static func id(of line: ArraySlice<UInt8>, _ known: inout [Line: Int32]) -> Int32 {
        let line = Line(bytes: line)
        if let id = known[line] { return id }
        let id = Int32(truncatingIfNeeded: known.count)
        known[line] = id
        return id
    }

    /// Hashed as one run of bytes.
    ///
    /// Never a `String`, for which different bytes may be equal.
    private struct Line: Hashable {
        let bytes: ArraySlice<UInt8>

        func hash(into hasher: inout Hasher) {
            bytes.withUnsafeBytes { hasher.combine(bytes: $0) }
        }
    }
}
