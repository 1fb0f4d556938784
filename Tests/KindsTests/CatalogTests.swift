import Kinds
import Resources
import Testing

@Suite struct CatalogTests {
    private static let templates = [
        "nginx/frontend": "{{serverNames}} {{upstream}} {{bodyLimit}}\n"
    ]

    @Test("every kind's example loads", arguments: Catalog.kinds.indices)
    func examples(_ index: Int) {
        let entry = Catalog.kinds[index]
        let tree = SampleTree(entry.example, templates: Self.templates)
        #expect(tree.findings.isEmpty, "\(tree.report)")
        // A query is part of its app, and a policy is rules over others.
        guard entry.declaresResources else { return }
        #expect(tree.resources.count == 1)
        #expect(tree.resources.first?.kind == entry.name)
    }

    @Test("every field's example is one of its values", arguments: Catalog.kinds.indices)
    func fieldExamples(_ index: Int) {
        let entry = Catalog.kinds[index]
        for field in entry.fields where !field.example.contains("…") {
            let yaml =
                Self.without(field.name, entry.example) + "\(field.name): \(field.example)\n"
            let report = SampleTree(yaml, templates: Self.templates).report
            // The example may well conflict with the rest of the document, but it must read.
            let isRead = ["MAN102", "MAN105", "MAN106", "YAML"].allSatisfy { !report.contains($0) }
            #expect(isRead, "\(report)")
        }
    }

    /// The document without a field and the lines that belong to it.
    private static func without(_ field: String, _ yaml: String) -> String {
        var isInside = false
        var result = ""
        for line in yaml.split(separator: "\n") {
            if !line.hasPrefix(" ") { isInside = line.hasPrefix("\(field):") }
            if !isInside { result += line + "\n" }
        }
        return result
    }
}
