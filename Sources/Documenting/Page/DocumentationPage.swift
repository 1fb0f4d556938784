package import Schemas

/// An app's API as a page for people: complete in itself, with nothing fetched from elsewhere.
package enum DocumentationPage {
    /// HTML in UTF-8, true for a role; its examples begin with `origin`, to be put in place.
    package static func html(of release: Release, role: CallerRole) -> [UInt8] {
        let app = ServedApp(release, role: role)
        var html = HTMLWriter()
        html.raw("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
        html.raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
        html.element("title", "API of \(app.app.name)")
        html.raw("<style>\n")
        html.raw(PageStyle.css)
        html.raw("\n</style>\n</head>\n<body>\n")
        html.raw("<a class=\"skip\" href=\"#content\">To the content</a>\n")
        html.element("header") { writeHead(app, role, to: &$0) }
        html.element("nav", ["aria-label": "Contents"]) { writeContents(app, to: &$0) }
        html.element("main", ["id": "content"]) { main in
            PageBasics(app).write(to: &main)
            for table in app.tables { PageTable(app, table).write(to: &main) }
        }
        html.raw("</body>\n</html>\n")
        return html.bytes
    }

    /// Stands for scheme and host that the page was asked at, `https://prokov.example.com`.
    ///
    /// A page is made once, and asked at more than one place.
    package static let origin = "\u{E000}"

    /// A page with its examples' origin in place.
    ///
    /// - Parameters:
    ///   - origin: scheme, host and port, of characters that mean nothing to a shell.
    ///   - page: what `html` made.
    /// - Returns: the page.
    package static func placed(at origin: String, _ page: [UInt8]) -> [UInt8] {
        var text = HTMLWriter(capacity: origin.utf8.count)
        text.text(origin)
        let mark = Array(Self.origin.utf8)
        var placed: [UInt8] = []
        placed.reserveCapacity(page.count + 4096)
        var rest = page[...]
        while let start = rest.firstIndex(of: mark[0]) {
            placed += rest[..<start]
            let isMark = rest[start...].starts(with: mark)
            placed += isMark ? text.bytes : [mark[0]]
            rest = rest[(start + (isMark ? mark.count : 1))...]
        }
        return placed + rest
    }

    private static func writeHead(
        _ app: ServedApp, _ role: CallerRole, to html: inout HTMLWriter
    ) {
        html.element("h1", "API of \(app.app.name)")
        switch role {
        case .anonymous where app.app.auth != nil:
            html.sentence("What needs no token. Sign in, and this page shows what you may do.")
        case .anonymous: html.sentence("What the API offers.")
        case .named(let name): html.sentence("As the role `\(name)` sees it.")
        }
        html.element("p") { line in
            line.raw("For programs: ")
            line.element("a", ["href": app.basePath + "/openapi.json"], "OpenAPI 3.1")
            line.raw(", ")
            line.element("a", ["href": app.basePath + "/_schema"], "data dictionary")
        }
    }

    private static func writeContents(_ app: ServedApp, to html: inout HTMLWriter) {
        html.element("ul") { list in
            if app.app.auth != nil { item("#sign-in", "Sign-in", to: &list) }
            item("#basics", "Requests and answers", to: &list)
            for table in app.tables {
                item("#table-\(table.identifier)", table.table.name, to: &list)
            }
        }
    }

    private static func item(_ link: String, _ text: String, to html: inout HTMLWriter) {
        html.element("li") { $0.element("a", ["href": link], text) }
    }
}

/// An example of a request.
struct CurlExample {
    let app: ServedApp

    init(_ app: ServedApp) {
        self.app = app
    }

    /// - Parameters:
    ///   - method: HTTP's.
    ///   - path: from the server's root, with its query.
    ///   - body: JSON; nil for none.
    ///   - headers: besides token and content type.
    ///   - needsToken: whether a token is sent.
    ///   - needsVersion: whether the row's version is sent.
    /// - Returns: a command for a POSIX shell.
    func line(
        _ method: String, _ path: String, body: String? = nil, headers: [String] = [],
        needsToken: Bool, needsVersion: Bool = false
    ) -> String {
        var words = ["curl"]
        if method != "GET" { words.append("-X \(method)") }
        words.append(Self.quoted(DocumentationPage.origin + path))
        var lines = [words.joined(separator: " ")]
        if needsToken { lines.append("-H \"Authorization: Bearer $TOKEN\"") }
        if needsVersion { lines.append("-H \"If-Match: $ETAG\"") }
        lines += headers.map { "-H \(Self.quoted($0))" }
        if let body {
            lines.append("-H 'Content-Type: application/json'")
            lines.append("-d \(Self.quoted(body))")
        }
        return lines.joined(separator: " \\\n  ")
    }

    private static func quoted(_ text: String) -> String {
        "'"
            + text.split(separator: "'", omittingEmptySubsequences: false)
            .joined(separator: #"'\''"#) + "'"
    }
}
