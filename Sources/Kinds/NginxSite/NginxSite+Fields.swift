import Resources

extension NginxSite {
    static let summary = "A site of a server's nginx, made from a template."

    static let example = """
        kind: NginxSite
        name: shop
        server: web-1
        domain: shop.example.com
        aliases: [www.shop.example.com]
        template: frontend           # templates/nginx/frontend.conf, a Mustache template
        upstream: 10.8.0.12:3000     # or: container: shop, port: 3000
        tls: none                    # none | letsencrypt | {certificate: PATH, key: PATH}
        enabled: true
        variables: {bodyLimit: 20m}

        """

    static let fields = FieldTable<NginxSiteSpec>(
        from: { NginxSiteSpec() },
        [
            Field(
                "server", \.server, .reference(to: "Server"), isRequired: true,
                "The server whose nginx serves the site.", example: "web-1"),
            Field(
                "domain", \.domain, .domain,
                "The name that the site answers to; needed with a `template`.",
                example: "shop.example.com"),
            Field(
                "aliases", \.aliases, .list(of: .domain), defaultText: "[]",
                "More names that it answers to.", example: "[www.shop.example.com]"),
            Field(
                "template", \.template, .string,
                "The template in `templates/nginx/`, without its ending; either this or `content` "
                    + "is given.",
                example: "frontend"),
            Field(
                "content", \.content, .text,
                "The configuration itself, byte for byte.",
                example: "\"server { listen 80; }\\n\""),
            Field(
                "file", \.file, siteFile,
                "Where the file lies below `nginx.directory`; `sites-available/NAME.conf` when it "
                    + "is left out. Only a file in `sites-available` has a link that enables it.",
                example: "http.d/shop.conf"),
            Field(
                "upstream", \.upstream, .upstream,
                "Where requests are passed to.", example: "10.8.0.12:3000"),
            Field(
                "container", \.container, .reference(to: "Container"),
                "The container that requests are passed to, instead of `upstream`.",
                example: "shop"),
            Field(
                "port", \.port, .port, "The container's port.", example: "3000"),
            Field(
                "tls", \.tls,
                .word(
                    ["none": .none, "letsencrypt": .letsEncrypt],
                    or: certificateFiles),
                defaultText: "none",
                "Where the certificate comes from: nowhere, certbot, or files of your own.",
                example: "letsencrypt"),
            Field(
                "enabled", \.isEnabled, .boolean, defaultText: "true",
                "Whether nginx serves the site; its file is kept either way.", example: "false"),
            Field(
                "variables", \.variables, .map(of: .scalar), defaultText: "{}",
                "Values that the template prints, as `{{NAME}}` or `{{variables.NAME}}`.",
                example: "{bodyLimit: 20m}"),
        ])

    /// A folder, and a name in it that nginx's patterns find.
    private static let siteFile = FieldType<String>.string.checked(
        "folder and file", pattern: "^[A-Za-z0-9_][A-Za-z0-9_.-]*/[^/.][^/]*$"
    ) { text in
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        let isPlain =
            parts.count == 2 && (parts.first?.first.map { $0 != "." && $0 != "-" } ?? false)
            && (parts.first?.utf8.allSatisfy(isFolderByte) ?? false)
            && (parts.last.map { !$0.isEmpty && !$0.hasPrefix(".") && $0.utf8.count <= 240 }
                ?? false)
        return isPlain ? nil : "must be a folder and a name, such as `http.d/shop.conf`"
    }

    private static func isFolderByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"),
            UInt8(ascii: "_"):
            true
        default: false
        }
    }

    private static let certificateFiles = FieldType<NginxSiteSpec.CertificateFiles>
        .record(certificate, from: { NginxSiteSpec.CertificateFiles() })
        .map { NginxSiteSpec.TLS.files($0) }

    private static let certificate = FieldTable<NginxSiteSpec.CertificateFiles>(
        from: { NginxSiteSpec.CertificateFiles() },
        [
            Field(
                "certificate", \.certificate, .path, isRequired: true,
                "The certificate with its chain, on the server.",
                example: "/etc/ssl/shop.crt"),
            Field(
                "key", \.key, .path, isRequired: true, "The certificate's private key.",
                example: "/etc/ssl/private/shop.key"),
        ])
}
