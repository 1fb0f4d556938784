import Schemas

/// The query of a table's list.
struct ListParameters {
    let app: ServedApp
    let table: ServedTable

    init(_ app: ServedApp, _ table: ServedTable) {
        self.app = app
        self.table = table
    }

    /// Filters alone, as bulk changes take them too.
    func writeFilters(to json: inout JSONWriter) {
        for column in table.readable {
            for test in FilterOperator.allCases where test.applies(to: column.type) {
                writeFilter(column, test, to: &json)
            }
        }
        writeAlternatives(to: &json)
        writeNamedFilters(to: &json)
    }

    /// What shapes the rows of any answer.
    func writeShape(to json: inout JSONWriter) {
        Self.query("fields", "The fields of the rows, instead of all.", to: &json) { schema in
            schema.member("type", "array")
            schema.member("minItems", 1)
            schema.member("uniqueItems", true)
            schema.object("items") { items in
                items.member("type", "string")
                items.array("enum", table.readable.map(\.name))
            }
        }
        guard !table.relations.isEmpty else { return }
        let text = "Rows that belong to these, in parentheses the fields of them."
        Self.query("include", text, to: &json) { schema in
            schema.member("type", "array")
            schema.member("minItems", 1)
            schema.member("uniqueItems", true)
            schema.object("items") { items in
                items.member("type", "string")
                items.array("enum", table.relations.map(\.name))
            }
        }
    }

    func writeOrder(to json: inout JSONWriter) {
        guard !table.sortable.isEmpty else { return }
        let text = "Fields, `-` before one for the largest first."
        Self.query("order", text, to: &json) { schema in
            schema.member("type", "array")
            schema.member("minItems", 1)
            schema.object("items") { items in
                items.member("type", "string")
                let names = RegularExpression.anyOf(table.sortable.map(\.name))
                items.member("pattern", "^-?\(names)(\\.nulls(first|last))?$")
            }
        }
    }

    // MARK: - Filters

    private func writeFilter(
        _ column: Column, _ test: FilterOperator, to json: inout JSONWriter
    ) {
        let name = test == .eq ? column.name : "\(column.name)[\(test.rawValue)]"
        Self.query(name, nil, to: &json) { schema in
            switch test {
            case .null: schema.member("type", "boolean")
            case .in, .nin, .between:
                schema.member("type", "array")
                schema.member("minItems", test == .between ? 2 : 1)
                schema.member("maxItems", test == .between ? 2 : 100)
                schema.object("items") { item in writeItem(column, to: &item) }
            default: ValueSchema(column: column, use: .text).write(to: &schema)
            }
        }
    }

    /// One of several values: what divides them can't be in it.
    private func writeItem(_ column: Column, to json: inout JSONWriter) {
        guard column.type.base == .string || column.type.base == .text else {
            return ValueSchema(column: column, use: .text).write(to: &json)
        }
        json.member("type", "string")
        json.member("pattern", "^\(Self.plainText)$")
    }

    private static let plainText = #"[^\u0000-\u001f,()"\\.]+"#

    /// `or=(a.eq.1,and(b.gt.2,c.lt.3))`.
    private func writeAlternatives(to json: inout JSONWriter) {
        var conditions: [String] = []
        for column in table.sortable {
            let isText = column.type.base == .string || column.type.base == .text
            let value =
                isText
                ? Self.plainText : ValueSchema(column: column, use: .text).pattern ?? Self.plainText
            let tests = FilterOperator.allCases.filter {
                ![.in, .nin, .between, .null].contains($0) && $0.applies(to: column.type)
            }
            let names = tests.map(\.rawValue).joined(separator: "|")
            conditions.append("\(RegularExpression.escape(column.name))\\.(\(names))\\.\(value)")
        }
        guard !conditions.isEmpty else { return }
        let condition = "(\(conditions.joined(separator: "|")))"
        let list = RegularExpression.list(of: condition)
        let nested = "(\(condition)|(and|or)\\(\(list)\\))"
        let text = "Conditions of which one must hold; `and(…)` and `or(…)` may be among them."
        Self.query("or", text, to: &json) { schema in
            schema.member("type", "string")
            schema.member("pattern", "^\\(\(RegularExpression.list(of: nested))\\)$")
        }
    }

    private func writeNamedFilters(to json: inout JSONWriter) {
        let names = table.table.rules.namedFilters.keys.sorted()
        guard !names.isEmpty else { return }
        let filters = names.map { name in
            NamedFilter(name, table.table.rules.namedFilters[name] ?? "", table.table)
        }
        let words = filters.filter { !$0.parameters.isEmpty }.map { filter in
            "`\(filter.name)` needs " + filter.parameters.map(\.name).joined(separator: ", ") + "."
        }
        let text = (["A condition of the app by name."] + words).joined(separator: " ")
        Self.query("filter", text, to: &json) { schema in
            schema.member("type", "string")
            schema.array("enum", names)
        }
        var written = Set(table.readable.map(\.name))
        for filter in filters {
            for parameter in filter.parameters where written.insert(parameter.name).inserted {
                Self.query(parameter.name, "For filter=\(filter.name).", to: &json) { schema in
                    ValueSchema(column: parameter, use: .text).write(to: &schema)
                }
            }
        }
    }

    /// Lists have commas between.
    static func query(
        _ name: String, _ description: String?, to json: inout JSONWriter,
        schema: (inout JSONWriter) -> Void
    ) {
        json.object { parameter in
            parameter.member("name", name)
            parameter.member("in", "query")
            if let description { parameter.member("description", description) }
            parameter.member("style", "form")
            parameter.member("explode", false)
            parameter.object("schema", schema)
        }
    }
}
