extension Table {
    /// A name in a condition over this table's rows that is compared as a column and is none; nil
    /// when there is none for certain.
    ///
    /// Only what stands left of a comparison is looked at, and nothing where there is a query
    /// within: the database itself knows the rest.
    package func unknownColumn(in sql: String, _ engine: DatabaseEngine) -> String? {
        let words = SQLWords(sql, engine)
        guard !words.words.indices.contains(where: { words.isKeyword($0, "SELECT") }) else {
            return nil
        }
        let known = Set(columns.map { $0.name.lowercased() })
        for index in words.words.indices where words.isCompared(index) {
            let word = words.words[index]
            let name = word.text.lowercased()
            guard !known.contains(name) else { continue }
            // A point leads to another table's columns.
            if word.sort == .name, name.contains(".") || SQLWords.notColumns.contains(name) {
                continue
            }
            return word.text
        }
        return nil
    }
}

extension SQLWords {
    /// Words that may be compared without being a column of the app's own.
    fileprivate static let notColumns: Set = [
        "end", "null", "true", "false", "unknown", "default", "user", "session_user",
        "current_user", "current_role", "current_date", "current_time", "current_timestamp",
        "current_catalog", "current_schema", "localtime", "localtimestamp", "utc_date",
        "utc_time", "utc_timestamp", "rowid", "oid", "_rowid_", "ctid", "xmin", "xmax",
        "tableoid", "not", "and", "or", "when", "then", "else", "case", "where", "is", "in",
        "like", "between", "interval", "microsecond", "second", "minute", "hour", "day", "week",
        "month", "quarter", "year", "any", "some", "all", "exists", "isnull", "notnull", "glob",
        "regexp", "rlike", "ilike", "similar", "match", "escape", "binary", "div", "mod", "xor",
    ]

    /// Whether a name stands alone on the left of a comparison.
    fileprivate func isCompared(_ index: Int) -> Bool {
        let word = words[index]
        guard word.sort == .name || word.sort == .quotedName, isComparison(index + 1) else {
            return false
        }
        // MariaDB's text may stand in these quotes.
        let isText = bytes[word.range.lowerBound] == UInt8(ascii: "\"") && engine == .mariadb
        // A mark, a cast's type, a collation, or a part of a longer name is no column.
        return !isText && !isMark(index - 1, ":") && !isMark(index - 1, "@")
            && !isKeyword(index - 1, "COLLATE") && !isKeyword(index - 1, "AS")
            && !isKeyword(index - 1, "ZONE") && !isQualifier(index - 1)
    }

    /// `tasks."done"` is a word with a point at its end, and another one.
    private func isQualifier(_ index: Int) -> Bool {
        words.indices.contains(index) && words[index].sort == .name
            && words[index].text.hasSuffix(".")
    }

    private func isComparison(_ index: Int) -> Bool {
        if isMark(index, "=") || isMark(index, "<") || isMark(index, ">") { return true }
        if isMark(index, "!") { return isMark(index + 1, "=") }
        return ["IS", "IN", "LIKE", "BETWEEN"].contains { isKeyword(index, $0) }
    }
}
