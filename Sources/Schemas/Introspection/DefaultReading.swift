/// Reads the defaults that databases report.
struct DefaultReading {
    private let engine: DatabaseEngine

    init(_ engine: DatabaseEngine) {
        self.engine = engine
    }

    /// A default's SQL as a value; nil for `NULL`, which is none.
    ///
    /// - Parameters:
    ///   - sql: the engine's own words.
    ///   - type: what the column holds.
    /// - Returns: the default; nil for none.
    func value(_ sql: String, for type: ColumnType) -> DefaultValue? {
        let text = unwrapped(sql)
        let upper = text.uppercased()
        if upper == "NULL" || upper.hasPrefix("NULL::") { return nil }
        if isClock(text) { return .now }
        if ["UUID()", "GEN_RANDOM_UUID()", "UUID_GENERATE_V4()"].contains(upper) { return .uuid }
        if upper.hasPrefix("LOWER(HEX(RANDOMBLOB(4))") { return .uuid }
        return literal(text, for: type).map(DefaultValue.literal) ?? .expression(text)
    }

    /// The current time or day, of which nothing more is made.
    private func isClock(_ text: String) -> Bool {
        let words = SQLWords(text, engine).words.map { $0.text.lowercased() }
        let plain = words.filter { !["(", ")", ":", "text", "date"].contains($0) }
        let clocks: Set = [
            "current_timestamp", "current_date", "now", "curdate", "localtimestamp",
            "statement_timestamp", "transaction_timestamp", "datetime",
        ]
        switch plain.count {
        case 1: return clocks.contains(plain[0])
        case 2 where plain[0] == "datetime": return plain[1] == "now"
        case 2: return clocks.contains(plain[0]) && Int(plain[1]) != nil
        case 4 where plain[0] == "strftime": return plain[3] == "now"
        default: return false
        }
    }

    /// What stands in quotes, or is a number or a truth value; a cast after it is left out.
    private func literal(_ text: String, for type: ColumnType) -> String? {
        let words = SQLWords(text, engine)
        guard let first = words.words.first else { return nil }
        func isWhole(_ count: Int) -> Bool {
            words.words.count == count || isCast(words, from: count)
        }
        switch first.sort {
        case .text, .number: return isWhole(1) ? first.text : nil
        case .mark where first.text == "-" || first.text == "+":
            guard words.words.count >= 2, words.words[1].sort == .number, isWhole(2) else {
                return nil
            }
            return (first.text == "-" ? "-" : "") + words.words[1].text
        case .name:
            if let bytes = bytes(words) { return bytes }
            let isIntroduced =
                first.text.hasPrefix("_utf8") && words.words.count == 2
                && words.words[1].sort == .text
            if isIntroduced { return words.words[1].text }
            let lower = first.text.lowercased()
            return isWhole(1) && (lower == "true" || lower == "false") ? lower : nil
        case .quotedName: return words.words.count == 1 ? first.text : nil
        default: return nil
        }
    }

    /// The text of `X'610A'`, when it is one.
    private func bytes(_ words: SQLWords) -> String? {
        guard words.words.count == 2, words.isKeyword(0, "X"), words.words[1].sort == .text,
            engine != .postgres
        else { return nil }
        var digits = words.words[1].text[...]
        var bytes: [UInt8] = []
        while !digits.isEmpty {
            guard let byte = UInt8(digits.prefix(2), radix: 16) else { return nil }
            bytes.append(byte)
            digits = digits.dropFirst(2)
        }
        return String(validating: bytes, as: UTF8.self)
    }

    /// Whether nothing but `::type` follows.
    private func isCast(_ words: SQLWords, from index: Int) -> Bool {
        guard words.isMark(index, ":"), words.isMark(index + 1, ":") else { return false }
        return words.words[(index + 2)...].allSatisfy {
            $0.sort == .name || $0.sort == .quotedName || $0.sort == .number
                || ["(", ")", ",", "[", "]"].contains($0.text)
        }
    }

    /// Without brackets around the whole of it, or around what is cast.
    private func unwrapped(_ sql: String) -> String {
        let words = SQLWords(sql, engine)
        let count = words.words.count
        guard count > 2, words.isMark(0, "(") else {
            return words.text(from: 0, through: count - 1)
        }
        let close = words.closing(0)
        if close == count - 1 { return unwrapped(words.text(from: 1, through: count - 2)) }
        guard isCast(words, from: close + 1) else { return words.text(from: 0, through: count - 1) }
        return unwrapped(words.text(from: 1, through: close - 1))
            + words.text(from: close + 1, through: count - 1)
    }
}

extension DefaultValue {
    /// Whether two defaults of a column of this type come to the same.
    func isSame(as other: DefaultValue, for type: ColumnType) -> Bool {
        guard case .literal(let left) = self, case .literal(let right) = other else {
            return self == other
        }
        if left == right { return true }
        switch type.base {
        case .int, .float, .decimal:
            guard let left = Double(left), let right = Double(right) else { break }
            return left == right
        case .bool: return Self.truth(left) == Self.truth(right)
        case .datetime:
            guard let left = Self.moment(left), let right = Self.moment(right) else { break }
            return left == right
        case .json:
            guard let left = Self.json(left), let right = Self.json(right) else { break }
            return left == right
        case .uuid: return left.lowercased() == right.lowercased()
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
