/// Turns libyaml's positions into marks.
struct LineMap {
    private let text: UnsafeBufferPointer<UInt8>
    /// The index of each line's first scalar; nil when libyaml counts lines as editors do.
    private let lineStarts: [Int]?
    /// The last line asked for, from 0, and its first byte: positions are asked for in order.
    private var current = (line: 0, start: 0)

    /// Maps `text`, which has no byte order mark and must outlive the map.
    init(_ text: UnsafeBufferPointer<UInt8>, hasUnusualBreaks: Bool) {
        self.text = text
        lineStarts = hasUnusualBreaks ? Self.lineStarts(of: text) : nil
    }

    private static func lineStarts(of text: UnsafeBufferPointer<UInt8>) -> [Int] {
        var starts = [0]
        var index = 0
        for byte in text {
            if byte & 0xC0 != 0x80 { index += 1 }
            if byte == 0x0A { starts.append(index) }
        }
        return starts
    }

    func mark(_ position: Position, length: Int = 1) -> Mark {
        guard let lineStarts else {
            return Mark(line: position.line + 1, column: position.column + 1, length: length)
        }
        var low = 0
        var high = lineStarts.count - 1
        while low < high {
            let middle = (low + high + 1) / 2
            if lineStarts[middle] <= position.index { low = middle } else { high = middle - 1 }
        }
        return Mark(line: low + 1, column: position.index - lineStarts[low] + 1, length: length)
    }

    /// The mark of what stands between two positions, as far as its first line goes.
    mutating func mark(from start: Position, to end: Position, isBlock: Bool = false) -> Mark {
        if start.line == end.line { return mark(start, length: end.column - start.column) }
        guard lineStarts == nil else { return mark(start) }
        return mark(start, length: scalarsLeft(after: start, isBlock: isBlock))
    }

    /// What is left of the line, without blanks at its end; of a block scalar's only its header.
    private mutating func scalarsLeft(after start: Position, isBlock: Bool) -> Int {
        let line = line(start.line)
        var column = 0
        var length = 0
        for byte in line where byte & 0xC0 != 0x80 {
            defer { column += 1 }
            guard column >= start.column else { continue }
            let isBlank = byte == 0x20 || byte == 0x09 || byte == 0x0D
            if isBlank && isBlock { break }
            if !isBlank { length = column - start.column + 1 }
        }
        return length
    }

    /// The bytes of a line that is not before the last one asked for; empty past the end.
    private mutating func line(_ number: Int) -> Slice<UnsafeBufferPointer<UInt8>> {
        if number < current.line { current = (0, 0) }
        while current.line < number {
            guard let end = text[current.start...].firstIndex(of: 0x0A) else {
                return text[text.endIndex...]
            }
            current = (current.line + 1, end + 1)
        }
        return text[current.start...].prefix { $0 != 0x0A }
    }

    /// The scalar at a position, nil at a line's end.
    mutating func scalar(at position: Position) -> Unicode.Scalar? {
        let mark = mark(position)
        let line = String(decoding: line(Int(mark.line) - 1), as: UTF8.self)
        return line.unicodeScalars.dropFirst(Int(mark.column) - 1).first
    }

    /// Whether only blanks stand before a position on its line.
    mutating func isFirst(_ position: Position) -> Bool {
        let mark = mark(position)
        return line(Int(mark.line) - 1).prefix(Int(mark.column) - 1).allSatisfy {
            $0 == 0x20 || $0 == 0x09 || $0 == 0x2D
        }
    }
}
