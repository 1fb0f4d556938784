/// The questions that byte-wise scanners ask.
extension UInt8 {
    var isLetter: Bool { (0x61...0x7A).contains(self | 0x20) }

    var isDigit: Bool { (0x30...0x39).contains(self) }

    /// Space or tab.
    var isBlank: Bool { self == 0x20 || self == 0x09 }

    /// A single, a double or a back quote.
    var isQuote: Bool { self == 0x22 || self == 0x27 || self == 0x60 }

    /// An ASCII letter in lower case; anything else as it is.
    var lowercased: UInt8 { (0x41...0x5A).contains(self) ? self | 0x20 : self }
}

extension ArraySlice<UInt8> {
    /// Whether `text` stands at `index`.
    func holds(_ text: StaticString, at index: Int, ignoringCase: Bool = false) -> Bool {
        guard index >= startIndex, index + text.utf8CodeUnitCount <= endIndex else { return false }
        return text.withUTF8Buffer { expected in
            expected.indices.allSatisfy { offset in
                let byte = self[index + offset]
                return (ignoringCase ? byte.lowercased : byte) == expected[offset]
            }
        }
    }

    /// Where `text` first stands at or after `index`.
    func position(of text: StaticString, from index: Int) -> Int? {
        let last = endIndex - text.utf8CodeUnitCount
        guard index <= last else { return nil }
        return (index...last).first { holds(text, at: $0) }
    }

    /// The first index at or after `index` whose byte is not one of those; `endIndex` when none.
    func end(from index: Int, while isPart: (UInt8) -> Bool) -> Int {
        var end = index
        while end < endIndex, isPart(self[end]) { end += 1 }
        return end
    }
}
