/// Bytes on their way out: JSON, the heads of answers, lines of the log.
struct WireText: Sendable {
    /// What is written, and room behind it: to write over them costs less than to append.
    private var storage: [UInt8]
    /// How many bytes are written.
    private(set) var count = 0

    init(capacity: Int = 256) {
        storage = [UInt8](repeating: 0, count: capacity)
    }

    /// What is written.
    var bytes: ArraySlice<UInt8> { storage[..<count] }

    /// The byte written last; nil for none.
    var last: UInt8? { count == 0 ? nil : storage[count - 1] }

    /// All of it as a string.
    var written: String { String(decoding: bytes, as: UTF8.self) }

    /// Begins anew, in the same memory.
    mutating func removeAll() {
        count = 0
    }

    /// Takes the last byte back.
    mutating func dropLast() {
        count -= 1
    }

    mutating func raw(_ text: UnsafeRawBufferPointer) {
        let (start, end) = (count, count + text.count)
        if end > storage.count { grow(to: end) }
        storage.withUnsafeMutableBytes { room in
            UnsafeMutableRawBufferPointer(rebasing: room[start..<end]).copyMemory(from: text)
        }
        count = end
    }

    mutating func raw(_ text: StaticString) {
        text.withUTF8Buffer { raw(UnsafeRawBufferPointer($0)) }
    }

    mutating func raw(_ text: [UInt8]) {
        text.withUnsafeBytes { raw($0) }
    }

    mutating func raw(_ text: ArraySlice<UInt8>) {
        text.withUnsafeBytes { raw($0) }
    }

    mutating func raw(_ text: Slice<UnsafeRawBufferPointer>) {
        raw(UnsafeRawBufferPointer(rebasing: text))
    }

    mutating func raw(string text: String) {
        var text = text
        text.withUTF8 { raw(UnsafeRawBufferPointer($0)) }
    }

    mutating func byte(_ byte: UInt8) {
        if count == storage.count { grow(to: count + 1) }
        storage[count] = byte
        count += 1
    }

    private mutating func grow(to size: Int) {
        let room = max(size, 2 * storage.count)
        storage += [UInt8](repeating: 0, count: room - storage.count)
    }

    mutating func integer(_ value: Int) {
        guard value >= 0 else { return raw(string: String(value)) }
        var width = 1
        var limit = 10
        // The greatest number has 19 digits.
        while value >= limit, width < 19 {
            width += 1
            limit &*= 10
        }
        padded(value, width)
    }

    /// A number of so many digits at least.
    mutating func padded(_ value: Int, _ width: Int) {
        guard value >= 0 else { return integer(value) }
        let end = count + width
        if end > storage.count { grow(to: end) }
        var rest = value
        for place in (count..<end).reversed() {
            storage[place] = UInt8(truncatingIfNeeded: 0x30 + rest % 10)
            rest /= 10
        }
        guard rest == 0 else { return integer(value) }
        count = end
    }

    /// Sixteen digits.
    mutating func hexadecimal(_ value: UInt64) {
        var digits: (UInt64, UInt64) = (0, 0)
        withUnsafeMutableBytes(of: &digits) { buffer in
            Self.hexadecimal(value, into: buffer)
            raw(UnsafeRawBufferPointer(buffer))
        }
    }

    /// Writes sixteen digits.
    ///
    /// - Parameters:
    ///   - value: the number.
    ///   - buffer: sixteen bytes.
    static func hexadecimal(_ value: UInt64, into buffer: UnsafeMutableRawBufferPointer) {
        var rest = value
        for position in (0..<16).reversed() {
            buffer[position] = digit(UInt8(truncatingIfNeeded: rest & 15))
            rest >>= 4
        }
    }

    static func digit(_ value: UInt8) -> UInt8 { value < 10 ? 0x30 + value : 0x57 + value }
}
