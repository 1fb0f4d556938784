/// The parts of a bcrypt hash: `$2b$11$`, 22 digits of salt and 31 of hash.
struct BcryptHash {
    /// bcrypt's own base 64.
    static let alphabet = Array(
        "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789".utf8)

    /// `a`, `b` or `y`: the same algorithm since the errors that `x` stands for were mended.
    let variant: UInt8
    let cost: Int

    /// Nil for what is not exactly a hash of a variant and a cost that are accepted.
    init?(_ text: String) {
        let bytes = Array(text.utf8)
        let isShaped =
            bytes.count == 60 && bytes.starts(with: "$2".utf8) && "aby".utf8.contains(bytes[2])
            && bytes[3] == UInt8(ascii: "$") && bytes[6] == UInt8(ascii: "$")
        guard isShaped, bytes[7...].allSatisfy(Self.alphabet.contains),
            let tens = Self.digit(bytes[4]), let ones = Self.digit(bytes[5]),
            PasswordHasher.costs.contains(tens * 10 + ones)
        else { return nil }
        variant = bytes[2]
        cost = tens * 10 + ones
    }

    private static func digit(_ byte: UInt8) -> Int? {
        (0x30...0x39).contains(byte) ? Int(byte - 0x30) : nil
    }
}
