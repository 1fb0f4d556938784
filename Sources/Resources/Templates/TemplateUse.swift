package import Diagnostics

/// A document's use of a template: which, and with what.
package struct TemplateUse: Sendable {
    /// As the document names it, in its field `template`.
    package var template: String
    /// The folder in `templates/` that the kind's templates lie in.
    package var folder: String
    /// What the kind itself sets.
    package var builtIn: [String: TemplateValue]
    /// What the kind would set as well, were the document's field of that name written.
    package var unset: [String]
    /// What the document sets in its field `variables`.
    package var variables: [String: String]

    package init(
        template: String, folder: String, builtIn: [String: TemplateValue],
        unset: [String] = [], variables: [String: String]
    ) {
        self.template = template
        self.folder = folder
        self.builtIn = builtIn
        self.unset = unset
        self.variables = variables
    }

    /// Renders the template; reports a template that is not there, a name that it prints and
    /// nothing sets, and a variable that hides a built-in one.
    ///
    /// Nil when any of these is wrong, or when the template itself is, which loading has reported
    /// already.
    package func render(
        in tree: TreeIndex, for document: Document<some Sendable>,
        reporting findings: inout [Diagnostic]
    ) -> String? {
        let key = "\(folder)/\(template)"
        guard tree.templates.contains(key) else {
            findings.append(missing(in: tree, at: document.origin))
            return nil
        }
        let context = context
        let problems =
            shadowing(at: document.origin)
            + unknown(in: tree.templates, key, context, document.address, document.origin)
        findings += problems
        return problems.isEmpty ? tree.templates.render(key, context) : nil
    }

    private var context: [String: TemplateValue] {
        let texts = variables.mapValues(TemplateValue.text)
        var context = builtIn
        context.merge(texts) { builtIn, _ in builtIn }
        context["variables"] = .map(texts)
        return context
    }

    private func missing(in tree: TreeIndex, at origin: DocumentOrigin) -> Diagnostic {
        let known = tree.templates.names.filter { $0.hasPrefix(folder + "/") }
            .map { String($0.dropFirst(folder.count + 1)) }
        let list = known.prefix(10).joined(separator: ", ")
        return origin.diagnostic(
            .templateMissing, at: "template", "unknown template `\(template)`",
            why: "there is no `templates/\(folder)/\(template).*`",
            fix: Suggestion.sentence(for: template, among: known)
                ?? (known.isEmpty ? nil : "the templates there are \(list)"))
    }

    private func shadowing(at origin: DocumentOrigin) -> [Diagnostic] {
        let taken = variables.keys.filter {
            builtIn[$0] != nil || unset.contains($0) || $0 == "variables"
        }
        return taken.sorted().map { name in
            origin.diagnostic(
                .fieldConflict, at: "variables.\(name)",
                "`\(name)` is what templates call a field of the document itself",
                fix: "give the variable another name")
        }
    }

    private func unknown(
        in library: TemplateLibrary, _ key: String, _ context: [String: TemplateValue],
        _ address: Address, _ origin: DocumentOrigin
    ) -> [Diagnostic] {
        let unknown = library.unknownNames(in: key, context)
        guard !unknown.isEmpty else { return [] }
        let known = context.keys.sorted() + variables.keys.sorted().map { "variables.\($0)" }
        return unknown.map { name, location, excerpt in
            Diagnostic(
                .templateVariable, "this template prints `\(name)`, which nothing sets",
                at: location, excerpt: excerpt,
                fix: unset.contains(name)
                    ? "add `\(name)` to the document"
                    : Suggestion.sentence(for: name, among: known)
                        ?? "set it in the document's `variables`",
                related: [
                    Diagnostic.Related(
                        origin.location(of: "template"), "rendered here, for \(address)")
                ])
        }
    }
}
