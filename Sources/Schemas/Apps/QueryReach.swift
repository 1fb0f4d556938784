/// What a query of an app's own must not reach: hashes of passwords, and the database's own tables.
package struct QueryReach {
    /// What is wrong, why, and what to do.
    package struct Complaint: Sendable, Equatable {
        package var summary: String
        package var why: String
        package var fix: String
    }

    private let words: SQLWords
    private let signIn: SignIn?
    /// Names of the app's own, in small letters.
    private let own: Set<String>
    /// Where the table of people stands as a table.
    private var tables: [Int] = []
    /// Where it is given another name.
    private var aliases: [Int] = []

    /// - Parameters:
    ///   - sql: the query.
    ///   - engine: whose words it is in.
    ///   - signIn: which table has the passwords.
    ///   - own: the names of the app's tables and columns.
    package init(_ sql: String, _ engine: DatabaseEngine, signIn: SignIn?, own: [String]) {
        words = SQLWords(sql, engine)
        self.signIn = signIn
        self.own = Set(own.map { $0.lowercased() })
        guard let people = signIn?.table.lowercased() else { return }
        tables = words.words.indices.filter { index in
            isName(index) && last(index) == people && (isRead(index) || isInBraces(index))
        }
        aliases = tables.compactMap(alias)
    }

    /// The first of each sort; none when all is well.
    package var complaints: [Complaint] {
        [disguise, systemName, password].compactMap(\.self)
    }

    // MARK: - The database's own

    /// Text that an engine reads otherwise than it looks, and that could hide the rest.
    private var disguise: Complaint? {
        let found: String?
        switch words.engine {
        case .sqlite: found = nil
        case .mariadb:
            let isHidden = words.bytes.indices.contains { index in
                let rest = words.bytes[index...]
                return rest.starts(with: "/*!".utf8) || rest.starts(with: "/*M!".utf8)
            }
            let isComment = words.words.indices.contains { words.isMark($0, "#") }
            found = isHidden ? "/*!" : isComment ? "#" : nil
        case .postgres:
            let isQuoted = words.words.contains { $0.sort == .name && $0.text.hasPrefix("$") }
            let isEscaped = words.words.indices.contains { index in
                words.isKeyword(index, "U") && words.isMark(index + 1, "&")
                    && words.words.indices.contains(index + 2)
                    && [.quotedName, .text].contains(words.words[index + 2].sort)
            }
            found = isQuoted ? "$$" : isEscaped ? "U&" : nil
        }
        return found.map {
            Complaint(
                summary: "`\($0)` can't stand in a query",
                why: "what is behind it can't be held against the app's rules",
                fix: "write comments as `-- `, and text in plain quotes")
        }
    }

    private var systemName: Complaint? {
        for index in words.words.indices where isName(index) {
            for name in words.words[index].text.lowercased().split(separator: ".")
            where !own.contains(String(name)) && isSystem(String(name), at: index) {
                return Complaint(
                    summary: "`\(name)` is the database's own",
                    why: "a query reads the app's tables alone",
                    fix: "leave it out")
            }
        }
        return nil
    }

    private func isSystem(_ name: String, at index: Int) -> Bool {
        if name.hasPrefix("_stead_") { return true }
        switch words.engine {
        case .sqlite:
            return name.hasPrefix("sqlite_") || name.hasPrefix("pragma_") || name == "dbstat"
        case .mariadb:
            if ["information_schema", "performance_schema", "load_file"].contains(name) {
                return true
            }
            return (name == "mysql" || name == "sys") && isRead(index)
        case .postgres:
            // Some functions run a text as a query.
            let runners: Set = ["ts_stat", "ts_rewrite", "dblink", "crosstab", "xpath_table"]
            return name.hasPrefix("pg_") || name == "information_schema"
                || name.firstRange(of: "_to_xml") != nil || runners.contains(name)
        }
    }

    // MARK: - Passwords

    private var password: Complaint? {
        guard let signIn, !tables.isEmpty else { return nil }
        let why = "`\(signIn.password)` holds the hashes of passwords: nobody reads it"
        if words.words.indices.contains(where: isPassword) {
            return Complaint(
                summary: "`\(signIn.table)` and `\(signIn.password)` can't stand in one query",
                why: why, fix: "leave `\(signIn.password)` out")
        }
        let isWhole = words.words.indices.contains { isStar($0) || words.isKeyword($0, "TABLE") }
        if isWhole || hasWholeRow {
            return Complaint(
                summary: "every column of `\(signIn.table)` can't be read at once", why: why,
                fix: "name the columns, each with its table, and join with JOIN")
        }
        let hasOtherNames = aliases.contains { words.isMark($0 + 1, "(") }
        return hasOtherNames
            ? Complaint(
                summary: "the columns of `\(signIn.table)` can't be given other names at once",
                why: why, fix: "name the columns after SELECT, with AS") : nil
    }

    private func isPassword(_ index: Int) -> Bool {
        guard let signIn, last(index) == signIn.password.lowercased(),
            !words.isMark(index - 1, ":")
        else { return false }
        if words.words[index].sort == .name || words.words[index].sort == .quotedName {
            return true
        }
        // SQLite takes a text after a point for a name.
        return words.engine == .sqlite && words.words[index].sort == .text && index > 0
            && words.words[index - 1].text.hasSuffix(".")
    }

    /// A star that stands for columns, not for a product or a count.
    private func isStar(_ index: Int) -> Bool {
        guard words.isMark(index, "*"), index > 0 else { return false }
        let isFirst = ["SELECT", "DISTINCT", "ALL"].contains { words.isKeyword(index - 1, $0) }
        return isFirst || words.isMark(index - 1, ",")
            || words.words[index - 1].text.hasSuffix(".")
    }

    /// In PostgreSQL a table's name is also the name of its whole row.
    private var hasWholeRow: Bool {
        guard words.engine == .postgres, let signIn else { return false }
        let others = aliases.map { words.words[$0].text.lowercased() }
        let names = Set(others + [signIn.table.lowercased()])
        let tables = tables.filter { isInBraces($0) || !words.isMark($0 - 1, ",") }
        return words.words.indices.contains { index in
            let next = words.words.indices.contains(index + 1) ? words.words[index + 1].text : ""
            return isName(index) && names.contains(words.words[index].text.lowercased())
                && !tables.contains(index) && !aliases.contains(index) && !next.hasPrefix(".")
        }
    }

    // MARK: - Words

    private func isName(_ index: Int) -> Bool {
        switch words.words[index].sort {
        case .name, .quotedName: true
        // SQLite takes a text for a name where only a name can stand.
        case .text: words.engine == .sqlite && isRead(index)
        default: false
        }
    }

    /// The last part of a name, in small letters.
    private func last(_ index: Int) -> String {
        let word = words.words[index]
        let parts = word.text.split(separator: ".", omittingEmptySubsequences: false)
        return (word.sort == .name ? String(parts.last ?? "") : word.text).lowercased()
    }

    private func isInBraces(_ index: Int) -> Bool {
        words.isMark(index - 1, "{") && words.isMark(index + 1, "}")
    }

    /// Whether it stands where a table is read.
    private func isRead(_ index: Int) -> Bool {
        let isAfter = ["FROM", "JOIN", "ONLY", "TABLE"].contains {
            words.isKeyword(index - 1, $0)
        }
        return isAfter || words.isMark(index - 1, ",") || words.isMark(index - 1, "(")
            || (index > 0 && words.words[index - 1].text.hasSuffix("."))
    }

    private func alias(ofTableAt index: Int) -> Int? {
        var next = isInBraces(index) ? index + 2 : index + 1
        if words.isKeyword(next, "AS") { next += 1 }
        return QueryText.isAlias(words, next) ? next : nil
    }
}
