/// What only the text of a SQLite table's definition tells: its checks, its generated columns.
struct SQLiteDefinition {
    /// A check constraint; the column for one that stands with it.
    struct Check {
        var name: String
        var condition: String
        var column: String?
    }

    private(set) var checks: [Check] = []
    /// The expressions of generated columns.
    private(set) var generated: [String: String] = [:]
    /// The declared types, as they stand.
    private(set) var types: [String: String] = [:]
    /// The declared types and collations, as they stand.
    private(set) var declarations: [String: String] = [:]
    /// The references of single columns, as they stand.
    private(set) var references: [String: String] = [:]
    /// Constraints over several columns, as they stand.
    private(set) var otherConstraints: [String] = []
    private(set) var isWithoutRowID = false
    private(set) var isStrict = false
    private(set) var isSequenced = false

    private let words: SQLWords

    /// Reads a `CREATE TABLE`; anything else has nothing to tell.
    init(_ sql: String) {
        words = SQLWords(sql, .sqlite)
        guard words.isKeyword(0, "CREATE"),
            let open = words.words.indices.first(where: { words.isMark($0, "(") }),
            words.words.prefix(open).contains(where: { $0.text.uppercased() == "TABLE" })
        else { return }
        for part in words.parts(inBracket: open) { read(part) }
        let end = words.closing(open)
        isSequenced = words.words[open..<end].contains {
            $0.sort == .name && $0.text.uppercased() == "AUTOINCREMENT"
        }
        let options = words.words[end...].map { $0.text.uppercased() }
        isWithoutRowID = options.contains("WITHOUT")
        isStrict = options.contains("STRICT")
    }

    private static let tableConstraints: Set = [
        "CONSTRAINT", "PRIMARY", "UNIQUE", "CHECK", "FOREIGN",
    ]
    private static let columnConstraints: Set = [
        "CONSTRAINT", "PRIMARY", "NOT", "NULL", "UNIQUE", "CHECK", "DEFAULT", "COLLATE",
        "REFERENCES", "GENERATED", "AS",
    ]

    private mutating func read(_ part: Range<Int>) {
        guard let first = part.first else { return }
        let isConstraint =
            words.words[first].sort == .name
            && Self.tableConstraints.contains(words.words[first].text.uppercased())
        let column = isConstraint ? nil : words.words[first].text
        if let column {
            types[column] = type(in: part)
            declarations[column] = (types[column] ?? "") + collation(in: part)
            references[column] = reference(in: part)
        } else if isOfSeveral(part) {
            otherConstraints.append(words.text(from: first, through: part.upperBound - 1))
        } else if let key = part.first(where: { words.isKeyword($0, "FOREIGN") }) {
            references[words.words[key + 3].text] = reference(in: part)
        }
        var name = ""
        var index = first
        while index < part.upperBound {
            if words.isKeyword(index, "CONSTRAINT"), index + 1 < part.upperBound {
                name = words.words[index + 1].text
                index += 2
                continue
            }
            let isExpression =
                (words.isKeyword(index, "CHECK") || words.isKeyword(index, "AS"))
                && words.isMark(index + 1, "(")
            if isExpression {
                let end = words.closing(index + 1)
                let text = words.text(from: index + 2, through: end - 1)
                if words.isKeyword(index, "CHECK") {
                    checks.append(Check(name: name, condition: text, column: column))
                } else if let column {
                    generated[column] = text
                }
                index = end + 1
                continue
            }
            index = words.isMark(index, "(") ? words.closing(index) + 1 : index + 1
        }
    }

    /// Whether a schema can't express a table's constraint: a reference of several columns.
    private func isOfSeveral(_ part: Range<Int>) -> Bool {
        guard let key = part.first(where: { words.isKeyword($0, "FOREIGN") }) else { return false }
        return words.isMark(key + 2, "(") && words.parts(inBracket: key + 2).count > 1
    }

    /// From `REFERENCES` to the last word that belongs to it.
    private func reference(in part: Range<Int>) -> String? {
        guard let start = part.first(where: { words.isKeyword($0, "REFERENCES") }) else {
            return nil
        }
        var end = start + 1
        var index = start + 2
        while index < part.upperBound {
            if words.isMark(index, "(") {
                index = words.closing(index)
            } else if !isOfReference(index) {
                break
            }
            end = index
            index += 1
        }
        return words.text(from: start, through: end)
    }

    private func isOfReference(_ index: Int) -> Bool {
        let word = words.words[index].text.uppercased()
        if word == "NOT" { return words.isKeyword(index + 1, "DEFERRABLE") }
        // `SET NULL` is part of it, a `NULL` of its own is not.
        if word == "NULL" || word == "DEFAULT" { return words.isKeyword(index - 1, "SET") }
        return [
            "ON", "DELETE", "UPDATE", "SET", "CASCADE", "RESTRICT", "NO", "ACTION", "MATCH",
            "SIMPLE", "PARTIAL", "FULL", "DEFERRABLE", "INITIALLY", "DEFERRED", "IMMEDIATE",
        ].contains(word)
    }

    private func collation(in part: Range<Int>) -> String {
        guard let index = part.first(where: { words.isKeyword($0, "COLLATE") }),
            index + 1 < part.upperBound
        else { return "" }
        return " COLLATE " + words.words[index + 1].text
    }

    /// The words between a column's name and its first constraint.
    private func type(in part: Range<Int>) -> String {
        let start = part.lowerBound + 1
        let end =
            (start..<part.upperBound).first { index in
                words.words[index].sort == .name
                    && Self.columnConstraints.contains(words.words[index].text.uppercased())
            } ?? part.upperBound
        return start < end ? words.text(from: start, through: end - 1) : ""
    }
}
