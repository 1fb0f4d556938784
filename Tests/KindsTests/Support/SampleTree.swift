import Diagnostics
import Kinds
import Resources
import YAML

/// A tree of a few documents, loaded the way the loader does it.
struct SampleTree {
    private(set) var resources: [any Resource] = []
    private(set) var findings: [Diagnostic] = []

    /// Loads documents, beside which a `Server` named `web-1` is there already unless they declare
    /// it, and templates by key: `nginx/frontend`.
    ///
    /// A document of an app lies in the folder of `prokov`, beside the examples of its other parts.
    init(_ yaml: String, file: String = "desired/test.yaml", templates: [String: String] = [:]) {
        var sources: [String: SourceText] = [:]
        for (name, text) in templates {
            sources[name] = SourceText(file: "templates/\(name).conf", bytes: Array(text.utf8))
        }
        let library = TemplateLibrary(sources, reporting: &findings)
        var servers = ["web-1": ServerSpec()]
        let isOfApp = ["App", "Schema", "Query"].contains { yaml.contains("kind: \($0)") }
        let place = isOfApp ? "desired/apps/prokov/queries/test.yaml" : file
        let read = read(SourceText(file: place, bytes: Array(yaml.utf8)))
        var parts = isOfApp ? Self.companions : [:]
        for document in read {
            if let server = document.serverSpec { servers[document.address.name] = server }
            if let part = document.partOfApp { parts[document.address] = part }
        }
        let index = TreeIndex(servers: servers, templates: library, parts: parts)
        resources = read.compactMap { $0.resolve(in: index, reporting: &findings) }
    }

    /// The examples of an app and of its schema.
    private static let companions: [Address: any Sendable] = {
        var parts: [Address: any Sendable] = [:]
        for entry in Catalog.kinds where entry.name == "App" || entry.name == "Schema" {
            let source = SourceText(
                file: "desired/apps/prokov/part.yaml", bytes: Array(entry.example.utf8))
            var reader = FieldReader(source: source)
            for document in ParsedText(source.bytes).documents {
                let read = entry.read(document.root, &reader)
                if let read, let part = read.partOfApp { parts[read.address] = part }
            }
        }
        return parts
    }()

    private mutating func read(_ source: SourceText) -> [any ReadDocument] {
        let parsed = ParsedText(source.bytes)
        var documents: [any ReadDocument] = []
        for problem in parsed.problems {
            findings.append(
                Diagnostic(problem.code, problem.summary, at: source.location(of: problem.mark)))
        }
        for document in parsed.documents {
            var reader = FieldReader(source: source)
            let kind = document.root["kind"]?.text ?? ""
            guard let entry = Catalog.kinds.first(where: { $0.name.rawValue == kind }) else {
                reader.report(.kindUnknown, at: document.root.mark, "unknown kind `\(kind)`")
                findings += reader.diagnostics
                continue
            }
            if let read = entry.read(document.root, &reader) { documents.append(read) }
            findings += reader.diagnostics
        }
        return documents
    }

    /// What is wrong, as `stead validate` prints it.
    var report: String { DiagnosticText().render(findings) }
}
