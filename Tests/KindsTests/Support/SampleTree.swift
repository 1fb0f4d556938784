import Diagnostics
import Kinds
import Resources
import YAML

/// A tree of a few documents, loaded the way the loader does it.
struct SampleTree {
    private(set) var resources: [any Resource] = []
    private(set) var findings: [Diagnostic] = []

    /// Loads documents, beside which a `Server` named `web-1` and an app are there already unless they declare
    /// them, and templates by key: `nginx/frontend`.
    init(_ yaml: String, file: String = "desired/test.yaml", templates: [String: String] = [:]) {
        var sources: [String: SourceText] = [:]
        for (name, text) in templates {
            sources[name] = SourceText(file: "templates/\(name).conf", bytes: Array(text.utf8))
        }
        let read = read(SourceText(file: file, bytes: Array(yaml.utf8)))
        let beside = self.read(SourceText(file: file, bytes: Array(Self.app.utf8)))
        var parts: [Address: any Sendable] = [:]
        for document in beside + read { parts[document.address] = document.partOfApp }
        var index = TreeIndex(parts: parts)
        index.templates = TemplateLibrary(sources, reporting: &findings)
        index.servers["web-1"] = ServerSpec()
        for document in read {
            if let server = document.serverSpec { index.servers[document.address.name] = server }
        }
        resources = read.compactMap { $0.resolve(in: index, reporting: &findings) }
    }

    /// The app that a schema needs, and the schema that an app needs.
    private static let app = """
        kind: App
        name: prokov
        database: {engine: sqlite, path: prokov.db}
        ---
        kind: Schema
        name: prokov
        tables:
          users:
            fields:
              id: {type: int, primary: true, auto: true}
              email: {type: string, required: true, unique: true}
              password_hash: {type: string}

        """

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
