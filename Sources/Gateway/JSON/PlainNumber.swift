/// Numbers of JSON columns in the one form that PostgreSQL's `jsonb` keeps them in.
///
/// Source: postgresql.org/docs/15/datatype-json.html: numbers are those of the type `numeric`.
enum PlainNumber {
    /// The largest power of ten that is written out.
    static let exponentLimit = 400

    /// A number without an exponent, and zero without a sign: `1.50e1` is `15.0`.
    ///
    /// One whose exponent is beyond the limit stays as it is.
    static func text(_ number: String) -> String {
        let isNegative = number.hasPrefix("-")
        let parts = number.drop { $0 == "-" }.split { $0 == "e" || $0 == "E" }
        let mantissa = parts[0].split(separator: ".", omittingEmptySubsequences: false)
        guard let exponent = Int(parts.count > 1 ? parts[1] : "0"), abs(exponent) <= exponentLimit
        else { return number }
        var digits = Array(mantissa.joined().utf8)
        var scale = (mantissa.count > 1 ? mantissa[1].utf8.count : 0) - exponent
        if scale < 0 {
            digits += Array(repeating: UInt8(ascii: "0"), count: -scale)
            scale = 0
        }
        if digits.count <= scale {
            let missing = scale + 1 - digits.count
            digits.insert(contentsOf: Array(repeating: UInt8(ascii: "0"), count: missing), at: 0)
        }
        let isZero = digits.allSatisfy { $0 == UInt8(ascii: "0") }
        let whole = digits.dropLast(scale).drop { $0 == UInt8(ascii: "0") }
        let text =
            (whole.isEmpty ? "0" : String(decoding: whole, as: UTF8.self))
            + (scale > 0 ? "." + String(decoding: digits.suffix(scale), as: UTF8.self) : "")
        return isNegative && !isZero ? "-" + text : text
    }
}
