extension BinaryInteger {
    /// So many of something, in words: "1 row", "3 rows".
    ///
    /// - Parameter noun: one of them; its plural takes an s.
    /// - Returns: the number and the noun.
    package func counted(_ noun: String) -> String { "\(self) \(noun)\(self == 1 ? "" : "s")" }
}
