import Diagnostics
import SQL
import Schemas

/// Reads the filters of a list into conditions.
struct FilterParser {
    private let table: ServedTable
    private let role: String
    private let values: ValueReading
    private let dialect: Dialect
    private var conditions = 0

    /// How deep `or` and `and` may lie in each other.
    private static let depthLimit = 5

    init(_ table: ServedTable, role: String, engine: DatabaseEngine) {
        self.table = table
        self.role = role
        values = ValueReading(engine: engine)
        dialect = Dialect(engine)
    }

    // MARK: - Parameters

    /// The condition of a parameter `field`, `field[op]`, `or` or `and`.
    mutating func condition(_ parameter: QueryString.Parameter) throws(APIError) -> SQLFragment {
        if parameter.name == "or" || parameter.name == "and" {
            return try group(parameter.value[...], joinedBy: parameter.name, depth: 1)
        }
        let (name, word) = try Self.parts(of: parameter.name)
        let column = try column(name)
        guard let comparison = Comparison(rawValue: word) else {
            throw Self.unknown(operator: word, field: parameter.name)
        }
        return try condition(column, comparison, parameter.value)
    }

    /// `field[op]`, or `field` alone for `eq`.
    private static func parts(of name: String) throws(APIError) -> (String, String) {
        guard name.hasSuffix("]"), let open = name.lastIndex(of: "[") else { return (name, "eq") }
        let word = name[name.index(after: open)...].dropLast()
        return (String(name[..<open]), String(word))
    }

    private func column(_ name: String) throws(APIError) -> ServedColumn {
        guard let column = table.column(name), column.isReadable(by: role) else {
            let known = table.columns.filter { $0.isReadable(by: role) }.map(\.name)
            let hint = Suggestion.sentence(for: name, among: known).map { ": " + $0 } ?? ""
            throw .bad(
                "unknown_field", "`\(table.name)` has no field `\(name)`\(hint)", field: name)
        }
        return column
    }

    private static func unknown(operator word: String, field: String) -> APIError {
        let known = Comparison.allCases.map(\.rawValue)
        let hint =
            Suggestion.sentence(for: word, among: known)
            ?? "there are \(known.joined(separator: ", "))"
        return .bad("unknown_operator", "there is no operator `\(word)`: \(hint)", field: field)
    }

    // MARK: - Conditions

    private mutating func condition(
        _ column: ServedColumn, _ comparison: Comparison, _ text: String
    ) throws(APIError) -> SQLFragment {
        conditions += 1
        guard conditions <= ServingLimits.conditions else {
            throw .bad(
                "too_many_conditions", "at most \(ServingLimits.conditions) conditions are allowed")
        }
        if let sql = comparison.sql {
            let value = try value(text, column)
            // `<>` means all others, those without a value among them.
            let others = comparison == .ne ? " OR \(column.quoted) IS NULL" : ""
            let condition = "\(column.quoted) \(sql) \(column.comparand)\(others)"
            return SQLFragment(others.isEmpty ? condition : "(\(condition))", [value])
        }
        switch comparison {
        case .null: return try null(column, text)
        case .in, .nin: return try list(column, text, isNegated: comparison == .nin)
        case .between: return try between(column, text)
        case .like, .ilike, .contains: return try pattern(column, comparison, text)
        default: throw Self.unknown(operator: comparison.rawValue, field: column.name)
        }
    }

    private func value(_ text: String, _ column: ServedColumn) throws(APIError) -> SQLValue {
        // A string longer than its column is found nowhere, and no mistake.
        var type = column.type
        if type.base == .string { type = .text }
        if type.base == .json || type.base == .blob {
            throw .bad(
                "unknown_operator", "`\(column.name)` can only be compared with null",
                field: column.name)
        }
        do throws(ValueReading.Complaint) {
            return try values.value(text, for: type)
        } catch {
            throw .bad("invalid_value", "`\(column.name)` \(error.message)", field: column.name)
        }
    }

    private func null(_ column: ServedColumn, _ text: String) throws(APIError) -> SQLFragment {
        switch text {
        case "true": return SQLFragment("\(column.quoted) IS NULL")
        case "false": return SQLFragment("\(column.quoted) IS NOT NULL")
        default:
            throw .bad(
                "invalid_value", "`\(column.name)[null]` must be true or false",
                field: column.name)
        }
    }

    private func list(_ column: ServedColumn, _ text: String, isNegated: Bool) throws(APIError)
        -> SQLFragment
    {
        var bound: [SQLValue] = []
        for part in text.commaParts {
            bound.append(try value(String(part), column))
        }
        guard bound.count <= ServingLimits.listedValues else {
            throw .bad(
                "too_many_values", "at most \(ServingLimits.listedValues) values are allowed",
                field: column.name)
        }
        // Few different texts, so that few statements are prepared.
        let size = bound.count.nextPowerOfTwo
        let marks = Array(repeating: column.comparand, count: size).joined(separator: ", ")
        bound += Array(repeating: bound[bound.count - 1], count: size - bound.count)
        let condition = "\(column.quoted)\(isNegated ? " NOT" : "") IN (\(marks))"
        return isNegated
            ? SQLFragment("(\(condition) OR \(column.quoted) IS NULL)", bound)
            : SQLFragment(condition, bound)
    }

