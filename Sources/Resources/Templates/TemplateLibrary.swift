package import Diagnostics
private import Mustache

/// The templates of a tree, compiled once.
package struct TemplateLibrary: Sendable {
    private struct Template: Sendable {
        var compiled: MustacheTemplate
        var source: SourceText
        var tags: [TemplateTag]
    }

    private var templates: [String: Template] = [:]
    private var library = MustacheLibrary()
    /// Templates that exist but do not compile; reported once, not again at each use.
    private var broken: Set<String> = []

    package init() {}

    /// Compiles templates by name: `nginx/frontend` for `templates/nginx/frontend.conf`.
    ///
    /// Text is printed as it is, without HTML escapes.
    package init(_ sources: [String: SourceText], reporting findings: inout [Diagnostic]) {
        for (name, source) in sources.sorted(by: { $0.key < $1.key }) {
            do throws(Diagnostic.Thrown) {
                let template = try Self.compile(source)
                templates[name] = template
                library.register(template.compiled, named: name)
            } catch {
                findings.append(error.diagnostic)
                broken.insert(name)
            }
        }
        checkInclusions(&findings)
    }

    package var names: [String] { (Array(templates.keys) + Array(broken)).sorted() }

    /// Whether there is a template of that name, broken ones included.
    package func contains(_ name: String) -> Bool {
        templates[name] != nil || broken.contains(name)
    }

    /// The file of a template, relative to the tree's root.
    package func file(of name: String) -> String? { templates[name]?.source.file }

    /// Renders a template; nil when it is missing or broken.
    package func render(_ name: String, _ context: [String: TemplateValue]) -> String? {
        guard let template = templates[name] else { return nil }
        return template.compiled.render(
            TemplateValue.map(context).mustacheObject, library: library)
    }

    /// Names that a template prints outside of any section and that `context` lacks.
    ///
    /// Mustache would print nothing for them. A section may name what is not there; that is how a
    /// template asks.
    package func unknownNames(
        in name: String, _ context: [String: TemplateValue]
    ) -> [(name: String, location: SourceLocation, excerpt: String?)] {
        guard let template = templates[name] else { return [] }
        var depth = 0
        var unknown: [(name: String, location: SourceLocation, excerpt: String?)] = []
        for tag in template.tags {
            switch tag.sort {
            case _ where tag.sort.opens: depth += 1
            case .end: depth -= 1
            case .variable where depth == 0 && !Self.resolves(tag.name, in: context):
                unknown.append(
                    (
                        tag.name, template.source.location(of: tag),
                        template.source.line(tag.line)
                    ))
            default: break
            }
        }
        return unknown
    }

    private static func resolves(_ path: String, in context: [String: TemplateValue]) -> Bool {
        guard path != "." else { return true }
        guard path.utf8.contains(UInt8(ascii: ".")) else { return context[path] != nil }
        var value = TemplateValue.map(context)
        for part in path.split(separator: ".") {
            guard case .map(let values) = value, let next = values[String(part)] else {
                return false
            }
            value = next
        }
        return true
    }

    private static func compile(_ source: SourceText) throws(Diagnostic.Thrown) -> Template {
        guard let text = String(validating: source.bytes, as: UTF8.self) else {
            throw Diagnostic.Thrown(
                Diagnostic(
                    .templateSyntax, "this template is not UTF-8",
                    at: SourceLocation(file: source.file, line: 1, column: 1)))
        }
        let tags = TemplateTag.scan(text)
        if let tag = tooDeep(tags) {
            throw Diagnostic.Thrown(
                Diagnostic(
                    .templateSyntax, "this is nested more than \(depthLimit) levels deep",
                    at: source.location(of: tag), excerpt: source.line(tag.line)))
        }
        do {
            let compiled = try MustacheTemplate(string: "{{% CONTENT_TYPE:TEXT}}" + text)
            return Template(compiled: compiled, source: source, tags: tags)
        } catch {
            throw Diagnostic.Thrown(Self.diagnostic(error, in: source, text))
        }
    }

    /// Mustache parses and prints sections by recursion.
    private static let depthLimit = 64

    /// The first tag that opens one level too many.
    private static func tooDeep(_ tags: [TemplateTag]) -> TemplateTag? {
        var depth = 0
        for tag in tags {
            if tag.sort.opens { depth += 1 }
            if tag.sort == .end { depth = max(0, depth - 1) }
            if depth > depthLimit { return tag }
        }
        return nil
    }

    private static func diagnostic(
        _ error: any Error, in source: SourceText, _ text: String
    ) -> Diagnostic {
        var line = 1
        var reason = "\(error)"
        if let error = error as? MustacheTemplate.ParserError {
            line = error.context.lineNumber
            reason = "\(error.error)"
        }
        let unclosed = TemplateTag.scan(text).last { $0.line <= line }
        let location = SourceLocation(
            file: source.file, line: unclosed?.line ?? line, column: unclosed?.column ?? 1)
        return Diagnostic(
            .templateSyntax, "this template does not parse", at: location,
            excerpt: source.line(location.line), why: words(for: reason),
            fix: "close every `{{#section}}` with `{{/section}}`, and every tag with `}}`")
    }

    private static func words(for reason: String) -> String {
        switch reason {
        case "sectionCloseNameIncorrect": "a section is closed under another name"
        case "unfinishedName": "a tag is not closed"
        case "expectedSectionEnd": "a section is not closed"
        case "invalidSetDelimiter": "a delimiter tag is badly formed"
        default: reason
        }
    }

    /// A partial must exist, and what a template includes must come to an end.
    private mutating func checkInclusions(_ findings: inout [Diagnostic]) {
        let inclusions = TemplateInclusions(
            templates.mapValues { template in
                (
                    template.source.bytes.count,
                    template.tags.filter(\.isInclusion).map(\.name)
                )
            })
        for (name, template) in templates.sorted(by: { $0.key < $1.key }) {
            for tag in template.tags where tag.isInclusion {
                findings += problem(with: tag, of: name, template.source, inclusions)
            }
        }
        for name in inclusions.faults.keys {
            templates[name] = nil
            broken.insert(name)
        }
    }

    private func problem(
        with tag: TemplateTag, of name: String, _ source: SourceText,
        _ inclusions: TemplateInclusions
    ) -> [Diagnostic] {
        var diagnostic = Diagnostic(
            .templateSyntax, "", at: source.location(of: tag), excerpt: source.line(tag.line))
        guard contains(tag.name) else {
            diagnostic.code = .templateMissing
            diagnostic.summary = "unknown template `\(tag.name)`"
            diagnostic.fix = Suggestion.sentence(for: tag.name, among: names)
            return [diagnostic]
        }
        switch inclusions.faults[name] {
        case .circle where tag.name == name || inclusions.leads(from: tag.name, to: name):
            diagnostic.summary = "this template includes itself"
            diagnostic.why = "`\(tag.name)` leads back to `\(name)`"
        case .depth:
            let limit = TemplateInclusions.depthLimit
            diagnostic.summary = "templates include each other more than \(limit) levels deep here"
        case .size:
            let limit = TemplateInclusions.sizeLimit >> 20
            diagnostic.summary = "with what it includes this template has more than \(limit) MiB"
        default: return []
        }
        return [diagnostic]
    }
}

extension SourceText {
    fileprivate func location(of tag: TemplateTag) -> SourceLocation {
        SourceLocation(
            file: file, line: tag.line, column: tag.column, length: tag.name.count + 4)
    }
}
