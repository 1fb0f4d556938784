import Schemas

/// The paths by which an app says what it offers.
struct DescriptionPaths {
    let app: ServedApp

    init(_ app: ServedApp) {
        self.app = app
    }

    func write(to json: inout JSONWriter) {
        let object = #"{"type":"object"}"#
        json.object("\(app.basePath)/_schema") { path in
            let content = TablePaths.envelope(object, meta: object)
            write("schema", "What tables there are.", content, to: &path)
        }
        json.object("\(app.basePath)/_schema/{table}") { path in
            path.array("parameters") { list in
                list.object { parameter in
                    parameter.member("name", "table")
                    parameter.member("in", "path")
                    parameter.member("required", true)
                    parameter.object("schema") { schema in
                        schema.member("type", "string")
                        schema.array("enum", app.tables.map(\.table.name))
                    }
                }
            }
            let content = TablePaths.envelope(object, meta: object)
            write("schema_table", "What a table holds.", content, to: &path)
        }
        json.object("\(app.basePath)/openapi.json") { path in
            let content = #"{"application/json":{"schema":\#(object)}}"#
            write("openapi", "This document.", content, to: &path)
        }
        json.object("\(app.basePath)/docs") { path in
            let content = #"{"text/html":{"schema":{"type":"string"}}}"#
            write("docs", "The same as a page.", content, to: &path)
        }
    }

    private func write(
        _ name: String, _ summary: String, _ content: String, to json: inout JSONWriter
    ) {
        json.object("get") { operation in
            operation.member("operationId", name)
            operation.member("summary", summary)
            if app.app.auth != nil { operation.raw("security", #"[{},{"token":[]}]"#) }
            operation.array("parameters") { list in
                list.raw(##"{"$ref":"#/components/parameters/If-None-Match"}"##)
            }
            operation.object("responses") { responses in
                responses.object("200") { response in
                    response.member("description", "As far as the caller may see it.")
                    response.object("headers") { $0.raw("ETag", TablePaths.tag) }
                    response.raw("content", content)
                }
                TablePaths.writeUnchanged(to: &responses)
                Refusal.write(Refusal.always, to: &responses)
            }
        }
    }
}
