import Diagnostics
package import Resources
package import YAML

/// Makes desired state of a tree's files, and reports everything that is wrong with them at once.
package struct Loader: Sendable {
    private let kinds: [String: KindEntry]
    private let limits: Limits

    /// Makes a loader for the kinds of `catalog`.
    package init(catalog: [KindEntry], limits: Limits = .standard) {
        kinds = Dictionary(catalog.map { ($0.name.rawValue, $0) }) { first, _ in first }
        self.limits = limits
    }

    /// Reads every document, holds them against each other, and resolves them.
    package func load(_ tree: Tree) -> LoadedTree {
        var reading = DocumentReading(
            kinds: kinds, settingsFile: tree.settingsFile, limits: limits)
        for file in tree.documents { reading.read(file) }
        var findings = tree.findings + reading.findings
        if reading.isEmpty && !findings.hasErrors && !reading.settings.policy.allowsEmpty {
            findings.append(Self.empty(tree))
        }

        let library = TemplateLibrary(tree.templates, reporting: &findings)
        var documents = DocumentSet(reading.takeDocuments(), reporting: &findings)
        documents.checkReferences(allowing: reading.unread, reporting: &findings)
        documents.checkCycles(reporting: &findings)
        findings += reading.settingsWarnings(servers: documents.servers.keys.sorted())
        let files = documents.files
        let policies = PolicyCheck(
            documents.items.map(\.document), kinds: kinds, limits: limits, reporting: &findings
        ).run(reporting: &findings)
        let resources = documents.resolve(
            with: library, policy: reading.settings.policy, broken: reading.broken,
            unread: reading.unread, reporting: &findings)

        let diagnostics = findings.inOrderOfPlace
        guard !diagnostics.hasErrors else {
            return LoadedTree(desired: nil, diagnostics: diagnostics, files: files)
        }
        let desired = DesiredState(
            revision: tree.revision, settings: reading.settings,
            resources: resources.sorted { $0.address < $1.address },
            servers: documents.servers, policies: policies)
        return LoadedTree(desired: desired, diagnostics: diagnostics, files: files)
    }

    /// The settings of a tree, and nothing else of it; nil when they have errors.
    package func settings(of tree: Tree) -> Settings? {
        guard let file = tree.documents.first(where: { $0.file == tree.settingsFile }) else {
            return Settings()
        }
        var reading = DocumentReading(
            kinds: kinds, settingsFile: tree.settingsFile, limits: limits)
        reading.read(file)
        return reading.findings.hasErrors ? nil : reading.settings
    }

    /// An empty tree is far more often a mistake than a wish to delete everything.
    private static func empty(_ tree: Tree) -> Diagnostic {
        let folder = tree.settingsFile.dropLast("stead.yaml".count)
        return Diagnostic(
            .treeEmpty, "this tree declares no resource",
            why: tree.documents.isEmpty
                ? "there is no *.yaml in \(folder.isEmpty ? "it" : "`\(folder)`")"
                : "what it holds are settings, policies and queries at most",
            fix: "write a document, such as a server; `stead explain Server` shows one. Where the "
                + "last one is to go: `policy: {allowEmpty: true}` in `\(tree.settingsFile)`")
    }
}
