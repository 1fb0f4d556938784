/// A scalar as written, and what the YAML 1.2 core schema makes of it.
///
/// Source: YAML 1.2.2, section 10.3.2. So `no`, `on`, `yes` and `1_000` are strings, and `0o17` is
/// an octal number.
package struct Scalar: Sendable, Equatable {
    /// A value of the core schema.
    package enum Resolved: Sendable, Equatable {
        case null
        case bool(Bool)
        case int(Int)
        case float(Double)
        case string
    }

    package var text: String
    /// A quoted or block scalar is always a string.
    package var isPlain: Bool

    package init(_ text: String, isPlain: Bool) {
        self.text = text
        self.isPlain = isPlain
    }

    package var resolved: Resolved {
        guard isPlain else { return .string }
        switch text {
        case "", "~", "null", "Null", "NULL": return .null
        case "true", "True", "TRUE": return .bool(true)
        case "false", "False", "FALSE": return .bool(false)
        default: return number ?? .string
        }
    }

    private var number: Resolved? {
        guard let first = text.utf8.first, Self.mayStartNumber(first) else { return nil }
        if text.hasPrefix("0x") { return integer(radix: 16) }
        if text.hasPrefix("0o") { return integer(radix: 8) }
        let unsigned =
            first == UInt8(ascii: "-") || first == UInt8(ascii: "+")
            ? text.utf8.dropFirst() : text.utf8[...]
        guard let head = unsigned.first else { return nil }
        if unsigned.allSatisfy({ (0x30...0x39).contains($0) }) {
            return Int(text).map(Resolved.int) ?? Double(text).map(Resolved.float)
        }
        return special(unsigned) ?? decimal(unsigned, head: head)
    }

    /// What follows `0x` or `0o`; Swift's own parser would take a sign there.
    private func integer(radix: Int) -> Resolved? {
        let digits = text.dropFirst(2)
        guard let first = digits.utf8.first, first != 0x2D, first != 0x2B else { return nil }
        return Int(digits, radix: radix).map(Resolved.int)
    }

    private func special(_ unsigned: Substring.UTF8View) -> Resolved? {
        switch String(Substring(unsigned)) {
        case ".inf", ".Inf", ".INF": .float(text.hasPrefix("-") ? -.infinity : .infinity)
        case ".nan", ".NaN", ".NAN": text.hasPrefix(".") ? .float(.nan) : nil
        default: nil
        }
    }

    /// `[-+]? ( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )?`; Swift's own parser
    /// takes more than that (`1p3`, `nan`), so the characters are checked first.
    private func decimal(_ unsigned: Substring.UTF8View, head: UInt8) -> Resolved? {
        let allowed = unsigned.allSatisfy {
            (0x30...0x39).contains($0) || [0x2E, 0x65, 0x45, 0x2D, 0x2B].contains($0)
        }
        guard allowed, head == 0x2E || (0x30...0x39).contains(head) else { return nil }
        return Double(text).map(Resolved.float)
            ?? (text.hasSuffix(".") ? Double(text.dropLast()).map(Resolved.float) : nil)
    }

    private static func mayStartNumber(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || byte == 0x2D || byte == 0x2B || byte == 0x2E
    }
}
