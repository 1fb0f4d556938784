/// Pieces of SQL, held against what an engine makes of them.
struct SQLText {
    private let sql: String
    private let engine: DatabaseEngine

    init(_ sql: String, _ engine: DatabaseEngine) {
        self.sql = sql
        self.engine = engine
    }

    /// Whether two come to the same but for brackets, casts, case and quotes.
    func isSame(as other: String) -> Bool {
        plain == SQLText(other, engine).plain
    }

    /// The same with another name in place of one, as a rename leaves it in the database.
    func renaming(_ former: String, to name: String) -> String {
        let words = SQLWords(sql, engine)
        var bytes = words.bytes
        for word in words.words.reversed()
        where (word.sort == .name || word.sort == .quotedName)
            && word.text.lowercased() == former.lowercased()
        {
            bytes.replaceSubrange(word.range, with: Dialect(engine).quoted(name).utf8)
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private var plain: [String] {
        let words = SQLWords(sql, engine)
        var plain: [String] = []
        var index = 0
        while index < words.words.count {
            if words.isMark(index, ":"), words.isMark(index + 1, ":") {
                index += 2
                while index < words.words.count, isOfType(words.words[index]) { index += 1 }
                continue
            }
            let word = words.words[index]
            index += 1
            switch word.sort {
            case .mark where word.text == "(" || word.text == ")": continue
            case .name: plain.append(Self.usual(word.text.lowercased()))
            case .quotedName: plain.append(word.text.lowercased())
            case .text: plain.append("'" + word.text)
            default: plain.append(word.text)
            }
        }
        return plain
    }

    /// MariaDB has other words for some of its functions.
    private static func usual(_ name: String) -> String {
        ["ucase": "upper", "lcase": "lower", "character_length": "char_length"][name] ?? name
    }

    /// Whether a word after `::` is still the type.
    private func isOfType(_ word: SQLWords.Word) -> Bool {
        word.sort == .name || word.sort == .quotedName || word.text == "[" || word.text == "]"
    }

    /// The same with other names for columns.
    func renamed(_ names: [String: String]) -> String {
        let words = SQLWords(sql, engine)
        var bytes = words.bytes
        for word in words.words.reversed() where word.sort == .name || word.sort == .quotedName {
            guard let new = names[word.text] else { continue }
            bytes.replaceSubrange(word.range, with: Array(Dialect(engine).quoted(new).utf8))
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
