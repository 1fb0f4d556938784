import Diagnostics
import Resources

/// Reads desired state from a storage: finds where the documents are, then documents and
/// templates.
struct TreeReader<Storage: TreeStorage> {
    private var walker: TreeWalker<Storage>
    /// As messages call the tree: a path, or an address and a ref.
    private let title: String

    init(_ storage: Storage, title: String, limits: TreeLimits) {
        walker = TreeWalker(storage, limits: limits)
        self.title = title
    }

    /// - Throws: when there is no desired state, or too much of it.
    mutating func read(revision: (_ files: [SourceText]) -> Revision) throws(TreeError) -> Tree {
        let root = try documentsFolder()
        let documents = try walker.files(
            below: root.shown, real: root.real,
            skipping: root.shown.isEmpty ? "templates" : nil
        ) { $0.hasSuffix(".yaml") || $0.hasSuffix(".yml") }
        let files = try templateFiles()
        var findings = walker.findings
        let templates = Self.byName(files, reporting: &findings)
        return Tree(
            revision: revision(documents + files),
            settingsFile: TreePath.join(root.shown, "stead.yaml"), documents: documents,
            templates: templates, findings: findings)
    }

    /// `desired`, or the root when it has a `stead.yaml`.
    private mutating func documentsFolder() throws(TreeError) -> (shown: String, real: String) {
        if let found = try find("desired"), found.entry.sort == .folder {
            return ("desired", found.place)
        }
        if let found = try find("stead.yaml"), found.entry.sort == .file { return ("", "") }
        throw .invalid(
            .treeUnreadable, "\(title) holds no desired state",
            why: "it has neither a folder `desired` nor a file `stead.yaml`",
            fix: "make a folder `desired`, or name another place with --repo")
    }

    private mutating func templateFiles() throws(TreeError) -> [SourceText] {
        guard let found = try find("templates"), found.entry.sort == .folder else { return [] }
        return try walker.files(below: "templates", real: found.place) { _ in true }
    }

    private mutating func find(
        _ path: String
    ) throws(TreeError) -> (entry: TreeEntry<Storage.Handle>, place: String)? {
        do throws(Failure) {
            guard try walker.storage.entry(at: path) != nil else { return nil }
        } catch {
            throw .failed(error)
        }
        return walker.follow(path, path)
    }

    /// By path below `templates`, without the extension.
    private static func byName(
        _ files: [SourceText], reporting findings: inout [Diagnostic]
    ) -> [String: SourceText] {
        var templates: [String: SourceText] = [:]
        for file in files {
            let name = name(of: file)
            guard let other = templates[name] else {
                templates[name] = file
                continue
            }
            findings.append(
                Diagnostic(
                    .templateDuplicate, "two templates are called `\(name)`",
                    at: SourceLocation(file: file.file, line: 1, column: 1),
                    why: "a template's name has no extension", fix: "rename one of them",
                    related: [
                        .init(
                            SourceLocation(file: other.file, line: 1, column: 1),
                            "the other one is here")
                    ]))
        }
        return templates
    }

    private static func name(of file: SourceText) -> String {
        let path = file.file.dropFirst("templates/".count)
        guard let dot = path.lastIndex(of: "."), !path[dot...].contains("/") else {
            return String(path)
        }
        return String(path[..<dot])
    }
}
