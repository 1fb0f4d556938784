import Schemas

/// What shapes the rows of an answer.
struct ListParameters {
    let app: ServedApp
    let table: ServedTable

    init(_ app: ServedApp, _ table: ServedTable) {
        self.app = app
        self.table = table
    }

    /// `fields` and `include`.
    func writeShape(to json: inout JSONWriter) {
        Self.query("fields", "The fields of the rows, instead of all.", to: &json) { schema in
            schema.member("type", "array")
            schema.member("minItems", 1)
            schema.object("items") { items in
                items.member("type", "string")
                items.array("enum", table.readable.map(\.name))
            }
        }
        guard let pattern = includePattern else { return }
        let text =
            "Rows that belong to these, such as `\(table.relations[0].name)`; in brackets the "
            + "fields of them, and what belongs to them."
        Self.query("include", text, to: &json) { schema in
            schema.member("type", "string")
            schema.member("pattern", pattern)
        }
    }

    /// `project,tags(color,user)`; brackets may lie deeper in each other, which no expression of
    /// a bearable length says.
    private var includePattern: String? {
        let relations = table.relations.compactMap { relation -> String? in
            guard let far = app.table(relation.table) else { return nil }
            let names = far.readable.map(\.name) + far.relations.map(\.name)
            let inner = RegularExpression.list(of: RegularExpression.anyOf(names))
            return RegularExpression.escape(relation.name) + "(\\(\(inner)\\))?"
        }
        guard !relations.isEmpty else { return nil }
        let one = "(\(relations.joined(separator: "|")))"
        return "^(\(one)(,\(one)){0,\(ServingLimits.includedRelations - 1)})?$"
    }

    func writeOrder(to json: inout JSONWriter) {
        guard !table.sortable.isEmpty else { return }
        let text = "Fields, `-` before one for the largest first."
        Self.query("order", text, to: &json) { schema in
            schema.member("type", "array")
            schema.member("maxItems", ServingLimits.orderFields)
            schema.object("items") { items in
                items.member("type", "string")
                let names = RegularExpression.anyOf(table.sortable.map(\.name))
                items.member("pattern", "^-?\(names)(\\.nulls(first|last))?$")
            }
        }
    }

    /// Lists have commas between, and an object's members are parameters.
    static func query(
        _ name: String, _ description: String?, isRequired: Bool = false, explodes: Bool = false,
        to json: inout JSONWriter, schema: (inout JSONWriter) -> Void
    ) {
        json.object { parameter in
            parameter.member("name", name)
            parameter.member("in", "query")
            if let description { parameter.member("description", description) }
            if isRequired { parameter.member("required", true) }
            parameter.member("style", "form")
            parameter.member("explode", explodes)
            parameter.object("schema", schema)
        }
    }
}
