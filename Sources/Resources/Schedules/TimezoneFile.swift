/// What is wrong with a timezone's file.
package struct TimezoneFileError: Error, Equatable {
    /// In the middle of a sentence: `is cut short`.
    package var message: String
}

extension Timezone {
    /// Reads a file of the time zone database, as `zic` writes it.
    ///
    /// Source: RFC 9636, section 3: versions 1 to 4.
    package init(name: String, file bytes: [UInt8]) throws(TimezoneFileError) {
        var file = TimezoneFile(bytes)
        var block = try file.block(timeSize: 4)
        var rule: TimezoneRule?
        if block.version >= 2 {
            block = try file.block(timeSize: 8)
            rule = try file.footer()
        }
        self.init(
            name: name, initialOffset: block.initialOffset, transitions: block.transitions,
            rule: rule)
    }
}

/// Walks through a file's bytes.
private struct TimezoneFile {
    struct Block {
        /// From 1.
        var version: Int
        var initialOffset: Int
        var transitions: [Timezone.Transition]
    }

    private struct Header {
        var version: Int
        var universal: Int
        var standard: Int
        var leaps: Int
        var times: Int
        var types: Int
        var characters: Int
    }

    private let bytes: [UInt8]
    private var position = 0

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// A header, and the data that it tells of; times have 4 bytes in the first block and 8 in the
    /// second.
    mutating func block(timeSize: Int) throws(TimezoneFileError) -> Block {
        let header = try header()
        guard header.leaps == 0 else { throw .init(message: "counts leap seconds") }
        let size =
            header.times * (timeSize + 1) + header.types * 6 + header.characters
            + header.standard + header.universal
        guard bytes.count - position >= size else { throw .init(message: "is cut short") }
        let times = position
        let indices = times + header.times * timeSize
        let types = indices + header.times
        position += size
        var block = Block(
            version: header.version, initialOffset: try offset(at: types), transitions: [])
        for number in 0..<header.times {
            let type = Int(bytes[indices + number])
            guard type < header.types else { throw .init(message: "has an unknown type") }
            let at = integer(at: times + number * timeSize, size: timeSize)
            // Far beyond what a calendar knows, and sums would overflow.
            guard abs(at) < 1 << 60 else { throw .init(message: "has a time out of all bounds") }
            if let last = block.transitions.last, last.at >= at {
                throw .init(message: "has its times out of order")
            }
            block.transitions.append(.init(at: at, offset: try offset(at: types + type * 6)))
        }
        return block
    }

    /// The rule between two line breaks; nil where there is none.
    mutating func footer() throws(TimezoneFileError) -> TimezoneRule? {
        guard position < bytes.count, bytes[position] == 0x0A,
            let end = bytes[(position + 1)...].firstIndex(of: 0x0A)
        else { throw .init(message: "is cut short") }
        let text = String(decoding: bytes[(position + 1)..<end], as: UTF8.self)
        guard !text.isEmpty else { return nil }
        guard let rule = TimezoneRule(text) else {
            throw .init(message: "ends in a rule that can't be read")
        }
        return rule
    }

    private mutating func header() throws(TimezoneFileError) -> Header {
        guard bytes.count - position >= 44 else { throw .init(message: "is cut short") }
        guard bytes[position..<(position + 4)].elementsEqual("TZif".utf8) else {
            throw .init(message: "is no timezone")
        }
        let mark = bytes[position + 4]
        let version = mark == 0 ? 1 : Int(mark) - 0x30
        let counts = (0..<6).map { integer(at: position + 20 + $0 * 4, size: 4) }
        position += 44
        guard version >= 1, counts.allSatisfy({ $0 >= 0 }), counts[4] > 0 else {
            throw .init(message: "is no timezone")
        }
        return Header(
            version: version, universal: counts[0], standard: counts[1], leaps: counts[2],
            times: counts[3], types: counts[4], characters: counts[5])
    }

    /// Of a local time type record: its first four bytes.
    private func offset(at place: Int) throws(TimezoneFileError) -> Int {
        let offset = integer(at: place, size: 4)
        guard abs(offset) <= 26 * 3600 else {
            throw .init(message: "has an offset of more than a day")
        }
        return offset
    }

    /// A signed number, most significant byte first.
    private func integer(at place: Int, size: Int) -> Int {
        var value: UInt64 = 0
        for byte in bytes[place..<(place + size)] { value = value << 8 | UInt64(byte) }
        return size == 4 ? Int(Int32(truncatingIfNeeded: value)) : Int(Int64(bitPattern: value))
    }
}
