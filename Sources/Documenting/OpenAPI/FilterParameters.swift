import Schemas

/// The filters of a table's rows: a parameter each for a list, all in one object for changes of
/// many rows, which need at least one.
struct FilterParameters {
    private let table: ServedTable
    private let named: [NamedFilter]

    init(_ table: ServedTable) {
        self.table = table
        let conditions = table.table.rules.namedFilters
        named = conditions.keys.sorted().map { name in
            NamedFilter(name, conditions[name] ?? "", table.table)
        }
    }

    /// Parameters of a list.
    func write(to json: inout JSONWriter) {
        for (column, test) in tests {
            ListParameters.query(Self.name(column, test), nil, to: &json) {
                writeValue(column, test, to: &$0)
            }
        }
        for word in groups {
            ListParameters.query(word, Self.groupText(word), to: &json) { schema in
                schema.member("$ref", groupReference)
            }
        }
        guard !named.isEmpty else { return }
        let text = "A condition of the app by name, with what it needs."
        ListParameters.query("filter", text, explodes: true, to: &json) { schema in
            schema.member("type", "object")
            schema.member("additionalProperties", false)
            schema.array("required", ["filter"])
            schema.object("properties") { writeNamed(to: &$0) }
            writeDependencies(to: &schema)
        }
    }

    /// One parameter whose members are those of the URL, for changes of many rows.
    func writeWhole(to json: inout JSONWriter) {
        let text = "Which rows: at least one filter, as lists take them."
        ListParameters.query("filters", text, isRequired: true, explodes: true, to: &json) {
            schema in
            schema.member("type", "object")
            schema.member("additionalProperties", false)
            schema.member("minProperties", 1)
            schema.member("maxProperties", ServingLimits.conditions)
            schema.object("properties") { properties in
                for (column, test) in tests {
                    properties.object(Self.name(column, test)) {
                        writeText(column, test, to: &$0)
                    }
                }
                for word in groups {
                    properties.object(word) { $0.member("$ref", groupReference) }
                }
                writeNamed(to: &properties)
            }
            writeDependencies(to: &schema)
        }
    }

    // MARK: - Single conditions

    private var tests: [(Column, FilterOperator)] {
        table.readable.flatMap { column in
            FilterOperator.allCases.filter { $0.applies(to: column.type) }.map { (column, $0) }
        }
    }

    private static func name(_ column: Column, _ test: FilterOperator) -> String {
        test == .eq ? column.name : "\(column.name)[\(test.rawValue)]"
    }

    private func writeValue(
        _ column: Column, _ test: FilterOperator, to json: inout JSONWriter
    ) {
        switch test {
        case .in, .nin, .between:
            json.member("type", "array")
            json.member("minItems", test == .between ? 2 : 1)
            json.member("maxItems", test == .between ? 2 : ServingLimits.listedValues)
            json.object("items") { item in writeItem(column, to: &item) }
        default: writeText(column, test, to: &json)
        }
    }

    /// One of several values: what divides them can't be in it.
    private func writeItem(_ column: Column, to json: inout JSONWriter) {
        guard column.type.isFreeText else {
            return ValueSchema(column: column, use: .text).write(to: &json)
        }
        json.member("type", "string")
        json.member("pattern", "^\(Self.listedText)$")
    }

    private func writeText(
        _ column: Column, _ test: FilterOperator, to json: inout JSONWriter
    ) {
        switch test {
        case .null: json.member("type", "boolean")
        case .in, .nin, .between:
            let value = column.type.isFreeText ? Self.listedText : Self.pattern(column)
            json.member("type", "string")
            let more = test == .between ? "" : "*"
            json.member("pattern", "^\(value)(,\(value))\(more)$")
        case .like, .ilike, .contains:
            json.member("type", "string")
            json.member("maxLength", ServingLimits.patternCharacters)
            json.member("pattern", "^\(ValueSchema.text)$")
        default: ValueSchema(column: column, use: .text).write(to: &json)
        }
    }

    private static let listedText = #"[^\u0000,]*"#
    private static let groupedText = #"[^\u0000,()]*"#

