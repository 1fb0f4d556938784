import Diagnostics
import Glibc
import Kinds
import Resources
import Testing

/// The kinds' pages in docs/kinds/: their tables say what the field tables say, their examples load.
@Suite struct PagesTests {
    private static let root = GoldenFile.folder.split(separator: "/").dropLast(2)
        .map { "/\($0)" }.joined()
    private static let opening = "<!-- fields -->\n"
    private static let closing = "<!-- /fields -->"

    @Test("a page's table of fields is the kind's own", arguments: Catalog.kinds.indices)
    func tables(_ index: Int) throws {
        let entry = Catalog.kinds[index]
        let path = Self.path(of: entry)
        let page = String(decoding: try #require(Folder.read(path)), as: UTF8.self)
        let start = try #require(page.firstRange(of: Self.opening)).upperBound
        let end = try #require(page.firstRange(of: Self.closing)).lowerBound
        let table = Self.table(of: entry.fields)
        guard getenv("UPDATE_GOLDENS") == nil else {
            Folder.write(Array((page[..<start] + table + page[end...]).utf8), to: path)
            return
        }
        #expect(page[start..<end] == table, "run with UPDATE_GOLDENS=1")
    }

    @Test("a page begins with the kind's name and what it is", arguments: Catalog.kinds.indices)
    func titles(_ index: Int) throws {
        let entry = Catalog.kinds[index]
        let page = String(
            decoding: try #require(Folder.read(Self.path(of: entry))), as: UTF8.self)
        #expect(page.hasPrefix("# \(entry.name)\n\n"))
    }

    @Test("every YAML block of a page loads", arguments: Catalog.kinds.indices)
    func blocks(_ index: Int) throws {
        let path = Self.path(of: Catalog.kinds[index])
        let blocks = Self.yamlBlocks(
            in: String(decoding: try #require(Folder.read(path)), as: UTF8.self))
        #expect(!blocks.isEmpty)
        for block in blocks {
            let tree = SampleTree(block, templates: try Self.templates())
            #expect(tree.findings.isEmpty, "\(block)\n\(tree.report)")
            #expect(!tree.resources.isEmpty || !Catalog.kinds[index].declaresResources)
        }
    }

    private static func path(of entry: KindEntry) -> String {
        "\(root)/docs/kinds/\(entry.name.kebab).md"
    }

    /// The repository's own, and the one that the page on files speaks of.
    private static func templates() throws -> [String: String] {
        var templates = ["files/motd": "{{name}} {{team}}\n"]
        for name in Folder.names(in: root + "/templates/nginx") {
            let text = try #require(Folder.read("\(root)/templates/nginx/\(name)"))
            templates["nginx/" + name.prefix { $0 != "." }] = String(decoding: text, as: UTF8.self)
        }
        return templates
    }

    private static func table(of fields: [FieldDescription]) -> String {
        "| field | type | default | what it is |\n|---|---|---|---|\n"
            + fields.flatMap { rows(of: $0, below: "") }.map { $0 + "\n" }.joined()
    }

    /// A field, then the fields of the mapping that it may be.
    private static func rows(of field: FieldDescription, below parent: String) -> [String] {
        let name = parent + field.name
        let value = field.isRequired ? "required" : field.defaultText.map { "`\($0)`" } ?? ""
        let cells = ["`\(name)`", field.type, value, field.documentation]
        let row = cells.map { $0.replacing("|", with: "\\|") }.joined(separator: " | ")
        let isMap = if case .map = field.schema { true } else { false }
        let inner = records(in: field.schema).flatMap {
            rows(of: $0, below: name + (isMap ? ".NAME." : "."))
        }
        return ["| \(row) |"] + inner
    }

    private static func records(in schema: FieldSchema) -> [FieldDescription] {
        switch schema {
        case .record(let fields): fields
        case .oneOf(let schemas): schemas.flatMap(records)
        case .map(let schema), .list(let schema, _): records(in: schema)
        default: []
        }
    }

    private static func yamlBlocks(in page: String) -> [String] {
        page.split(separator: "```yaml\n").dropFirst().compactMap { part in
            part.firstRange(of: "```").map { String(part[..<$0.lowerBound]) }
        }
    }
}
