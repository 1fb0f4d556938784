package import Schemas

/// An app's API as OpenAPI 3.1 has it, JSON Schema 2020-12.
///
/// Source: https://spec.openapis.org/oas/v3.1.1.html
package enum OpenAPI {
    /// The document, true for a role: what it may not do is not in it.
    package static func document(of release: Release, role: CallerRole) -> [UInt8] {
        OpenAPIWriter(app: ServedApp(release, role: role)).document()
    }
}

/// Writes one document.
struct OpenAPIWriter {
    let app: ServedApp

    func document() -> [UInt8] {
        var json = JSONWriter()
        json.object { json in
            json.member("openapi", "3.1.0")
            json.member("jsonSchemaDialect", "https://json-schema.org/draft/2020-12/schema")
            json.object("info") { info in
                info.member("title", app.app.name)
                info.member("version", "1")
                info.member("description", Self.description)
            }
            json.array("servers") { $0.object { $0.member("url", "/") } }
            json.array("tags") { tags in
                if app.app.auth != nil { tags.object { $0.member("name", "sign-in") } }
                for table in app.tables { tags.object { $0.member("name", table.table.name) } }
            }
            json.object("paths") { paths in
                SignInPaths(app).write(to: &paths)
                DescriptionPaths(app).write(to: &paths)
                for table in app.tables { TablePaths(app, table).write(to: &paths) }
                QueryPaths(app).write(to: &paths)
            }
            json.object("components") { writeComponents(to: &$0) }
        }
        return json.bytes
    }

    private static let description = """
        Success is {"success": true, "data", "meta"}; a refusal is {"success": false, "code", \
        "message", "trace_id", "errors"}. A row's ETag goes back as If-Match, so that nobody \
        overwrites what they have not seen.
        """

    private func writeComponents(to json: inout JSONWriter) {
        json.object("schemas") { schemas in
            CommonSchemas.write(to: &schemas)
            if app.app.auth != nil { SignInPaths(app).writeSchemas(to: &schemas) }
            for table in app.tables {
                TableSchemas(app, table).write(to: &schemas)
                WriteSchemas(app, table).write(to: &schemas)
                FilterParameters(table).writeGroup(to: &schemas)
            }
        }
        json.object("parameters") { CommonParameters(app.app.limits).write(to: &$0) }
        json.object("responses") { Refusal.writeAll(to: &$0) }
        guard app.app.auth != nil else { return }
        json.object("securitySchemes") { schemes in
            schemes.object("token") { scheme in
                scheme.member("type", "http")
                scheme.member("scheme", "bearer")
                scheme.member("bearerFormat", "JWT")
            }
        }
    }
}
