extension ColumnDifference {
    /// Whether every value of the old type is one of the new type.
    var isWidening: Bool {
        let (from, to) = (old.type, new.type)
        switch (from.base, to.base) {
        case (.string, .string): return (from.maximum ?? 255) <= (to.maximum ?? 255)
        case (.enumeration, .enumeration):
            return Set(from.values ?? []).isSubset(of: to.values ?? [])
        case (.enumeration, .string):
            return (from.values ?? []).allSatisfy {
                $0.unicodeScalars.count <= to.maximum ?? 255
            }
        case (.decimal, .decimal):
            guard let newDigits = to.precision else { return true }
            guard let oldDigits = from.precision else { return false }
            let (oldScale, newScale) = (from.scale ?? 0, to.scale ?? 0)
            return newScale >= oldScale && newDigits - newScale >= oldDigits - oldScale
        case (_, .text): return from.base != .blob
        case (.int, .float): return false
        default: return from.base == to.base
        }
    }
}

extension Dialect {
    /// A value of one type as another, for rows that are known to fit.
    func cast(_ value: String, from old: ColumnType, to new: ColumnType) -> String {
        guard old.base != new.base || engine == .postgres else { return value }
        if engine == .postgres {
            let name = typeName(new).split(separator: " COLLATE").first.map(String.init) ?? ""
            switch (old.base, new.base) {
            case (.bool, .int): return "\(value)::int::bigint"
            case (.int, .bool): return "(\(value) <> 0)"
            case (.json, _): return "(\(value) #>> '{}')::\(name)"
            case (_, .json) where old.base != .text: return "to_jsonb(\(value))"
            default: return "\(value)::text::\(name)"
            }
        }
        guard engine == .sqlite else { return value }
        switch new.base {
        case .int, .bool: return "CAST(\(value) AS INTEGER)"
        case .float: return "CAST(\(value) AS REAL)"
        case .string, .text, .enumeration: return "CAST(\(value) AS TEXT)"
        default: return value
        }
    }

    /// A condition that holds for the values which are none of the new type.
    func unfit(_ value: String, from old: ColumnType, for new: ColumnType) -> String {
        let text = asText(value)
        let condition: String
        switch new.base {
        case .string: condition = "char_length(\(text)) > \(new.maximum ?? 255)"
        case .enumeration:
            let values = (new.values ?? []).map(literal).joined(separator: ", ")
            condition = "\(text) NOT IN (\(values))"
        case .int where old.base == .bool: condition = "1 = 0"
        case .int where old.base == .float && engine == .sqlite:
            condition = "\(value) <> CAST(\(value) AS INTEGER)"
        case .int: condition = isNot(text, like: "^-?[0-9]{1,18}$")
        case .decimal where old.base == .decimal:
            condition = "\(value) <> round(\(value), \(new.scale ?? 0))"
        case .float, .decimal: condition = isNot(text, like: "^-?[0-9]+([.][0-9]+)?$")
        case .bool: condition = "lower(\(text)) NOT IN ('0', '1', 'true', 'false', 't', 'f')"
        case .uuid:
            condition = isNot(
                text, like: "^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$")
        case .date: condition = isNot(text, like: "^[0-9]{4}-[0-9]{2}-[0-9]{2}$")
        case .datetime:
            condition = isNot(text, like: "^[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9]{2}:[0-9]{2}.*$")
        case .json: condition = isNoJSON(text)
        default: condition = "1 = 1"
        }
        let sqlite = condition.replacing("char_length(", with: "length(")
        return "\(value) IS NOT NULL AND (\(engine == .sqlite ? sqlite : condition))"
    }

    /// PostgreSQL before 16 can only try: what begins like JSON is taken for it here, and refused
    /// by the migration itself, which is then undone.
    private func isNoJSON(_ text: String) -> String {
        engine == .postgres
            ? text + " !~ '^\\s*([\\[{\"0-9-]|true|false|null)'" : "NOT json_valid(\(text))"
    }

    private func asText(_ value: String) -> String {
        switch engine {
        case .sqlite: "CAST(\(value) AS TEXT)"
        case .mariadb: "CAST(\(value) AS CHAR)"
        case .postgres: "\(value)::text"
        }
    }

    /// SQLite has no regular expressions: there, what is not plainly fit is unfit.
    private func isNot(_ text: String, like pattern: String) -> String {
        switch engine {
        case .mariadb: return "\(text) NOT REGEXP \(literal(pattern))"
        case .postgres: return "\(text) !~ \(literal(pattern))"
        case .sqlite: break
        }
        if pattern.hasPrefix("^-?[0-9]{1,18}") {
            return "CAST(CAST(\(text) AS INTEGER) AS TEXT) <> \(text)"
        }
        if pattern.hasPrefix("^-?[0-9]+") {
            return "typeof(\(text) + 0) = 'text' OR \(text) GLOB '*[^0-9.-]*' OR \(text) = ''"
        }
        if pattern.contains("{8}") {
            return "length(\(text)) <> 36 OR \(text) GLOB '*[^0-9a-fA-F-]*'"
        }
        return pattern.contains(":")
            ? "datetime(\(text)) IS NULL OR length(\(text)) < 16"
            : "date(\(text)) IS NULL OR length(\(text)) <> 10"
    }
}
