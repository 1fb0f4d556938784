import Schemas

/// A condition that a list may ask for by name, and what must be given with it.
struct NamedFilter {
    let name: String
    /// In the order of their first use, each with the type of the column it is compared with;
    /// text where that can't be told.
    let parameters: [Column]

    /// - Parameters:
    ///   - name: as a list asks for it.
    ///   - condition: SQL with `:parameter` marks; those in texts are none, nor is `::`.
    ///   - table: the table whose columns the condition is about.
    init(_ name: String, _ condition: String, _ table: Table) {
        self.name = name
        var found: [Column] = []
        var column: Column?
        for word in Self.words(condition) {
            if word.hasPrefix(":") {
                let parameter = String(word.dropFirst())
                guard parameter != "user_id", !found.contains(where: { $0.name == parameter })
                else { continue }
                found.append(Column(parameter, column?.type ?? .text))
            } else if let named = table[word] {
                column = named
            }
        }
        parameters = found
    }

    /// Names and `:parameters`, without texts, numbers and marks.
    private static func words(_ sql: String) -> [String] {
        var words: [String] = []
        var word = ""
        var isText = false
        for character in sql + " " {
            if character == "'" { isText.toggle() }
            let isLetter = character.isLetter || character.isNumber || character == "_"
            if !isText, isLetter {
                word.append(character)
                continue
            }
            if !word.isEmpty, word != ":" { words.append(word) }
            word = character == ":" && !isText && word != ":" ? ":" : ""
        }
        return words
    }
}
