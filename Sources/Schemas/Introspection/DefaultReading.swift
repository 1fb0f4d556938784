/// Reads the defaults that databases report.
enum DefaultReading {
    /// A default's SQL as a value; nil for `NULL`, which is none.
    ///
    /// - Parameters:
    ///   - sql: the engine's own words.
    ///   - type: what the column holds.
    static func value(_ sql: String, for type: ColumnType) -> DefaultValue? {
        let text = unwrapped(sql)
        let upper = text.uppercased()
        if upper == "NULL" || upper.hasPrefix("NULL::") { return nil }
        if isClock(upper) { return .now }
        if upper.hasPrefix("UUID(") || upper.hasPrefix("GEN_RANDOM_UUID(") { return .uuid }
        if upper.hasPrefix("LOWER(HEX(RANDOMBLOB(4))") { return .uuid }
        return literal(text, for: type).map(DefaultValue.literal) ?? .expression(text)
    }

    private static func isClock(_ upper: String) -> Bool {
        let words: [String] = [
            "CURRENT_TIMESTAMP", "CURRENT_DATE", "NOW(", "DATE('NOW')", "DATETIME('NOW'",
            "STRFTIME('%Y-%M-%D %H:%M:%F', 'NOW')", "STRFTIME('%Y-%M-%D %H:%M:%FZ'", "CURDATE(",
            "STATEMENT_TIMESTAMP(", "TRANSACTION_TIMESTAMP(",
        ]
        // A clock of which more is made is something else.
        return words.contains { upper.hasPrefix($0) }
            && !upper.contains(" + ") && !upper.contains(" - INTERVAL")
    }

    /// What stands in quotes, or is a number or a truth value; a cast after it is left out.
    private static func literal(_ text: String, for type: ColumnType) -> String? {
        let words = SQLWords(text)
        guard let first = words.words.first else { return nil }
        let isCast = words.words.count > 2 && words.isMark(1, ":") && words.isMark(2, ":")
        switch first.sort {
        case .text: return words.words.count == 1 || isCast ? first.text : nil
        case .number: return words.words.count == 1 || isCast ? first.text : nil
        case .mark where first.text == "-" || first.text == "+":
            guard words.words.count >= 2, words.words[1].sort == .number else { return nil }
            let isLast = words.words.count == 2 || words.isMark(2, ":")
            return isLast ? (first.text == "-" ? "-" : "") + words.words[1].text : nil
        case .name:
            guard words.words.count == 1 || isCast else { return nil }
            let lower = first.text.lowercased()
            return lower == "true" || lower == "false" ? lower : nil
        case .quotedName: return words.words.count == 1 ? first.text : nil
        default: return nil
        }
    }

    /// Without brackets around the whole of it.
    private static func unwrapped(_ sql: String) -> String {
        let words = SQLWords(sql)
        let count = words.words.count
        guard count > 2, words.isMark(0, "("), words.closing(0) == count - 1 else {
            return words.text(from: 0, through: count - 1)
        }
        return unwrapped(words.text(from: 1, through: count - 2))
    }
}

extension DefaultValue {
    /// Whether two defaults of a column of this type come to the same.
    func isSame(as other: DefaultValue, for type: ColumnType) -> Bool {
        guard case .literal(let left) = self, case .literal(let right) = other else {
            return self == other
        }
        switch type.base {
        case .int, .float, .decimal:
            guard let left = Double(left), let right = Double(right) else { break }
            return left == right
        case .bool: return Self.truth(left) == Self.truth(right)
        default: break
        }
        return left == right
    }

    private static func truth(_ text: String) -> String {
        switch text.lowercased() {
        case "1", "true", "t": "true"
        case "0", "false", "f": "false"
        default: text
        }
    }
}
