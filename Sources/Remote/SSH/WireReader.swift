/// Reads SSH's encoding of numbers and strings (RFC 4251, section 5). Whatever is missing is nil.
struct WireReader {
    private var rest: ArraySlice<UInt8>

    init(_ bytes: some Sequence<UInt8>) {
        rest = Array(bytes)[...]
    }

    mutating func byte() -> UInt8? {
        rest.popFirst()
    }

    /// An unsigned number of 32 bits, the highest byte first.
    mutating func number() -> Int? {
        guard rest.count >= 4 else { return nil }
        defer { rest = rest.dropFirst(4) }
        return rest.prefix(4).reduce(0) { $0 << 8 | Int($1) }
    }

    /// A string with its length before it.
    mutating func string() -> [UInt8]? {
        guard let length = number(), length <= rest.count else { return nil }
        defer { rest = rest.dropFirst(length) }
        return Array(rest.prefix(length))
    }

    /// Takes `prefix` off; false when something else stands there.
    mutating func skip(_ prefix: String) -> Bool {
        guard rest.starts(with: prefix.utf8) else { return false }
        rest = rest.dropFirst(prefix.utf8.count)
        return true
    }

    /// A number in SSH's encoding.
    static func encode(_ number: Int) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) }
    }

    /// A string in SSH's encoding.
    static func encode(_ string: [UInt8]) -> [UInt8] {
        encode(string.count) + string
    }
}
