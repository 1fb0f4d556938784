package import Schemas

/// A typed client of an app's API in one file of TypeScript, on `fetch` alone.
package enum TypeScriptClient {
    /// The source, the same for the same release; only types are TypeScript's own, so that tools
    /// that merely strip them can run it.
    package static func source(of release: Release) -> String {
        let app = ServedApp(release, role: nil, reserved: reserved)
        var lines = [
            "// A client of the API of \(line(app.app.name)), made by `stead client --lang ts`.",
            "// Do not edit: make it anew when the schema changes.",
            "//",
            "// Integers are 64 bits wide on the server: a `number` is exact up to 2^53 only.",
            "", TypeScriptRuntime.errors, TypeScriptRuntime.lists, TypeScriptRuntime.requests,
            TypeScriptRuntime.tables,
        ]
        for table in app.tables { lines += TypeScriptTable(app, table).lines }
        lines += TypeScriptSignIn(app).lines
        lines += client(app)
        return lines.joined(separator: "\n") + "\n"
    }

    /// The class that a program begins with.
    private static func client(_ app: ServedApp) -> [String] {
        var members = Identifiers(reserved: ["auth", "constructor", "connection", "then"])
        var fields: [String] = []
        var assignments: [String] = []
        for table in app.tables {
            let name = members.name(table.table.name)
            let type = TypeScriptTable(app, table).clientType
            fields.append("  readonly \(name): \(type.served);")
            let path = literal("/" + PercentEncoding.encode(table.table.name))
            assignments.append(
                "    this.\(name) = new \(type.whole)(this.connection, \(path));")
        }
        if app.app.auth != nil {
            fields.insert("  readonly auth: Auth;", at: 0)
            assignments.insert("    this.auth = new Auth(this.connection);", at: 0)
        }
        return [
            "/** The API of one app. */", "export class Client {",
            "  /** For requests that have no method of their own. */",
            "  readonly connection: Connection;",
        ] + fields + [
            "",
            "  /** `url` is the server and base path, such as "
                + "`https://api.example.com\(line(app.basePath))`. */",
            "  constructor(url: string, options: ConnectionOptions = {}) {",
            "    this.connection = new Connection(url, options);",
        ] + assignments + ["  }", "}"]
    }

    /// Names that the source uses for something else.
    private static let reserved: Set<String> = [
        "APIError", "Array", "Auth", "Boolean", "ChangeOptions", "Client", "Connection",
        "ConnectionOptions", "Comparison", "CreateOptions", "Date", "Error", "Key", "ListOptions",
        "Number", "Object", "Page", "Problem", "Promise", "Record", "Request", "Response",
        "Session", "ShapeOptions", "String", "Table", "URL", "URLSearchParams", "Versioned",
        "Where", "Headers", "JSON", "Partial", "NonNullable", "Pick", "Account", "Map", "Set",
        "Symbol", "AsyncGenerator", "Math", "Function", "RequestInit", "HeadersInit",
    ]

    /// A name as a member's: quoted where it must be.
    static func member(_ name: String) -> String {
        let isPlain =
            name.utf8.allSatisfy {
                (0x61...0x7A).contains($0) || (0x41...0x5A).contains($0)
                    || (0x30...0x39).contains($0) || $0 == 0x5F
            } && !name.isEmpty && !(0x30...0x39).contains(name.utf8.first ?? 0x30)
        return isPlain ? name : literal(name)
    }

    static func literal(_ text: String) -> String {
        var writer = JSONWriter(capacity: text.utf8.count + 2)
        writer.value(text)
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    /// Text that can stand in a comment.
    static func line(_ text: String) -> String {
        String(text.map { $0.isNewline ? " " : $0 }).split(separator: "*/").joined(separator: "* /")
    }
}
