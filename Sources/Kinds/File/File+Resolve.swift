import Diagnostics
import Resources

extension File {
    static func resolve(
        _ document: Document<FileSpec>, in tree: TreeIndex, reporting findings: inout [Diagnostic]
    ) -> Desired? {
        let spec = document.spec
        guard let content = content(of: document, in: tree, reporting: &findings) else {
            return nil
        }
        guard content.utf8.count <= sizeLimit else {
            findings.append(
                document.origin.diagnostic(
                    .fieldValue, at: spec.template == nil ? "content" : "template",
                    "this file has \(content.utf8.count) bytes, \(sizeLimit) are allowed"))
            return nil
        }
        let isPrivate = spec.mode & 0o077 == 0
        return Desired(
            target: FileTarget(
                path: spec.path, content: Content(content), owner: spec.owner, group: spec.group,
                mode: spec.mode, isSensitive: spec.isSensitive || isPrivate),
            after: spec.after)
    }

    private static func content(
        of document: Document<FileSpec>, in tree: TreeIndex,
        reporting findings: inout [Diagnostic]
    ) -> String? {
        let spec = document.spec
        switch (spec.content, spec.template) {
        case (let content?, nil):
            guard spec.variables.isEmpty else {
                findings.append(
                    document.origin.diagnostic(
                        .fieldConflict, at: "variables", "`variables` need a `template`",
                        why: "`content` is written as it stands"))
                return nil
            }
            return content
        case (nil, let template?):
            return TemplateUse(
                template: template, folder: "files", builtIn: builtIn(document),
                variables: spec.variables
            ).render(in: tree, for: document, reporting: &findings)
        case (.some, .some):
            findings.append(
                document.origin.diagnostic(
                    .fieldConflict, at: "template", "`content` and `template` exclude each other",
                    fix: "remove one of them"))
        case (nil, nil):
            findings.append(
                document.origin.diagnostic(
                    .fieldMissing, "neither `content` nor `template` is there",
                    fix: "add `content: \"\"` for an empty file"))
        }
        return nil
    }

    private static func builtIn(_ document: Document<FileSpec>) -> [String: TemplateValue] {
        [
            "name": .text(document.address.name),
            "server": .text(document.spec.server),
            "path": .text(document.spec.path),
            "labels": .map(document.labels.mapValues(TemplateValue.text)),
        ]
    }
}
