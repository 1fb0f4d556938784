package import Resources

/// Field tables as JSON Schema, for editors that check YAML as it is written.
///
/// Source: JSON Schema 2020-12, core and validation.
package enum JSONSchema {
    private static let dialect = "https://json-schema.org/draft/2020-12/schema"

    /// The schema of one kind's documents, with a line break at its end.
    package static func text(of kind: KindEntry) -> String {
        text([head(title: kind.name.rawValue), members(of: kind)])
    }

    /// The schema of `stead.yaml`.
    package static var textOfSettings: String {
        let members =
            describe("The settings of desired state.")
            + object(of: SettingsTable.table.descriptions)
        return text([head(title: "Settings"), members])
    }

    /// One schema for documents of any of these kinds, told apart by `kind`.
    package static func text(of kinds: [KindEntry]) -> String {
        let references = kinds.map { kind in
            JSONText.object([.init("$ref", .string("#/$defs/\(kind.name)"))])
        }
        let definitions = kinds.map { kind in
            JSONText.Member(kind.name.rawValue, .object(members(of: kind)))
        }
        return text([
            head(title: "Desired state"),
            describe("A document declares one resource; its `kind` says which fields it has."),
            [.init("oneOf", .array(references)), .init("$defs", .object(definitions))],
        ])
    }

    private static func text(_ parts: [[JSONText.Member]]) -> String {
        JSONText.object(parts.flatMap(\.self)).render() + "\n"
    }

    private static func head(title: String) -> [JSONText.Member] {
        [.init("$schema", .string(dialect)), .init("title", .string(title))]
    }

    private static func describe(_ text: String) -> [JSONText.Member] {
        [.init("description", .string(text))]
    }

    private static func members(of kind: KindEntry) -> [JSONText.Member] {
        let name = JSONText.Member(
            "kind",
            .object([
                .init("description", .string("What the document declares.")),
                .init("const", .string(kind.name.rawValue)),
            ]))
        return describe(kind.summary)
            + object(
                of: DocumentHead.table.descriptions + kind.fields, also: [name], required: ["kind"])
    }

    private static func object(
        of fields: [FieldDescription], also properties: [JSONText.Member] = [],
        required: [String] = []
    ) -> [JSONText.Member] {
        let names = required + fields.filter(\.isRequired).map(\.name)
        let all = properties + fields.map { .init($0.name, .object(property($0))) }
        var members: [JSONText.Member] = [
            .init("type", .string("object")), .init("properties", .object(all)),
        ]
        if !names.isEmpty {
            members.append(.init("required", .array(names.map(JSONText.string))))
        }
        return members + [.init("additionalProperties", .bool(false))]
    }

    private static func property(_ field: FieldDescription) -> [JSONText.Member] {
        var members = describe(field.documentation) + constraint(field.schema)
        if let value = field.defaultText.flatMap({ JSONText(yaml: $0, as: field.schema) }) {
            members.append(.init("default", value))
        }
        if let example = JSONText(yaml: field.example, as: field.schema) {
            members.append(.init("examples", .array([example])))
        }
        return members
    }

    private static func constraint(_ schema: FieldSchema) -> [JSONText.Member] {
        switch schema {
        case .string(let pattern):
            [type("string")] + (pattern.map { [.init("pattern", .string($0))] } ?? [])
        case .integer(let range):
            [
                type("integer"), .init("minimum", .int(range.lowerBound)),
                .init("maximum", .int(range.upperBound)),
            ]
        case .boolean: [type("boolean")]
        case .enumeration(let words): [.init("enum", .array(words.map(JSONText.string)))]
        case .list(let element, let minimum):
            [type("array"), .init("items", .object(constraint(element)))]
                + (minimum > 0 ? [.init("minItems", .int(minimum))] : [])
        case .map(let element):
            [type("object"), .init("additionalProperties", .object(constraint(element)))]
        case .record(let fields): object(of: fields)
        case .oneOf(let schemas):
            [.init("anyOf", .array(schemas.map { .object(constraint($0)) }))]
        case .reference: constraint(FieldType<String>.name.schema)
        case .scalar:
            [.init("type", .array(["string", "number", "boolean"].map(JSONText.string)))]
        }
    }

    private static func type(_ name: String) -> JSONText.Member { .init("type", .string(name)) }
}