    private func between(_ column: ServedColumn, _ text: String) throws(APIError) -> SQLFragment {
        let parts = text.commaParts
        guard parts.count == 2 else {
            throw .bad(
                "invalid_value", "`\(column.name)[between]` needs two values, such as 1,9",
                field: column.name)
        }
        let bounds = [
            try value(String(parts[0]), column), try value(String(parts[1]), column),
        ]
        return SQLFragment(
            "\(column.quoted) BETWEEN \(column.comparand) AND \(column.comparand)", bounds)
    }

    private func pattern(_ column: ServedColumn, _ comparison: Comparison, _ text: String)
        throws(APIError) -> SQLFragment
    {
        guard column.type.isTextual else {
            throw .bad(
                "unknown_operator", "`\(comparison.rawValue)` is for text, not `\(column.name)`",
                field: column.name)
        }
        guard text.unicodeScalars.count <= ServingLimits.patternCharacters else {
            throw .bad(
                "invalid_value",
                "a pattern has at most \(ServingLimits.patternCharacters) characters",
                field: column.name)
        }
        switch comparison {
        case .contains:
            return dialect.like(column.quoted, "%\(text.escaped)%", ignoresCase: false)
        case .like: return dialect.like(column.quoted, text.asPattern, ignoresCase: false)
        default: return dialect.like(column.quoted, text.asPattern, ignoresCase: true)
        }
    }

    // MARK: - Groups

    /// `(a.eq.1,b.gt.2,or(c.null.true,…))`.
    private mutating func group(_ text: Substring, joinedBy word: String, depth: Int)
        throws(APIError) -> SQLFragment
    {
        guard depth <= Self.depthLimit else {
            throw .bad("too_deep", "groups may lie \(Self.depthLimit) deep in each other")
        }
        guard text.hasPrefix("("), text.hasSuffix(")") else {
            throw .bad(
                "invalid_group", "`\(word)` must be in brackets: (a.eq.1,b.gt.2)", field: word)
        }
        var fragments: [SQLFragment] = []
        for part in text.dropFirst().dropLast().topLevelParts {
            fragments.append(try member(part, depth))
        }
        guard !fragments.isEmpty else {
            throw .bad("invalid_group", "`\(word)` holds no condition", field: word)
        }
        return SQLFragment(
            "(" + fragments.map(\.sql).joined(separator: word == "or" ? " OR " : " AND ") + ")",
            fragments.flatMap(\.values))
    }

    private mutating func member(_ part: Substring, _ depth: Int) throws(APIError) -> SQLFragment {
        for word in ["or", "and"] where part.hasPrefix(word + "(") {
            return try group(part.dropFirst(word.count), joinedBy: word, depth: depth + 1)
        }
        // A field's name may hold points; an operator's doesn't.
        for comparison in Comparison.allCases {
            guard let mark = part.range(ofPart: ".\(comparison.rawValue).") else { continue }
            let name = String(part[..<mark.lowerBound])
            guard table.column(name) != nil else { continue }
            var value = String(part[mark.upperBound...])
            if comparison == .in || comparison == .nin || comparison == .between,
                value.hasPrefix("("), value.hasSuffix(")")
            {
                value = String(value.dropFirst().dropLast())
            }
            return try condition(try column(name), comparison, value)
        }
        let parts = part.split(separator: ".", maxSplits: 2)
        if let first = parts.first { _ = try column(String(first)) }
        throw Self.unknown(
            operator: parts.count > 1 ? String(parts[1]) : "", field: String(part))
    }
}

extension Int {
    /// The smallest power of two that is not less.
    var nextPowerOfTwo: Int {
        var power = 1
        while power < self { power *= 2 }
        return power
    }
}

extension Dialect {
    /// A column that is like a pattern; `!` escapes.
    func like(_ column: String, _ pattern: String, ignoresCase: Bool) -> SQLFragment {
        guard ignoresCase else {
            // MariaDB's collation is that of code points; SQLite is told to mind case.
            return SQLFragment("\(column) LIKE ? ESCAPE '!'", [.text(pattern)])
        }
        // Engines disagree on which small sigma a capital one becomes at the end of a word.
        let lowered = SQLValue.text(pattern.lowercased().replacing("ς", with: "σ"))
        let small =
            switch engine {
            case .sqlite: "stead_lower(\(column))"
            // The one letter whose small form is two code points, which MariaDB makes one.
            case .mariadb: "LOWER(replace(\(column), '\u{130}', 'i\u{307}'))"
            case .postgres: "lower(\(column) COLLATE \"und-x-icu\")"
            }
        return SQLFragment("replace(\(small), 'ς', 'σ') LIKE ? ESCAPE '!'", [lowered])
    }
}
