package import Diagnostics
package import Resources

/// The files of desired state at one revision, read and not yet understood.
package struct Tree: Sendable {
    package var revision: Revision
    /// The path of `stead.yaml`, whether it exists or not: `desired/stead.yaml`.
    package var settingsFile: String
    /// Every `*.yaml` and `*.yml`, in order of path.
    package var documents: [SourceText]
    /// By name: `nginx/frontend` for `templates/nginx/frontend.conf`.
    package var templates: [String: SourceText]
    /// What was found on the way: files too large, links that lead outside.
    package var findings: [Diagnostic]

    package init(
        revision: Revision, settingsFile: String = "desired/stead.yaml",
        documents: [SourceText], templates: [String: SourceText] = [:],
        findings: [Diagnostic] = []
    ) {
        self.revision = revision
        self.settingsFile = settingsFile
        self.documents = documents
        self.templates = templates
        self.findings = findings
    }
}
