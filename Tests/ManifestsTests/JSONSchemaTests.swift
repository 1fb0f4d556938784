import FoundationEssentials
import Kinds
import Manifests
import Resources
import TestSupport
import Testing

private let goldens = Golden(of: "ManifestsTests")

@Suite("JSON Schema")
struct JSONSchemaTests {
    @Test("a field of every sort becomes what its golden file says")
    func sample() throws {
        try goldens.check("Schemas/Sample.txt") { _ in
            JSONSchema.text(of: KindEntry(Sample.self))
        }
    }

    @Test("the settings become what their golden file says")
    func settings() throws {
        try goldens.check("Schemas/Settings.txt") { _ in JSONSchema.textOfSettings }
    }

    private struct Combined: Decodable {
        struct Reference: Decodable, Equatable {
            var ref: String

            enum CodingKeys: String, CodingKey { case ref = "$ref" }
        }

        struct Definition: Decodable {
            struct Property: Decodable {
                var const: String?
                var description: String
            }

            var properties: [String: Property]
            var required: [String]
            var additionalProperties: Bool
        }

        var oneOf: [Reference]
        var definitions: [String: Definition]

        enum CodingKeys: String, CodingKey { case oneOf, definitions = "$defs" }
    }

    @Test("the schema of all kinds is one of each, told apart by `kind`")
    func combined() throws {
        let text = JSONSchema.text(of: Catalog.kinds)
        let schema = try JSONDecoder().decode(Combined.self, from: Data(text.utf8))
        let names = Catalog.kinds.map(\.name.rawValue)
        #expect(schema.oneOf.map(\.ref) == names.map { "#/$defs/\($0)" })
        for kind in Catalog.kinds {
            let definition = try #require(schema.definitions[kind.name.rawValue])
            #expect(definition.properties["kind"]?.const == kind.name.rawValue)
            #expect(definition.required.starts(with: ["kind", "name"]))
            #expect(!definition.additionalProperties)
            #expect(
                Set(definition.properties.keys)
                    == Set(
                        ["kind", "name", "labels", "drift", "guard", "health", "protect"]
                            + kind.fields.map(\.name)))
        }
    }

    @Test("the text is the same every time")
    func stable() {
        #expect(JSONSchema.text(of: Catalog.kinds) == JSONSchema.text(of: Catalog.kinds))
    }
}
