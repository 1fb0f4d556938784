import Diagnostics
import Resources

extension NginxSite {
    static func resolve(
        _ document: Document<NginxSiteSpec>, in tree: TreeIndex,
        reporting findings: inout [Diagnostic]
    ) -> NginxSiteDesired? {
        let spec = document.spec
        let problems =
            destinationProblems(document) + nameProblems(document) + formProblems(document)
        findings += problems
        let server = tree.servers[spec.server]
        findings += server.map { warnings(document, on: $0) } ?? []
        let text =
            spec.template.map { template in
                TemplateUse(
                    template: template, folder: "nginx", builtIn: builtIn(document),
                    unset: ["upstream"], variables: spec.variables
                ).render(in: tree, for: document, reporting: &findings)
            } ?? spec.content
        // A server that is not there is reported where references are checked, and so is any
        // container: this version has no such kind, and knows no address to pass requests to.
        guard let text, let server, problems.isEmpty, spec.container == nil else { return nil }
        return NginxSiteDesired(
            name: document.address.name, domains: spec.domains, content: Content(text),
            isEnabled: spec.isEnabled, nginx: server.nginx, place: spec.file)
    }

    /// A site is made from a template, with what that prints, or is there as it stands.
    private static func formProblems(_ document: Document<NginxSiteSpec>) -> [Diagnostic] {
        let (spec, origin) = (document.spec, document.origin)
        var problems: [Diagnostic] = []
        switch (spec.template, spec.content) {
        case (.some, .some):
            problems.append(
                origin.diagnostic(
                    .fieldConflict, at: "content", "`content` and `template` exclude each other",
                    fix: "remove one of them"))
        case (nil, nil):
            problems.append(
                origin.diagnostic(
                    .fieldMissing, "neither `template` nor `content` is there",
                    why: "one of them says what nginx reads", fix: "add `template: frontend`"))
        case (.some, nil) where spec.domain == nil:
            problems.append(
                origin.diagnostic(
                    .fieldMissing, "`domain` is missing", why: "the template prints it",
                    fix: "add `domain: shop.example.com`"))
        case (nil, .some):
            for field in ["upstream", "container", "port", "tls", "variables"]
            where origin.places[field] != nil {
                problems.append(
                    origin.diagnostic(
                        .fieldConflict, at: field, "`\(field)` needs a `template`",
                        why: "`content` is written as it stands", fix: "remove it"))
            }
        default: break
        }
        if !spec.isEnabled, let file = spec.file, !file.hasPrefix("sites-available/") {
            problems.append(
                origin.diagnostic(
                    .fieldConflict, at: "enabled", "`enabled: false` needs a link to take away",
                    why: "nginx reads all of the folder of `\(file)`",
                    fix: "remove the document, or keep the file in `sites-available`"))
        }
        return problems
    }

    private static func builtIn(_ document: Document<NginxSiteSpec>) -> [String: TemplateValue] {
        let spec = document.spec
        var values: [String: TemplateValue] = [
            "name": .text(document.address.name),
            "server": .text(spec.server),
            "domain": .text(spec.domain ?? ""),
            "aliases": .list(spec.aliases.map(TemplateValue.text)),
            "serverNames": .text(spec.domains.joined(separator: " ")),
            "tls": .flag(false),
            "labels": .map(document.labels.mapValues(TemplateValue.text)),
        ]
        if let files = spec.certificateFiles {
            values["tls"] = .map([
                "certificate": .text(files.certificate), "key": .text(files.key),
            ])
        }
        let container = spec.container.map { "\($0):\(spec.port ?? 0)" }
        if let upstream = spec.upstream ?? container { values["upstream"] = .text(upstream) }
        return values
    }

    private static func destinationProblems(_ document: Document<NginxSiteSpec>) -> [Diagnostic] {
        let spec = document.spec
        let origin = document.origin
        switch (spec.upstream, spec.container, spec.port) {
        case (.some, .some, _):
            return [
                origin.diagnostic(
                    .fieldConflict, at: "container",
                    "`upstream` and `container` exclude each other", fix: "remove one of them")
            ]
        case (nil, .some, nil):
            return [
                origin.diagnostic(
                    .fieldMissing, at: "container", "`port` is missing",
                    why: "requests are passed to a port of the container",
                    fix: "add `port: 3000`")
            ]
        case (_, nil, .some):
            return [
                origin.diagnostic(
                    .fieldConflict, at: "port", "`port` needs a `container`",
                    fix: "write `upstream: HOST:PORT` for any other destination")
            ]
        default: return []
        }
    }

    /// nginx only warns of a name that a site has twice, then ignores one of them.
    private static func nameProblems(_ document: Document<NginxSiteSpec>) -> [Diagnostic] {
        var seen = Set(document.spec.domain.map { [$0] } ?? [])
        return document.spec.aliases.enumerated().compactMap { index, alias in
            guard !seen.insert(alias).inserted else { return nil }
            return document.origin.diagnostic(
                .fieldValue, at: "aliases.\(index)", "`\(alias)` is there twice",
                fix: "remove it")
        }
    }

    private static func warnings(
        _ document: Document<NginxSiteSpec>, on server: ServerSpec
    ) -> [Diagnostic] {
        guard !server.provides.isEmpty, !server.provides.contains("nginx") else { return [] }
        return [
            document.origin.diagnostic(
                .serverLacks, at: "server",
                "`\(document.spec.server)` does not say that it has nginx", severity: .warning,
                why: "its `provides` is \(server.provides.joined(separator: ", "))",
                fix: "add `nginx` to it, or choose another server")
        ]
    }
}
