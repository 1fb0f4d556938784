import Diagnostics

/// A `renamedFrom` that leads nowhere: what has it is made anew, and empty.
enum LostName {
    /// What to tell of it.
    ///
    /// - Parameters:
    ///   - old: what it says.
    ///   - thing: the column or table that says so.
    ///   - others: what could have been meant.
    ///   - isDeclared: whether the old name is declared as well, and so not free to be renamed.
    /// - Returns: one line.
    static func words(
        _ old: String, of thing: String, among others: [String], isDeclared: Bool = false
    ) -> String {
        let reason =
            isDeclared
            ? "`\(old)` is declared as well, and so not renamed"
            : "there is no `\(old)` to rename"
        let suggestion = isDeclared ? nil : Suggestion.sentence(for: old, among: others)
        return "\(thing) is made anew, and empty: \(reason)"
            + (suggestion.map { "; \($0)" } ?? "; correct `renamedFrom`, or remove it")
    }
}
