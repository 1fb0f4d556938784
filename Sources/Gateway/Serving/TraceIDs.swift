import Synchronization

/// Names requests, so that an answer and its line in the log are found by each other.
final class TraceIDs: Sendable {
    private let last = Atomic(UInt64.random(in: .min ... .max))

    /// The caller's own id, if it is one; otherwise a new one.
    func id(given: String?) -> String {
        if let given, (1...64).contains(given.utf8.count),
            given.utf8.allSatisfy({ byte in
                (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte)
                    || (0x61...0x7A).contains(byte) || byte == 0x5F || byte == 0x2D
            })
        {
            return given
        }
        return next()
    }

    /// No secret, only unlike all others: the system's random numbers cost a call of it each.
    ///
    /// Source: SplitMix64 (Steele, Lea and Flood, 2014), which yields no number twice in 2^64; two
    /// threads' numbers begin anywhere in it.
    private func next() -> String {
        let seed = last.wrappingAdd(0x9E37_79B9_7F4A_7C15, ordering: .relaxed).newValue
        var mixed = (seed ^ (seed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        let prefix: StaticString = "req_"
        return String(unsafeUninitializedCapacity: 20) { buffer in
            let room = UnsafeMutableRawBufferPointer(buffer)
            prefix.withUTF8Buffer { room.copyBytes(from: $0) }
            WireText.hexadecimal(
                mixed ^ (mixed >> 31), into: .init(rebasing: room[prefix.utf8CodeUnitCount...]))
            return 20
        }
    }
}
