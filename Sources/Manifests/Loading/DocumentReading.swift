import Diagnostics
import Resources
import YAML

/// Reads files one after another into documents.
///
/// A file's nodes are dropped once it is read.
struct DocumentReading {
    private var documents: [any ReadDocument] = []
    private(set) var settings = Settings()
    private(set) var findings: [Diagnostic] = []
    /// Documents that exist but could not be read: a reference to one of them is no mistake.
    private(set) var unread = UnreadDocuments()
    /// Those of them that could be read in part.
    private(set) var broken: [any ReadDocument] = []
    /// Whether no document was found that declares a resource, or may have meant to.
    private(set) var isEmpty = true

    /// What knows the places of the settings; nil when there are none.
    private var settingsReader: (reader: FieldReader, mark: Mark)?

    private let kinds: [String: KindEntry]
    private let settingsFile: String
    private let limits: Limits

    /// The most problems that are listed of one file.
    private static let problemLimit = 1000
    /// Kinds that documents may one day have.
    private static let futureKinds: Set = ["Container"]

    init(kinds: [String: KindEntry], settingsFile: String, limits: Limits) {
        self.kinds = kinds
        self.settingsFile = settingsFile
        self.limits = limits
    }

    /// The documents, which are then no longer kept here.
    mutating func takeDocuments() -> [any ReadDocument] {
        defer { documents = [] }
        return documents
    }

    /// What can be said of the settings once all servers are known.
    func settingsWarnings(servers: [String]) -> [Diagnostic] {
        guard let settingsReader else { return [] }
        var reader = settingsReader.reader
        let known = reader.diagnostics.count
        SettingsTable.warnings(of: settings, servers: servers, &reader, at: settingsReader.mark)
        return Array(reader.diagnostics[known...])
    }

    mutating func read(_ file: SourceText) {
        let text = ParsedText(file.bytes, limits: limits)
        for problem in text.problems { findings.append(file.diagnostic(of: problem)) }
        if !text.isComplete {
            unread.insertNames(in: file)
            isEmpty = false
        }
        let isSettings = file.file == settingsFile
        let before = findings.count
        let documents = text.documents.filter { !Self.isEmpty($0) }
        if isSettings { readSettings(documents, file, isComplete: text.isComplete) }
        for document in isSettings ? documents.dropFirst() : documents[...] {
            guard findings.count - before < Self.problemLimit else { break }
            read(document, file)
        }
    }

    /// A document of nothing, such as what stands before a first `---`.
    private static func isEmpty(_ document: ParsedText.Document) -> Bool {
        guard document.isSound, case .scalar(let scalar) = document.root.value else { return false }
        return scalar.resolved == .null
    }

    private mutating func read(_ document: ParsedText.Document, _ file: SourceText) {
        let node = document.root
        var reader = FieldReader(source: file)
        defer { findings += reader.diagnostics }
        guard case .mapping = node.value else {
            isEmpty = false
            reader.report(
                .documentShape, at: node.mark,
                "a document must be a mapping, found \(node.shape)",
                why: "one document declares one resource", fix: "begin it with `kind: `")
            return
        }
        guard let kind = kind(of: node, file, &reader) else {
            unread.insert(name: node["name"]?.text ?? file.appFolder)
            isEmpty = false
            return
        }
        if kind.declaresResources { isEmpty = false }
        let read = kind.read(node, &reader)
        if let read, document.isSound {
            documents.append(read)
        } else {
            unread.insert(kind.name, name: node["name"]?.text ?? file.appFolder)
            readInPart(document, of: kind, file)
        }
    }

    /// What is wrong with it has been reported; there may be more between its parts.
    private mutating func readInPart(
        _ document: ParsedText.Document, of kind: KindEntry, _ file: SourceText
    ) {
        guard document.isSound else { return }
        var reader = FieldReader(source: file)
        reader.isLenient = true
        if let part = kind.read(document.root, &reader) { broken.append(part) }
    }

    private func kind(of node: Node, _ file: SourceText, _ reader: inout FieldReader)
        -> KindEntry?
    {
        guard let field = node["kind"] else {
            reportMissingKind(node, file, &reader)
            return nil
        }
        guard let name = field.text, !name.isEmpty else {
            reader.report(
                .fieldType, at: field.mark, "`kind`: expected a name, found \(field.shape)")
            return nil
        }
        if let kind = kinds[name] { return kind }
        let known = kinds.keys.sorted()
        let list = "this version has \(known.joined(separator: ", "))"
        if Self.futureKinds.contains(name) {
            reader.report(
                .kindUnknown, at: field.mark, "this version has no kind `\(name)`", why: list)
        } else {
            reader.report(
                .kindUnknown, at: field.mark, "unknown kind `\(name)`", why: list,
                fix: Suggestion.sentence(for: name, among: known))
        }
        return nil
    }

    private func reportMissingKind(
        _ node: Node, _ file: SourceText, _ reader: inout FieldReader
    ) {
        let name = file.file.split(separator: "/").last ?? ""
        if node["version"] != nil || name == "stead.yaml" || name == "stead.yml" {
            reader.report(
                .settingsMisplaced, at: node.mark, "settings can't stand here",
                why: "they are read from `\(settingsFile)` alone", fix: "move them there")
            return
        }
        reader.report(
            .kindUnknown, at: node.mark, "`kind` is missing",
            why: "it says what the document declares",
            fix: "add `kind: ` and one of \(kinds.keys.sorted().joined(separator: ", "))")
    }

    private mutating func readSettings(
        _ documents: [ParsedText.Document], _ file: SourceText, isComplete: Bool
    ) {
        var reader = FieldReader(source: file)
        if let first = documents.first {
            settings = SettingsTable.read(first.root, &reader)
            SettingsTable.checkWindows(
                of: settings, kinds: kinds.keys.sorted(), &reader, at: first.root.mark)
            settingsReader = (reader, first.root.mark)
        } else if isComplete {
            reader.report(
                .fieldMissing, at: Mark(line: 1, column: 1), "`version` is missing",
                fix: "add `version: 1`")
        }
        findings += reader.diagnostics
    }
}

extension SourceText {
    /// A problem of the text as a message.
    fileprivate func diagnostic(of problem: Problem) -> Diagnostic {
        let location = location(of: problem.mark)
        return Diagnostic(
            problem.code, problem.summary, at: location, excerpt: line(location.line),
            why: problem.why, fix: problem.fix,
            related: problem.related.map { [.init(self.location(of: $0.mark), $0.message)] } ?? [])
    }
}
