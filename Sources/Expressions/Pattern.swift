/// A text to be found in others, in time that grows with both lengths and no faster.
///
/// Source: Knuth, Morris, Pratt, "Fast pattern matching in strings", 1977.
struct Pattern {
    private let bytes: [UInt8]
    /// By position: how long a start of the pattern ends there.
    private let borders: [Int]

    init(_ text: String) {
        self.init(Array(text.utf8))
    }

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        var borders = [Int](repeating: 0, count: bytes.count)
        var length = 0
        for position in bytes.indices.dropFirst() {
            while length > 0, bytes[position] != bytes[length] { length = borders[length - 1] }
            if bytes[position] == bytes[length] { length += 1 }
            borders[position] = length
        }
        self.borders = borders
    }

    func isFound(in text: String) -> Bool { end(in: Array(text.utf8)[...]) != nil }

    /// Where the first occurrence ends; nil when there is none.
    func end(in text: ArraySlice<UInt8>) -> Int? {
        guard !bytes.isEmpty else { return text.startIndex }
        var length = 0
        for position in text.indices {
            while length > 0, text[position] != bytes[length] { length = borders[length - 1] }
            if text[position] == bytes[length] { length += 1 }
            if length == bytes.count { return position + 1 }
        }
        return nil
    }
}

/// A text in which `*` stands for any run of characters, none included.
package struct Glob {
    private let parts: [[UInt8]]

    package init(_ text: String) {
        parts = text.utf8.split(separator: UInt8(ascii: "*"), omittingEmptySubsequences: false)
            .map(Array.init)
    }

    /// Whether the whole text is as the glob says. Each part is looked for once, after the last.
    package func matches(_ text: String) -> Bool {
        var rest = Array(text.utf8)[...]
        guard let first = parts.first, rest.starts(with: first) else { return false }
        guard parts.count > 1, let last = parts.last else { return rest.count == first.count }
        rest = rest.dropFirst(first.count)
        guard rest.count >= last.count, rest.suffix(last.count) == last[...] else { return false }
        rest = rest.dropLast(last.count)
        for part in parts.dropFirst().dropLast() {
            guard let end = Pattern(part).end(in: rest) else { return false }
            rest = rest[end...]
        }
        return true
    }
}
