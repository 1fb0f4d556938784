import Schemas

/// The paths of an app's own queries.
struct QueryPaths {
    let app: ServedApp

    init(_ app: ServedApp) {
        self.app = app
    }

    /// Those that stand in for no other path, and behind no table's.
    func write(to json: inout JSONWriter) {
        for query in app.queries where query.override == nil && !app.isTable(query.name) {
            json.object("\(app.basePath)/\(PercentEncoding.encode(query.name))") {
                write(query, to: &$0)
            }
        }
    }

    /// The operation of a path.
    func write(_ query: NamedQuery, to json: inout JSONWriter) {
        json.object("get") { operation in
            operation.member("operationId", "query_\(query.name)")
            operation.member("summary", "What the query \(query.name) finds.")
            if app.app.auth != nil {
                operation.raw(
                    "security", query.isPublic ? #"[{},{"token":[]}]"# : #"[{"token":[]}]"#)
            }
            operation.array("parameters") { list in
                for parameter in query.parameters { Self.write(parameter, to: &list) }
            }
            operation.object("responses") { responses in
                responses.object("200") { response in
                    response.member("description", query.isSingle ? "The row." : "The rows.")
                    response.raw("content", Self.content(query))
                }
                Refusal.write(Refusal.always, to: &responses)
            }
        }
    }

    private static func write(_ parameter: NamedQuery.Parameter, to json: inout JSONWriter) {
        let column = Column(parameter.name, parameter.type)
        let isRequired = parameter.defaultText == nil
        ListParameters.query(parameter.name, nil, isRequired: isRequired, to: &json) {
            ValueSchema(column: column, use: .parameter).write(to: &$0)
        }
    }

    private static func content(_ query: NamedQuery) -> String {
        var row = JSONWriter()
        row.object { writeRow(query, to: &$0) }
        let text = String(decoding: row.bytes, as: UTF8.self)
        guard !query.isSingle else {
            return TablePaths.envelope(text, meta: #"{"type":"object"}"#)
        }
        let meta =
            #"{"type":"object","required":["count","truncated"],"properties":{"count":"#
            + #"{"type":"integer","minimum":0},"truncated":{"type":"boolean"}}}"#
        return TablePaths.envelope(#"{"type":"array","items":\#(text)}"#, meta: meta)
    }

    /// What a row of it holds.
    static func writeRow(_ query: NamedQuery, to json: inout JSONWriter) {
        json.member("type", "object")
        json.member("additionalProperties", false)
        json.array("required", query.columns.map(\.name))
        json.object("properties") { properties in
            for found in query.columns {
                properties.object(found.name) {
                    ValueSchema(column: Column(found.name, found.type), use: .output).write(to: &$0)
                }
            }
        }
    }
}
