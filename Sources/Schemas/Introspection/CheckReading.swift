/// Reads the conditions of checks.
struct CheckReading {
    private let condition: String
    private let engine: DatabaseEngine

    init(_ condition: String, _ engine: DatabaseEngine) {
        self.condition = condition
        self.engine = engine
    }

    /// The values of `column IN ('a', 'b')`, of PostgreSQL's
    /// `((column)::text = ANY ((ARRAY['a'::character varying, …])::text[]))`, and of
    /// `column = 'a'`, which it makes of a single one; nil for anything else.
    func values(of column: String) -> [String]? {
        let words = SQLWords(condition, engine).words
        let texts = words.filter { $0.sort == .text }.map(\.text)
        guard !texts.isEmpty, !words.contains(where: { $0.sort == .number }) else { return nil }
        let names = words.filter { $0.sort == .name || $0.sort == .quotedName }
        let isMembership = names.contains { ["IN", "ANY"].contains($0.text.uppercased()) }
        let isEquality =
            texts.count == 1 && words.filter { $0.sort == .mark && $0.text == "=" }.count == 1
        let isAboutColumn = names.allSatisfy {
            $0.text == column || Self.allowed.contains($0.text.uppercased())
        }
        let marks = Set(words.filter { $0.sort == .mark }.map(\.text))
        guard isMembership || isEquality, isAboutColumn,
            names.contains(where: { $0.text == column }),
            marks.isSubset(of: ["(", ")", "[", "]", ",", ":", "="])
        else { return nil }
        return texts
    }

    private static let allowed: Set = [
        "IN", "ANY", "ARRAY", "TEXT", "CHARACTER", "VARYING", "BPCHAR", "COLLATE", "C",
        "_UTF8MB4", "_UTF8MB3", "_LATIN1",
    ]

    /// `json_valid(column)` and nothing else: what MariaDB adds to a column of type JSON.
    var isJSON: Bool {
        let words = SQLWords(condition, engine)
        return words.words.count == 4 && words.isKeyword(0, "JSON_VALID") && words.isMark(1, "(")
    }

    /// The column that a check is counted as one of: the last that its condition names, as those
    /// before it are there when it is.
    func column(among columns: [String]) -> String? {
        let words = SQLWords(condition, engine).words
        let quoted = Set(words.filter { $0.sort == .quotedName }.map(\.text))
        let plain = Set(words.filter { $0.sort == .name }.map { $0.text.lowercased() })
        return columns.last { quoted.contains($0) || plain.contains($0.lowercased()) }
    }
}
