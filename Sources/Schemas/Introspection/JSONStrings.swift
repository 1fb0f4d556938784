import FoundationEssentials

/// Lists of names, as databases hand them over in one column.
enum JSONStrings {
    /// The strings of a JSON array; nil for anything else.
    static func read(_ text: String) -> [String]? {
        try? JSONDecoder().decode([String].self, from: Data(text.utf8))
    }
}
