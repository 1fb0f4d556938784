/// How many digits a plain decimal number has, such as `-12.50`.
package struct DecimalDigits {
    /// Those before the point, without zeros at the start.
    package let whole: Int
    /// Those after the point.
    package let fraction: Int
    /// The same without zeros at the end, which say nothing.
    package let neededFraction: Int

    /// - Parameter text: the number; nil for one with a plus, an exponent or no digit on a side.
    package init?(_ text: String) {
        let digits = text.hasPrefix("-") ? text.dropFirst() : text[...]
        let parts = digits.split(separator: ".", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count),
            parts.allSatisfy({ part in
                !part.isEmpty && part.utf8.allSatisfy { (0x30...0x39).contains($0) }
            })
        else { return nil }
        whole = parts[0].drop { $0 == "0" }.count
        fraction = parts.count > 1 ? parts[1].count : 0
        neededFraction = parts.count > 1 ? parts[1].reversed().drop { $0 == "0" }.count : 0
    }
}