    private static func pattern(_ column: Column) -> String {
        ValueSchema(column: column, use: .text).pattern ?? groupedText
    }

    // MARK: - Groups

    private var groups: [String] { table.readable.isEmpty ? [] : ["or", "and"] }

    private static func groupText(_ word: String) -> String {
        "Conditions of which \(word == "or" ? "one" : "each") must hold; `and(…)` and `or(…)` "
            + "may be among them."
    }

    private var groupReference: String { "#/components/schemas/\(table.typeName).group" }

    /// The schema of `or` and `and`.
    func writeGroup(to json: inout JSONWriter) {
        guard !groups.isEmpty else { return }
        json.object(table.typeName + ".group") { schema in
            schema.member("type", "string")
            schema.member("pattern", groupPattern)
        }
    }

    /// `(a.eq.1,and(b.gt.2,c.in.(3,4)))`; groups may lie deeper in each other.
    private var groupPattern: String {
        var names: [String: [String]] = [:]
        for column in table.readable { names[groupEnd(column), default: []].append(column.name) }
        let conditions = names.sorted { $0.key < $1.key }.map { end, names in
            "\(RegularExpression.anyOf(names))\\.\(end)"
        }
        let condition = "(\(conditions.joined(separator: "|")))"
        let list = RegularExpression.list(of: condition)
        let nested = "(\(condition)|(and|or)\\(\(list)\\))"
        return "^\\(\(RegularExpression.list(of: nested))\\)$"
    }

    /// What stands behind a column in a group: operators and values.
    private func groupEnd(_ column: Column) -> String {
        let value = column.type.isFreeText ? Self.groupedText : Self.pattern(column)
        let known = FilterOperator.allCases.filter { $0.applies(to: column.type) }
        var ends = ["null\\.(true|false)"]
        if known.contains(.eq) {
            let single = known.filter { ![.in, .nin, .between, .null].contains($0) }
            ends.append("(\(single.map(\.rawValue).joined(separator: "|")))\\.\(value)")
            ends.append("(in|nin)\\.\\(\(RegularExpression.list(of: value))\\)")
        }
        if known.contains(.between) { ends.append("between\\.\\(\(value),\(value)\\)") }
        return "(\(ends.joined(separator: "|")))"
    }

    // MARK: - Conditions by name

    private func writeNamed(to json: inout JSONWriter) {
        guard !named.isEmpty else { return }
        json.object("filter") { schema in
            schema.member("type", "string")
            schema.array("enum", named.map(\.name))
        }
        for parameter in parameters {
            json.object(parameter.name) {
                ValueSchema(column: parameter, use: .text).write(to: &$0)
            }
        }
    }

    /// Those of all named filters, each once; the fields are filters by themselves.
    private var parameters: [Column] {
        var taken = Set(table.readable.map(\.name))
        return named.flatMap(\.parameters).filter { taken.insert($0.name).inserted }
    }

    /// What a filter needs, and what is nothing without it.
    private func writeDependencies(to json: inout JSONWriter) {
        let fields = Set(table.readable.map(\.name))
        let needing = named.filter { !$0.parameters.isEmpty }
        guard !needing.isEmpty else { return }
        json.array("allOf") { all in
            for filter in needing {
                all.object { rule in
                    rule.object("if") { condition in
                        condition.array("required", ["filter"])
                        condition.object("properties") { properties in
                            properties.object("filter") { $0.member("const", filter.name) }
                        }
                    }
                    rule.object("then") { $0.array("required", filter.parameters.map(\.name)) }
                }
            }
        }
        json.object("dependentSchemas") { rules in
            for parameter in parameters where !fields.contains(parameter.name) {
                let users = needing.filter { filter in
                    filter.parameters.contains { $0.name == parameter.name }
                }
                rules.object(parameter.name) { rule in
                    rule.array("required", ["filter"])
                    rule.object("properties") { properties in
                        properties.object("filter") { $0.array("enum", users.map(\.name)) }
                    }
                }
            }
        }
    }
}

extension ColumnType {
    /// Whether any text may stand in it.
    fileprivate var isFreeText: Bool { base == .string || base == .text }
}
