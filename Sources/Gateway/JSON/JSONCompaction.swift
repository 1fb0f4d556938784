/// Checks a JSON text of a database, and leaves out the blanks between its parts.
///
/// `JSONParser` is for what callers send, and refuses what a database may well hold: a name twice,
/// half a surrogate, any depth.
///
/// Source: RFC 8259.
struct JSONCompaction {
    private enum Expected { case value, valueOrEnd, name, nameOrEnd, colon, commaOrEnd, nothing }

    private let bytes: UnsafeRawBufferPointer
    private var position = 0
    private var expected = Expected.value
    /// The brackets that are open.
    private var open: [UInt8] = []
    private var result: [UInt8] = []

    private init(_ bytes: UnsafeRawBufferPointer) {
        self.bytes = bytes
        result.reserveCapacity(bytes.count)
    }

    /// The text without blanks between its parts; nil for what is no JSON.
    static func compact(_ bytes: UnsafeRawBufferPointer) -> [UInt8]? {
        var compaction = JSONCompaction(bytes)
        while compaction.skipBlanks() {
            guard compaction.takePart() else { return nil }
        }
        guard compaction.expected == .nothing,
            String(validating: compaction.result, as: UTF8.self) != nil
        else { return nil }
        return compaction.result
    }

    /// - Returns: whether more follows.
    private mutating func skipBlanks() -> Bool {
        while position < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[position]) {
            position += 1
        }
        return position < bytes.count
    }

    private mutating func takePart() -> Bool {
        let byte = bytes[position]
        switch (expected, byte) {
        case (.value, UInt8(ascii: "{")), (.valueOrEnd, UInt8(ascii: "{")):
            return take(opening: byte, expecting: .nameOrEnd)
        case (.value, UInt8(ascii: "[")), (.valueOrEnd, UInt8(ascii: "[")):
            return take(opening: byte, expecting: .valueOrEnd)
        case (.nameOrEnd, UInt8(ascii: "}")), (.valueOrEnd, UInt8(ascii: "]")):
            return takeClosing(byte)
        case (.commaOrEnd, UInt8(ascii: "}")), (.commaOrEnd, UInt8(ascii: "]")):
            return takeClosing(byte)
        case (.commaOrEnd, UInt8(ascii: ",")):
            return take(1, expecting: open.last == UInt8(ascii: "{") ? .name : .value)
        case (.colon, UInt8(ascii: ":")): return take(1, expecting: .value)
        case (.name, UInt8(ascii: "\"")), (.nameOrEnd, UInt8(ascii: "\"")):
            return take(stringLength, expecting: .colon)
        case (.value, _), (.valueOrEnd, _): return take(scalarLength, expecting: afterValue)
        default: return false
        }
    }

    private var afterValue: Expected { open.isEmpty ? .nothing : .commaOrEnd }

    private mutating func take(_ length: Int?, expecting next: Expected) -> Bool {
        guard let length else { return false }
        result.append(contentsOf: bytes[position..<position + length])
        position += length
        expected = next
        return true
    }

    private mutating func take(opening bracket: UInt8, expecting next: Expected) -> Bool {
        open.append(bracket)
        return take(1, expecting: next)
    }

    private mutating func takeClosing(_ bracket: UInt8) -> Bool {
        let isObject = bracket == UInt8(ascii: "}")
        guard open.popLast() == UInt8(ascii: isObject ? "{" : "[") else { return false }
        return take(1, expecting: afterValue)
    }

    // MARK: - Lengths in bytes, of what begins here; nil where nothing right does

    private var scalarLength: Int? {
        switch bytes[position] {
        case UInt8(ascii: "\""): stringLength
        case UInt8(ascii: "t"): length(of: "true")
        case UInt8(ascii: "f"): length(of: "false")
        case UInt8(ascii: "n"): length(of: "null")
        default: numberLength
        }
    }

    private func length(of word: StaticString) -> Int? {
        let text = UnsafeRawBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount)
        return bytes[position...].starts(with: text) ? text.count : nil
    }

    private var stringLength: Int? {
        var end = position + 1
        while end < bytes.count {
            switch bytes[end] {
            case UInt8(ascii: "\""): return end + 1 - position
            case 0..<0x20: return nil
            case UInt8(ascii: "\\"):
                guard end + 1 < bytes.count else { return nil }
                let letter = bytes[end + 1]
                let digits = bytes[min(end + 2, bytes.count)..<min(end + 6, bytes.count)]
                let isCode =
                    letter == UInt8(ascii: "u") && digits.count == 4
                    && digits.allSatisfy { Character(Unicode.Scalar($0)).isHexDigit }
                guard isCode || "\"\\/bfnrt".utf8.contains(letter) else { return nil }
                end += 2
            default: end += 1
            }
        }
        return nil
    }

    private var numberLength: Int? {
        var end = position
        func skipDigits() -> Bool {
            let start = end
            while end < bytes.count, (0x30...0x39).contains(bytes[end]) { end += 1 }
            return end > start
        }
        if bytes[end] == UInt8(ascii: "-") { end += 1 }
        let isZero = end < bytes.count && bytes[end] == UInt8(ascii: "0")
        if isZero { end += 1 } else { guard skipDigits() else { return nil } }
        if end < bytes.count, bytes[end] == UInt8(ascii: ".") {
            end += 1
            guard skipDigits() else { return nil }
        }
        if end < bytes.count, bytes[end] | 0x20 == UInt8(ascii: "e") {
            end += 1
            if end < bytes.count, "+-".utf8.contains(bytes[end]) { end += 1 }
            guard skipDigits() else { return nil }
        }
        return end - position
    }
}
