/// The text of a query, with its tables and marks found.
package struct QueryText: Sendable {
    /// A piece of it.
    package enum Piece: Sendable, Equatable {
        case sql(String)
        /// `{tasks}`: the rows of a table that the caller may see.
        case rows(String, hasAlias: Bool)
    }

    package private(set) var pieces: [Piece] = []
    private let words: SQLWords

    package init(_ sql: String, _ engine: DatabaseEngine) {
        words = SQLWords(sql, engine)
        var start = 0
        for index in words.words.indices where words.isMark(index, "{") {
            guard index + 2 < words.words.count, words.isMark(index + 2, "}") else { continue }
            let open = words.words[index].range.lowerBound
            pieces.append(.sql(Self.text(words.bytes, start..<open)))
            pieces.append(
                .rows(words.words[index + 1].text, hasAlias: Self.isAlias(words, index + 3)))
            start = words.words[index + 2].range.upperBound
        }
        pieces.append(.sql(Self.text(words.bytes, start..<words.bytes.count)))
    }

    /// What may follow a table without being its alias.
    private static let followers: Set = [
        "WHERE", "JOIN", "LEFT", "RIGHT", "INNER", "OUTER", "CROSS", "FULL", "NATURAL", "ON",
        "USING", "ORDER", "GROUP", "HAVING", "LIMIT", "OFFSET", "UNION", "EXCEPT", "INTERSECT",
        "WINDOW", "FETCH", "FOR",
    ]

    static func isAlias(_ words: SQLWords, _ index: Int) -> Bool {
        guard words.words.indices.contains(index) else { return false }
        let word = words.words[index]
        return word.sort == .quotedName
            || (word.sort == .name && !followers.contains(word.text.uppercased()))
    }

    private static func text(_ bytes: [UInt8], _ range: Range<Int>) -> String {
        String(decoding: bytes[range], as: UTF8.self)
    }

    /// The tables in braces.
    package var tables: [String] {
        pieces.compactMap { piece in
            if case .rows(let table, _) = piece { table } else { nil }
        }
    }

    /// The names of `:name` marks.
    package var marks: [String] {
        words.words.indices.compactMap { index in
            let isMark =
                words.isMark(index, ":") && index + 1 < words.words.count
                && !words.isMark(index + 1, ":") && (index == 0 || !words.isMark(index - 1, ":"))
                && words.words[index + 1].sort == .name
                && words.words[index].range.upperBound == words.words[index + 1].range.lowerBound
            return isMark ? words.words[index + 1].text : nil
        }
    }

    package var firstWord: String { words.words.first?.text.uppercased() ?? "" }

    /// Whether a table is read by its bare name: after FROM, JOIN or a comma between tables.
    package func mentions(_ table: String) -> Bool {
        words.words.indices.contains { index in
            let word = words.words[index]
            guard word.sort == .name || word.sort == .quotedName, index > 0 else { return false }
            let name = word.text.split(separator: ".").last.map(String.init) ?? word.text
            guard name.lowercased() == table.lowercased() || word.text == table else {
                return false
            }
            return words.isKeyword(index - 1, "FROM") || words.isKeyword(index - 1, "JOIN")
                || words.isMark(index - 1, ",") || words.isMark(index - 1, ".")
                || (words.isMark(index - 1, "(") && !words.isMark(index + 1, "."))
        }
    }
}
